// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
private import FaultInjection
internal import MerkleLog

extension DatasetVerifier {
    /// The registered manifest: in a registry that the policy trusts, and reproduced exactly by the data points. `nil` if it cannot be used.
    func checkManifest(_ bundle: Bundle, _ verdict: inout Verdict) -> Manifest? {
        let evidence = bundle.header.manifest
        let manifest: Manifest
        do {
            manifest = try Manifest(parsing: Array(evidence.entry.utf8))
        } catch {
            verdict.findings.append(Finding(.manifest, "the registered manifest cannot be read: \(error.message)", reason: "manifest-form"))
            return nil
        }
        verdict.dataset = manifest.dataset
        checkRegistration(evidence, &verdict)

        if !manifest.holder.utf8.elementsEqual(bundle.header.holder.utf8), !Fault.isRemoved(.manifestHolder) {
            verdict.findings.append(
                Finding(
                    .manifest, "the manifest was registered by \(manifest.holder), not by \(bundle.header.holder)",
                    reason: "manifest-holder"))
        }
        if manifest.dataPointCount != UInt64(bundle.header.dataPoints), !Fault.isRemoved(.manifestCount) {
            verdict.findings.append(
                Finding(
                    .manifest, "the manifest has \(manifest.dataPointCount) data points and the bundle \(bundle.header.dataPoints)",
                    reason: "manifest-count"))
        }
        if bundle.dataPoints.withSpan({ try? Manifest.root(ofDataPoints: $0) }) != manifest.root, !Fault.isRemoved(.manifestRoot) {
            verdict.findings.append(
                Finding(.manifest, "the data points of the bundle are not those that were registered", reason: "manifest-root"))
        }
        return manifest
    }

    private func checkRegistration(_ evidence: BundleHeader.ManifestEvidence, _ verdict: inout Verdict) {
        guard !Fault.isRemoved(.manifestRegistration) else { return }
        guard let trusted = policy.acceptance.ledger(origin: evidence.origin) else {
            verdict.findings.append(
                Finding(
                    .registry, "the policy does not trust the registry of \(evidence.origin)", ledger: evidence.origin,
                    reason: "registry-origin"))
            return
        }
        var check = LedgerCheck(trusted: trusted, policy: policy, evidence: Evidence(now: 0))
        let accepted = check.accepted(evidence.checkpoint, log: "registry")
        verdict.findings += check.findings
        guard let (checkpoint, _) = accepted else { return }
        do throws(MerkleLogError) {
            let hashes = try NodeHash.array(evidence.inclusion.flatMap { $0 })
            try InclusionProof(index: evidence.index, treeSize: checkpoint.treeSize, hashes: hashes).verify(
                leafHash: LeafHash(entry: Array(evidence.entry.utf8)), checkpoint: checkpoint)
        } catch {
            verdict.findings.append(
                Finding(
                    .registry, "the manifest is not entry \(evidence.index) of \(evidence.origin)/registry: \(error)",
                    ledger: evidence.origin,
                    reason: "registry-inclusion"))
        }
    }
}
