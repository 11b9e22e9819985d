// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
private import FaultInjection
internal import Groups
internal import MerkleLog
internal import SigmaProofs

extension DatasetVerifier {
    /// Decodes the commitments, derives the weights from the verifier's own view of the statement, and checks both equations.
    func checkProof(_ bundle: Bundle, ledgers: [AcceptedLedger], manifest: Manifest, _ verdict: inout Verdict) {
        guard Fault.isRemoved(.revealedColumns) || bundle.revealed.map(\.attribute) == statement.revealedAttributes else {
            verdict.findings.append(
                Finding(.statement, "the bundle reveals other attributes than the policy demands", reason: "revealed-columns"))
            return
        }
        let rowsDigest: [UInt8]
        do {
            rowsDigest = try RowsDigest.compute(bundle)
        } catch {
            verdict.findings.append(Finding(.encoding, error.message, reason: "rows-digest"))
            return
        }
        let context = DatasetContext(
            statementDigest: statement.statement.digest, schemaDigest: statement.statement.schema.digest, holder: bundle.header.holder,
            context: bundle.header.context, dataPoints: UInt64(bundle.header.dataPoints), manifestOrigin: bundle.header.manifest.origin,
            manifestRoot: manifest.root.bytes,
            ledgers: ledgers.indices.map { number in
                DatasetContext.Ledger(
                    number: UInt64(number), origin: bundle.header.ledgers[number].origin, consentsSize: ledgers[number].consents.treeSize,
                    consentsRoot: ledgers[number].consents.rootHash.bytes, revocationsSize: ledgers[number].revocations.treeSize,
                    revocationsRoot: ledgers[number].revocations.rootHash.bytes)
            }, distinctConsents: UInt64(bundle.header.distinctConsents), rowsDigest: rowsDigest)
        do throws(Finding) {
            try DatasetEquations(statement: statement, context: context).verify(
                dataPoints: bundle.dataPoints, entries: bundle.entries, positions: bundle.positions, revealed: bundle.revealed,
                proof: bundle.proof.bytes)
        } catch {
            verdict.findings.append(error)
        }
    }
}
