// SPDX-License-Identifier: Apache-2.0
public import MerkleLog

/// The leaf that makes a consent withdrawn: version 1, kind, the leaf hash of the entry; 34 public bytes (docs/protocol.md section 7).
///
/// Any entry in the revocations log counts, whoever made it.
public struct RevocationEntry: Hashable, Sendable {
    /// Who withdrew.
    public enum Kind: UInt8, Sendable {
        /// The issuer.
        case issuer = 1
        /// The data subject.
        case subject = 2
    }

    /// The first byte.
    static let version = FormatVersion(1, of: "a revocation")
    /// The length in bytes.
    public static let byteCount = 34
    /// Where the leaf hash is.
    public static let leafRange = 2..<34

    /// Who withdrew.
    public let kind: Kind
    /// The leaf hash of the withdrawn entry.
    public let leaf: LeafHash

    /// A withdrawal of the entry with this leaf hash.
    public init(kind: Kind, leaf: LeafHash) {
        self.kind = kind
        self.leaf = leaf
    }

    /// Parses the encoding.
    public init(parsing bytes: [UInt8]) throws(ModelError) {
        guard bytes.count == Self.byteCount, let leaf = try? LeafHash(Array(bytes[Self.leafRange])) else {
            throw ModelError("revocation-length", "a revocation has \(Self.byteCount) bytes, not \(bytes.count)")
        }
        guard bytes[0] == Self.version.byte else { throw Self.version.refusal(Int(bytes[0])).at(.byte(0)) }
        guard let kind = Kind(rawValue: bytes[1]) else {
            throw ModelError("revocation-kind", "unknown revocation kind \(bytes[1])", position: .byte(1))
        }
        self.init(kind: kind, leaf: leaf)
    }

    /// Parses the encoding; see ``init(parsing:)-([UInt8])``.
    public init(parsing bytes: Span<UInt8>) throws(ModelError) {
        try self.init(parsing: bytes.withUnsafeBufferPointer { Array($0) })
    }

    /// The encoding.
    public var bytes: [UInt8] { [Self.version.byte, kind.rawValue] + leaf.bytes }

    /// `SHA-256(0x00 || revocation)`: the leaf hash of this entry in the revocations log.
    public var leafHash: LeafHash { LeafHash(entry: bytes) }
}
