// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentProver
import MerkleLog
import Primitives

/// A log in memory: leaves and their tree.
struct TestLog: Sendable {
    private(set) var leaves: [[UInt8]] = []
    private(set) var tree = MerkleTree()

    mutating func append(_ more: [[UInt8]]) {
        leaves += more
        tree.append(contentsOf: more.map { LeafHash(entry: $0) })
    }

    /// Rewrites history, as only a dishonest issuer can.
    mutating func replace(_ index: Int, by leaf: [UInt8]) {
        leaves[index] = leaf
        tree = MerkleTree(leaves.map { LeafHash(entry: $0) })
    }

    /// The first `size` leaves.
    func prefix(_ size: Int) -> TestLog {
        var log = TestLog()
        log.append(Array(leaves.prefix(size)))
        return log
    }
}

/// An issuer with its three logs, its key and its cosigners.
struct TestLedger: Sendable {
    var origin: String
    let signer: TestSigner
    let cosigners: [TestSigner]
    var consents = TestLog()
    var revocations = TestLog()
    var registry = TestLog()
    /// The time that the cosigners put on checkpoints.
    var time: UInt64 = TestWorld.now - 3600

    init(_ origin: String, seed: UInt8 = 1, cosigners: Int = 1) throws {
        self.origin = origin
        signer = try TestSigner(origin, seed: seed)
        self.cosigners = try (0..<cosigners).map { try TestSigner("cosigner-\($0).example", seed: seed + 100 + UInt8($0)) }
    }

    /// What a policy says of the ledger.
    func trusted(quorum: Int? = nil) throws -> Policy.Ledger {
        Policy.Ledger(
            origin: origin, key: try signer.verifierKey(.ed25519, name: origin), quorum: quorum ?? cosigners.count,
            cosigners: try cosigners.map { try $0.verifierKey(.cosignature) })
    }

    /// A checkpoint of a log signed by the issuer and cosigned by the first `cosigned` cosigners.
    ///
    /// - Parameters:
    ///   - name: the log, as its key's name ends.
    ///   - textOrigin: the origin in the text, if it is not the log's.
    func head(
        _ log: TestLog, _ name: String, textOrigin: String? = nil, at time: UInt64? = nil, cosigned: Int? = nil
    ) throws -> LedgerView.Head {
        let logOrigin = "\(origin)/\(name)"
        let checkpoint = try Checkpoint(origin: textOrigin ?? logOrigin, treeSize: log.tree.size, rootHash: log.tree.root)
        var note = try checkpoint.unsignedNote()
        note.add(try signer.line(note, name: logOrigin))
        for cosigner in cosigners.prefix(cosigned ?? cosigners.count) { note.add(try cosigner.cosignature(note, at: time ?? self.time)) }
        return LedgerView.Head(
            note: String(decoding: note.bytes, as: UTF8.self), size: log.tree.size, root: log.tree.root.bytes)
    }

    /// The batch inclusion proof of entries in the whole consents log.
    func inclusion(_ indices: [UInt64]) throws -> [UInt8] {
        NodeHash.column(try consents.tree.batchInclusionProof(indices: indices, size: consents.tree.size).hashes)
    }

    /// What the holder sees now; `loggedSize` adds an older checkpoint of that many consents, cosigned at `loggedTime`.
    func view(loggedSize: Int? = nil, loggedTime: UInt64? = nil) throws -> LedgerView {
        LedgerView(
            origin: origin, consents: try head(consents, "consents"), revocations: try head(revocations, "revocations"),
            revocationColumn: revocations.leaves.flatMap { $0 },
            logged: try loggedSize.map { try logged(size: $0, at: loggedTime) }, inclusion: inclusion)
    }

    /// An older checkpoint with its consistency proof.
    func logged(size: Int, at time: UInt64?) throws -> BundleHeader.Logged {
        let proof = try consents.tree.consistencyProof(from: UInt64(size), to: consents.tree.size)
        return BundleHeader.Logged(
            checkpoint: try head(consents.prefix(size), "consents", at: time).note, consistency: proof.hashes.map(\.bytes))
    }

    /// Registers a manifest if it is not there, and proves it.
    mutating func register(_ manifest: Manifest) throws -> BundleHeader.ManifestEvidence {
        if !registry.leaves.contains(manifest.leaf) { registry.append([manifest.leaf]) }
        return try evidence(of: manifest.leaf)
    }

    /// The evidence that a leaf is registered.
    func evidence(of leaf: [UInt8]) throws -> BundleHeader.ManifestEvidence {
        let index = UInt64(registry.leaves.firstIndex(of: leaf) ?? 0)
        return BundleHeader.ManifestEvidence(
            origin: origin, checkpoint: try head(registry, "registry").note, entry: String(decoding: leaf, as: UTF8.self), index: index,
            inclusion: try registry.tree.inclusionProof(index: index, size: registry.tree.size).hashes.map(\.bytes))
    }

    /// The list for `verify --revocations`.
    func revocationList(of log: TestLog? = nil, at time: UInt64? = nil) throws -> RevocationList {
        let log = log ?? revocations
        return try RevocationList(
            origin: origin, checkpoint: head(log, "revocations", at: time).note, fromSize: 0, consistency: [],
            revocations: bytesColumn(log.leaves.flatMap { $0 }, Bundle.revocationByteCount))
    }
}

/// Rows of a length that fits.
func bytesColumn(_ bytes: [UInt8], _ rowByteCount: Int) -> BytesColumn {
    BytesColumn(bytes, rowByteCount: rowByteCount) ?? BytesColumn(bytes: bytes)
}
