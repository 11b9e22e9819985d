// SPDX-License-Identifier: Apache-2.0
public import MerkleLog
internal import Primitives

/// The leaf that makes a consent issued: 118 public bytes (docs/protocol.md section 2).
///
/// | bytes | content |
/// |---|---|
/// | 0 | version 1 |
/// | 1 | kind 1, consent |
/// | 2..5 | issuance day, LE32; 0 = not stated |
/// | 6..21 | the first 16 bytes of the schema digest |
/// | 22..53 | `K` |
/// | 54..85 | `C` |
/// | 86..117 | withdrawal tag |
///
/// Invariant: version, kind and issuance day are valid. Whether `K` and `C` decode is checked where they are used, in bulk.
public struct Entry: Hashable, Sendable {
    /// The first byte.
    static let version = FormatVersion(1, of: "a consent entry")
    /// The length in bytes.
    public static let byteCount = 118
    /// Where the schema id is.
    public static let schemaIDRange = 6..<22
    /// Where `K` is.
    public static let consentRange = 22..<54
    /// Where `C` is.
    public static let calendarRange = 54..<86
    /// Where the withdrawal tag is.
    public static let withdrawalTagRange = 86..<118

    /// The encoding.
    public let bytes: [UInt8]

    /// An entry of these parts; refuses wrong lengths. The issuance day 1970-01-01 cannot be stated.
    ///
    /// - Parameters:
    ///   - schemaID: 16 bytes.
    ///   - consent: `K`, 32 bytes.
    ///   - calendar: `C`, 32 bytes.
    ///   - withdrawalTag: 32 bytes.
    public init(
        issuanceDay: Day?, schemaID: [UInt8], consent: [UInt8], calendar: [UInt8], withdrawalTag: [UInt8]
    ) throws(ModelError) {
        guard schemaID.count == 16, consent.count == 32, calendar.count == 32, withdrawalTag.count == 32 else {
            throw ModelError("entry-length", "a field of an entry has the wrong length")
        }
        var bytes: [UInt8] = [Self.version.byte, 1]
        bytes.appendLE32(UInt32(issuanceDay?.number ?? 0))
        self.bytes = bytes + schemaID + consent + calendar + withdrawalTag
    }

    /// Parses the encoding.
    public init(parsing bytes: [UInt8]) throws(ModelError) {
        guard bytes.count == Self.byteCount else {
            throw ModelError("entry-length", "an entry has \(Self.byteCount) bytes, not \(bytes.count)")
        }
        guard bytes[0] == Self.version.byte else { throw Self.version.refusal(Int(bytes[0])).at(.byte(0)) }
        guard bytes[1] == 1 else { throw ModelError("entry-kind", "unknown entry kind \(bytes[1])", position: .byte(1)) }
        guard Self.issuanceNumber(bytes) <= UInt32(Day.numbers.upperBound) else {
            throw ModelError("entry-day", "the issuance day is out of range", position: .byte(2))
        }
        self.bytes = bytes
    }

    /// Parses the encoding; see ``init(parsing:)-([UInt8])``.
    public init(parsing bytes: Span<UInt8>) throws(ModelError) {
        try self.init(parsing: bytes.withUnsafeBufferPointer { Array($0) })
    }

    /// The day of issuance, if stated.
    public var issuanceDay: Day? {
        let number = Self.issuanceNumber(bytes)
        return number == 0 ? nil : Day(number: Int(number))
    }

    /// The first 16 bytes of the schema digest.
    public var schemaID: [UInt8] { Array(bytes[Self.schemaIDRange]) }
    /// The encoding of `K`, the commitment to attributes and flags.
    public var consent: [UInt8] { Array(bytes[Self.consentRange]) }
    /// The encoding of `C`, which adds the calendar.
    public var calendar: [UInt8] { Array(bytes[Self.calendarRange]) }
    /// The hash of the withdrawal key.
    public var withdrawalTag: [UInt8] { Array(bytes[Self.withdrawalTagRange]) }

    /// `SHA-256(0x00 || entry)`.
    public var leafHash: LeafHash { LeafHash(entry: bytes) }

    /// `SHA-256(LP("zkconsent/v1/withdraw") LP(VK) LP(salt))`: 32 bytes.
    ///
    /// - Parameters:
    ///   - verificationKey: The Ed25519 key that the data subject holds, 32 bytes.
    ///   - salt: 32 bytes.
    public static func withdrawalTag(verificationKey: [UInt8], salt: [UInt8]) -> [UInt8] {
        SHA256.hash(lengthPrefixed("zkconsent/v1/withdraw") + lengthPrefixed(verificationKey) + lengthPrefixed(salt))
    }

    private static func issuanceNumber(_ bytes: [UInt8]) -> UInt32 {
        bytes[2..<6].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}
