// SPDX-License-Identifier: Apache-2.0
internal import FaultInjection
internal import Primitives

/// What a log says about itself: its name, its size and its root (C2SP tlog-checkpoint).
///
/// A value of this type is either verified (``UnverifiedCheckpoint/verified(by:origin:)``) or made by the log itself, to be signed.
public struct Checkpoint: Equatable, Sendable {
    /// The log's name, compared byte by byte.
    public let origin: String
    /// The number of entries, below 2^63.
    public let treeSize: UInt64
    /// The RFC 6962 root of that many entries.
    public let rootHash: NodeHash
    /// Further lines, without meaning here. A log of ours writes none.
    public let extensionLines: [String]

    /// A checkpoint of one's own log.
    ///
    /// - Throws: ``MerkleLogError/malformedCheckpoint(_:)`` when the origin is empty or has control characters, or the empty tree has
    ///   another root than the empty one; ``MerkleLogError/sizeOutOfRange(_:)``.
    public init(origin: String, treeSize: UInt64, rootHash: NodeHash) throws(MerkleLogError) {
        try self.init(origin: origin, treeSize: treeSize, rootHash: rootHash, extensionLines: [])
    }

    init(origin: String, treeSize: UInt64, rootHash: NodeHash, extensionLines: [String]) throws(MerkleLogError) {
        try TreeSize.check(treeSize)
        guard !origin.isEmpty, origin.utf8.allSatisfy({ $0 >= 0x20 }) else { throw .malformedCheckpoint("origin") }
        guard treeSize > 0 || rootHash == .emptyRoot else { throw .malformedCheckpoint("root of the empty tree") }
        self.origin = origin
        self.treeSize = treeSize
        self.rootHash = rootHash
        self.extensionLines = extensionLines
    }

    /// The note text: origin, size, root and extension lines, each with its newline.
    public var text: String {
        ([origin, String(treeSize), Base64.encode(rootHash.bytes)] + extensionLines).map { $0 + "\n" }.joined()
    }

    /// The note to sign.
    ///
    /// - Throws: ``MerkleLogError/limitExceeded(_:)`` for an origin that fills a note.
    public func unsignedNote() throws(MerkleLogError) -> SignedNote {
        try SignedNote(text: text)
    }

    public static func == (left: Checkpoint, right: Checkpoint) -> Bool {
        left.treeSize == right.treeSize && left.rootHash == right.rootHash && left.text.hasSameBytes(as: right.text)
    }
}

/// A checkpoint whose signatures have not been looked at. Its values serve to choose keys, nothing else.
public struct UnverifiedCheckpoint: Equatable, Sendable {
    /// The note, with all its signatures.
    public let note: SignedNote
    private let claim: Checkpoint

    /// The checkpoint in this note.
    ///
    /// - Throws: ``MerkleLogError/malformedCheckpoint(_:)``.
    public init(_ note: SignedNote) throws(MerkleLogError) {
        guard let lines = note.text.newlineTerminatedLines(), lines.count >= 3 else {
            throw .malformedCheckpoint("fewer than three lines")
        }
        guard lines.allSatisfy({ !$0.isEmpty }) else { throw .malformedCheckpoint("empty line") }
        guard let size = String.canonicalDecimal(lines[1]) else { throw .malformedCheckpoint("tree size") }
        guard let root = try? NodeHash(Base64.decode(String(lines[2]))) else { throw .malformedCheckpoint("root hash") }
        let extensionLines = lines.dropFirst(3).map { String($0) }
        claim = try Checkpoint(origin: String(lines[0]), treeSize: size, rootHash: root, extensionLines: extensionLines)
        self.note = note
    }

    /// The checkpoint in the bytes of a note.
    ///
    /// - Throws: ``MerkleLogError/limitExceeded(_:)``, ``MerkleLogError/malformedNote(_:)`` or ``MerkleLogError/malformedCheckpoint(_:)``.
    public init(bytes: [UInt8]) throws(MerkleLogError) {
        try self.init(SignedNote(bytes: bytes))
    }

