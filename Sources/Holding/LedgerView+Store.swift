// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
internal import ConsentProver
internal import MerkleLog
internal import Stores

extension LedgerView {
    /// What a ledger on disk offers for bundles under `policy`: its latest checkpoints, and where the policy has `logged_by` the last one of that day.
    ///
    /// - Throws: `ledger-not-trusted`, `ledger-key`, `no-checkpoint` (`ModelError`), or `StoreError`.
    init(_ ledger: LedgerStore, policy: Policy) throws {
        let name = ledger.name
        guard let trusted = policy.acceptance.ledger(origin: name) else {
            throw ModelError(
                "ledger-not-trusted", "this is the ledger \(name), which the policy does not trust", file: ledger.path,
                hint: "the policy trusts \(policy.acceptance.ledgers.map(\.origin).joined(separator: ", "))")
        }
        guard trusted.key.publicKey == ledger.issuerKey else {
            throw ModelError(
                "ledger-key", "the ledger \(name) has another key than the one in the policy", file: ledger.path,
                hint: "compare the key in the policy with the issuer's ledger.vkey")
        }
        let consents = try Self.checkpoint(ledger, .consents)
        let revocations = try Self.checkpoint(ledger, .revocations)
        var logged: BundleHeader.Logged?
        var loggedSize: UInt64?
        if let day = policy.acceptance.loggedBy {
            let end = (UInt64(day.number) + 1) * 86_400
            let earlier = try ledger.latestCheckpoint(.consents, notAfter: end - 1)
            loggedSize = UInt64(earlier?.size ?? 0)
            if let earlier, earlier.size > 0 {
                let proof = try ledger.consistencyProof(.consents, from: earlier.size, to: consents.size)
                logged = BundleHeader.Logged(checkpoint: earlier.text, consistency: proof.hashes.map(\.bytes))
            }
        }
        self.init(
            origin: name, consents: Self.head(consents), revocations: Self.head(revocations),
            revocationColumn: try ledger.revocationColumn(size: revocations.size), logged: logged, loggedSize: loggedSize
        ) { indices in
            let proof = try ledger.batchInclusionProof(.consents, indices: indices.map { Int(clamping: $0) }, size: consents.size)
            return NodeHash.column(proof.hashes)
        }
    }

    /// The latest checkpoint of a log.
    ///
    /// - Throws: `no-checkpoint`, or `StoreError`.
    static func checkpoint(_ ledger: LedgerStore, _ log: LedgerLog) throws -> StoredCheckpoint {
        guard let checkpoint = try ledger.latestCheckpoint(log) else {
            throw ModelError(
                "no-checkpoint", "\(log.origin(ledger: ledger.name)) was never signed", file: ledger.path,
                hint: "the issuer runs: zkconsent ledger checkpoint")
        }
        return checkpoint
    }

    private static func head(_ checkpoint: StoredCheckpoint) -> Head {
        Head(note: checkpoint.text, size: UInt64(checkpoint.size), root: checkpoint.root.bytes)
    }
}

extension BundleHeader.ManifestEvidence {
    /// Finds a manifest in the registry of one of the ledgers, up to its latest checkpoint.
    ///
    /// - Throws: `manifest-not-registered`, `no-checkpoint`, or `StoreError`.
    init(_ manifest: [UInt8], in ledgers: [LedgerStore]) throws {
        let leaf = LeafHash(entry: manifest)
        var unsigned: String?
        for ledger in ledgers {
            guard let index = try ledger.index(of: leaf, in: .registry) else { continue }
            let checkpoint = try LedgerView.checkpoint(ledger, .registry)
            guard index < checkpoint.size else {
                unsigned = ledger.name
                continue
            }
            let proof = try ledger.inclusionProof(.registry, index: index, size: checkpoint.size)
            self.init(
                origin: ledger.name, checkpoint: checkpoint.text, entry: String(decoding: manifest, as: UTF8.self), index: UInt64(index),
                inclusion: proof.hashes.map(\.bytes))
            return
        }
        throw ModelError(
            "manifest-not-registered",
            unsigned.map { "the registry of \($0) has the dataset's manifest, and no checkpoint covers it yet" }
                ?? "the dataset's manifest is in the registry of none of the ledgers",
            hint: unsigned == nil
                ? "the issuer appends it: zkconsent ledger append --registry FILE, then zkconsent ledger checkpoint"
                : "the issuer runs: zkconsent ledger checkpoint")
    }
}
