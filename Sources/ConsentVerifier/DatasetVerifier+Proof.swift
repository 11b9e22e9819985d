// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
private import FaultInjection
internal import Groups
internal import MerkleLog
internal import SigmaProofs

extension DatasetVerifier {
    /// What the proof of a bundle is bound to, in the verifier's own view of the statement. `nil` if the columns cannot be a proof's.
    func context(of bundle: Bundle, ledgers: [AcceptedLedger], manifest: Manifest, _ verdict: inout Verdict) -> DatasetContext? {
        guard Fault.isRemoved(.revealedColumns) || bundle.revealed.map(\.attribute) == statement.revealedAttributes else {
            verdict.findings.append(
                Finding(.statement, "the bundle reveals other attributes than the policy demands", reason: "revealed-columns"))
            return nil
        }
        let rowsDigest: [UInt8]
        do {
            rowsDigest = try RowsDigest.compute(bundle)
        } catch {
            verdict.findings.append(Finding(.encoding, error.message, reason: "rows-digest"))
            return nil
        }
        return DatasetContext(
            statementDigest: statement.statements.digest, schemaDigests: statement.statements.schemas.map(\.digest),
            holder: bundle.header.holder, context: bundle.header.context, dataPoints: UInt64(bundle.header.dataPoints),
            manifestOrigin: bundle.header.manifest.origin,
            manifestRoot: manifest.root.bytes,
            ledgers: ledgers.indices.map { number in
                DatasetContext.Ledger(
                    number: UInt64(number), origin: bundle.header.ledgers[number].origin, consentsSize: ledgers[number].consents.treeSize,
                    consentsRoot: ledgers[number].consents.rootHash.bytes, revocationsSize: ledgers[number].revocations.treeSize,
                    revocationsRoot: ledgers[number].revocations.rootHash.bytes)
            }, distinctConsents: UInt64(bundle.header.distinctConsents), rowsDigest: rowsDigest)
    }

    /// The equations of a proof that is bound to `context`.
    func equations(_ context: DatasetContext) -> DatasetEquations {
        DatasetEquations(statement: statement, context: context, bases: bases)
    }
}