    /// The log's name, as claimed.
    public var claimedOrigin: String { claim.origin }
    /// The number of entries, as claimed.
    public var claimedSize: UInt64 { claim.treeSize }

    /// The checkpoint, if the log of this origin has signed it with this key.
    ///
    /// - Parameter key: The log's key, of type ``VerifierKey/KeyType/ed25519``; its name need not be the origin.
    /// - Throws: ``MerkleLogError/wrongKeyType``, ``MerkleLogError/originMismatch``, ``MerkleLogError/notSigned`` or
    ///   ``MerkleLogError/invalidSignature(_:)``.
    public func verified(by key: VerifierKey, origin: String) throws(MerkleLogError) -> Checkpoint {
        guard key.type == .ed25519 else { throw .wrongKeyType }
        guard Fault.isRemoved(.checkpointOrigin) || claim.origin.hasSameBytes(as: origin) else { throw .originMismatch }
        guard try !note.verifiedSignatures(by: [key]).isEmpty else { throw .notSigned }
        return claim
    }

    /// The valid cosignatures of the known cosigners, one for each key; see ``SignedNote/verifiedSignatures(by:)``.
    ///
    /// - Parameter cosigners: Keys of type ``VerifierKey/KeyType/cosignature``.
    /// - Throws: ``MerkleLogError/wrongKeyType``, ``MerkleLogError/ambiguousKey(_:)`` or ``MerkleLogError/invalidSignature(_:)``.
    public func cosignatures(by cosigners: [VerifierKey]) throws(MerkleLogError) -> [VerifiedSignature] {
        guard cosigners.allSatisfy({ $0.type == .cosignature }) else { throw .wrongKeyType }
        return try note.verifiedSignatures(by: cosigners)
    }

    /// Whether `quorum` cosigners with distinct public keys, and at least one, signed the checkpoint before `end`, seconds since 1970.
    ///
    /// Of two cosignatures of one key the earlier counts: who signs a tree again later has still signed it before.
    ///
    /// - Throws: what ``cosignatures(by:)`` throws.
    public func isCosigned(before end: UInt64, by cosigners: [VerifierKey], quorum: Int) throws(MerkleLogError) -> Bool {
        guard cosigners.allSatisfy({ $0.type == .cosignature }) else { throw .wrongKeyType }
        let all =
            Fault.isRemoved(.earlierCosignature)
            ? try note.verifiedSignatures(by: cosigners) : try note.allVerifiedSignatures(by: cosigners)
        let inTime = all.filter { ($0.timestamp ?? .max) < end }
        return Set(inTime.map { Self.cosigner($0.key) }).count >= max(quorum, 1)
    }

    /// The checkpoint's time, seconds since 1970: the quorum-th largest timestamp among cosigners with distinct public keys, so that
    /// `quorum` of them signed it at this time or later. Nil when fewer have signed or `quorum` < 1.
    ///
    /// - Throws: what ``cosignatures(by:)`` throws: an invalid cosignature of a known cosigner refuses the checkpoint.
    public func quorumTimestamp(cosigners: [VerifierKey], quorum: Int) throws(MerkleLogError) -> UInt64? {
        var latest: [[UInt8]: UInt64] = [:]
        for cosignature in try cosignatures(by: cosigners) {
            guard let timestamp = cosignature.timestamp else { continue }
            let cosigner = Self.cosigner(cosignature.key)
            latest[cosigner] = max(timestamp, latest[cosigner] ?? 0)
        }
        guard quorum >= 1, latest.count >= quorum else { return nil }
        return latest.values.sorted(by: >)[quorum - 1]
    }
    /// Who signed. One key under two names is one cosigner: the signed message does not contain the name.
    private static func cosigner(_ key: VerifierKey) -> [UInt8] {
        Fault.isRemoved(.cosignerCountsOnce) ? key.publicKey + Array(key.name.utf8) : key.publicKey
    }
}
