// SPDX-License-Identifier: Apache-2.0
internal import Primitives

/// One signature line of a note: `— name base64(key ID || signature)`.
public struct NoteSignature: Equatable, Sendable {
    /// The signer's name, as the line claims.
    public let name: String
    /// The signer's key ID, as the line claims.
    public let keyID: UInt32
    /// The signature, at least one byte; what it signs depends on the key's type.
    public let signature: [UInt8]

    /// The line of a signature made with the secret half of `key`: 64 bytes, for a cosignature after its timestamp
    /// (``Cosignature/signature(timestamp:ed25519:)``).
    public init(key: VerifierKey, signature: [UInt8]) {
        name = key.name
        keyID = key.keyID
        self.signature = signature
    }

    init(name: String, keyID: UInt32, signature: [UInt8]) {
        self.name = name
        self.keyID = keyID
        self.signature = signature
    }

    /// The line with its newline.
    var line: String {
        var bytes: [UInt8] = []
        bytes.appendBE32(keyID)
        return "\u{2014} \(name) \(Base64.encode(bytes + signature))\n"
    }
}

/// A text and signatures, not yet verified (C2SP signed-note).
public struct SignedNote: Equatable, Sendable {
    /// The largest note this implementation reads, in bytes.
    public static let maximumByteCount = 1 << 20
    /// The most signature lines this implementation reads; the specification demands 16.
    public static let maximumSignatureCount = 64
    /// The longest name of a key in bytes.
    static let maximumNameByteCount = 1024

    /// The signed text, which ends in a newline. It means nothing until a signature is verified.
    public let text: String
    /// The signatures in order, at least one in a note that was parsed.
    public private(set) var signatures: [NoteSignature]

    /// A note to be signed: sign ``signedBytes`` and add the signature.
    ///
    /// - Throws: ``MerkleLogError/malformedNote(_:)`` when the text is empty, does not end in a newline or has control characters.
    public init(text: String) throws(MerkleLogError) {
        try Self.check(text)
        guard text.utf8.last == UInt8(ascii: "\n") else { throw .malformedNote("the text does not end in a newline") }
        self.text = text
        signatures = []
    }

    /// The note in these bytes.
    ///
    /// - Throws: ``MerkleLogError/limitExceeded(_:)`` or ``MerkleLogError/malformedNote(_:)``.
    public init(bytes: [UInt8]) throws(MerkleLogError) {
        guard bytes.count <= Self.maximumByteCount else { throw .limitExceeded("note of more than \(Self.maximumByteCount) bytes") }
        guard let whole = String(validating: bytes, as: UTF8.self) else { throw .malformedNote("not UTF-8") }
        try Self.check(whole)
        guard let end = Self.lastEmptyLine(bytes), end > 0 else { throw .malformedNote("no empty line before the signatures") }
        guard bytes.count > end + 1 else { throw .malformedNote("no signature") }
        guard bytes[bytes.count - 1] == UInt8(ascii: "\n") else { throw .malformedNote("no newline at the end") }
        text = String(decoding: bytes[..<end], as: UTF8.self)
        let lines = bytes[(end + 1)..<(bytes.count - 1)].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.count <= Self.maximumSignatureCount else {
            throw .limitExceeded("more than \(Self.maximumSignatureCount) signatures")
        }
        signatures = []
        for line in lines { signatures.append(try Self.parse(line: Array(line))) }
    }

    /// The bytes that an ``VerifierKey/KeyType/ed25519`` key signs: the text with its last newline.
    public var signedBytes: [UInt8] { Array(text.utf8) }

    /// Adds a signature line after the present ones.
    public mutating func add(_ signature: NoteSignature) {
        signatures.append(signature)
    }

    /// The note as it is stored and sent.
    public var bytes: [UInt8] {
        Array((text + "\n" + signatures.map(\.line).joined()).utf8)
    }

    private static func check(_ text: String) throws(MerkleLogError) {
        guard text.utf8.count <= maximumByteCount else { throw .limitExceeded("note of more than \(maximumByteCount) bytes") }
        guard text.utf8.allSatisfy({ $0 >= 0x20 || $0 == UInt8(ascii: "\n") }) else { throw .malformedNote("control character") }
        guard text.hasBoundedCombining else { throw .limitExceeded("more than \(String.combiningLimit) combining characters in a row") }
    }

    /// The position of the empty line that separates text and signatures: the second newline of the last pair.
    private static func lastEmptyLine(_ bytes: [UInt8]) -> Int? {
        var position = bytes.count - 1
        while position > 0 {
            if bytes[position] == UInt8(ascii: "\n"), bytes[position - 1] == UInt8(ascii: "\n") { return position }
            position -= 1
        }
        return nil
    }

    private static func parse(line: [UInt8]) throws(MerkleLogError) -> NoteSignature {
        let parts = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false).map { Array($0) }
        guard parts.count == 3, parts[0] == [0xe2, 0x80, 0x94] else { throw .malformedNote("signature line") }
        let name = String(decoding: parts[1], as: UTF8.self)
        guard VerifierKey.isValid(name: name) else { throw .malformedNote("name in a signature line") }
        guard let material = try? Base64.decode(parts[2]), material.count > 4 else { throw .malformedNote("base64 in a signature line") }
        let keyID = material.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return NoteSignature(name: name, keyID: keyID, signature: Array(material.dropFirst(4)))
    }
}
