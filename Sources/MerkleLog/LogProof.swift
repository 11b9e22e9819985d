// SPDX-License-Identifier: Apache-2.0
internal import Primitives

/// A self-contained proof that an entry is in a log (C2SP tlog-proof): index, inclusion proof and the signed checkpoint, in one text.
public struct LogProof: Equatable, Sendable {
    /// The largest text this implementation reads, in bytes.
    public static let maximumByteCount = SignedNote.maximumByteCount + (1 << 17)

    /// Data of the application, not authenticated by anything.
    public let extra: [UInt8]?
    /// The audit path in the tree that the checkpoint claims.
    public let inclusion: InclusionProof
    /// The checkpoint, to be verified by whoever trusts the log.
    public let checkpoint: UnverifiedCheckpoint

    /// A proof for the tree of this checkpoint.
    ///
    /// - Throws: ``MerkleLogError/sizeOutOfRange(_:)`` when proof and checkpoint are about different sizes.
    public init(extra: [UInt8]? = nil, inclusion: InclusionProof, checkpoint: UnverifiedCheckpoint) throws(MerkleLogError) {
        guard inclusion.treeSize == checkpoint.claimedSize else { throw .sizeOutOfRange(inclusion.treeSize) }
        self.extra = extra
        self.inclusion = inclusion
        self.checkpoint = checkpoint
    }

    /// The proof in this text.
    ///
    /// - Throws: ``MerkleLogError/limitExceeded(_:)``, ``MerkleLogError/malformedProof(_:)``, what ``UnverifiedCheckpoint/init(bytes:)``
    ///   throws, and what ``InclusionProof/init(index:treeSize:hashes:)`` throws.
    public init(bytes: [UInt8]) throws(MerkleLogError) {
        guard bytes.count <= Self.maximumByteCount else { throw .limitExceeded("proof of more than \(Self.maximumByteCount) bytes") }
        var lines = LineReader(bytes)
        guard lines.next() == Self.header else { throw .malformedProof("first line") }
        var line = lines.next()
        var extra: [UInt8]?
        if let text = line, text.hasPrefix("extra ") {
            guard let data = try? Base64.decode(String(text.dropFirst(6))) else { throw .malformedProof("extra data") }
            extra = data
            line = lines.next()
        }
        guard let text = line, text.hasPrefix("index "), let index = String.canonicalDecimal(text.dropFirst(6)) else {
            throw .malformedProof("index")
        }
        var hashes: [NodeHash] = []
        while true {
            guard let text = lines.next() else { throw .malformedProof("no empty line before the checkpoint") }
            if text.isEmpty { break }
            guard hashes.count < 63, let hash = try? NodeHash(Base64.decode(text)) else { throw .malformedProof("hash") }
            hashes.append(hash)
        }
        let checkpoint = try UnverifiedCheckpoint(bytes: lines.rest)
        let inclusion = try InclusionProof(index: index, treeSize: checkpoint.claimedSize, hashes: hashes)
        try self.init(extra: extra, inclusion: inclusion, checkpoint: checkpoint)
    }

    /// The proof as text.
    public var bytes: [UInt8] {
        var lines = [Self.header]
        if let extra { lines.append("extra \(Base64.encode(extra))") }
        lines.append("index \(inclusion.index)")
        lines += inclusion.hashes.map { Base64.encode($0.bytes) }
        return Array((lines.joined(separator: "\n") + "\n\n").utf8) + checkpoint.note.bytes
    }

    /// Checks that the log of this origin and key has the leaf at the proof's index: its checkpoint.
    ///
    /// - Throws: what ``UnverifiedCheckpoint/verified(by:origin:)`` throws, and ``MerkleLogError/rootMismatch``.
    public func verified(leafHash: LeafHash, by key: VerifierKey, origin: String) throws(MerkleLogError) -> Checkpoint {
        let verified = try checkpoint.verified(by: key, origin: origin)
        try inclusion.verify(leafHash: leafHash, checkpoint: verified)
        return verified
    }

    private static let header = "c2sp.org/tlog-proof@v1"

    /// Lines of ASCII one after the other; the rest may be anything.
    private struct LineReader {
        private let bytes: [UInt8]
        private var offset = 0

        init(_ bytes: [UInt8]) {
            self.bytes = bytes
        }

        /// The next line without its newline; nil when there is none or it is not ASCII.
        mutating func next() -> String? {
            guard let end = bytes[offset...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
            let line = bytes[offset..<end]
            guard line.allSatisfy({ $0 < 0x80 }) else { return nil }
            offset = end + 1
            return String(decoding: line, as: UTF8.self)
        }

        var rest: [UInt8] { Array(bytes[offset...]) }
    }
}
