// SPDX-License-Identifier: Apache-2.0
public import ConsentModel
internal import ConsentVerifier
internal import Groups
internal import Provers
internal import Secrets
internal import SigmaProofs

/// Makes the folded proof of a dataset (docs/protocol.md section 4).
///
/// The prover does field work and one pass over its columns; it checks its own proof with the verifier's equations before it hands anything out. When
/// that check fails it opens every commitment and names the rows.
public struct DatasetProver: Sendable {
    /// What is proved.
    public let statement: CompiledStatement
    /// Whether the prover checks what it hands out. `false` only in the demonstration and the tests of a dishonest holder.
    private let checksItself: Bool

    /// A prover of `statement`.
    public init(statement: CompiledStatement) {
        self.statement = statement
        checksItself = true
    }

    /// A prover that hands out whatever comes out, as a dishonest holder would.
    package init(dishonestly statement: CompiledStatement) {
        self.statement = statement
        checksItself = false
    }

    /// A prover whose caller verifies every bundle as an auditor would before it hands it out, and asks ``refusals(_:witness:)`` when that fails: what
    /// the prover would check is part of that.
    package init(checkedByCaller statement: CompiledStatement) {
        self.statement = statement
        checksItself = false
    }

    /// The rows whose commitments do not open, after a proof that does not verify.
    package func refusals(_ draft: BundleDraft, witness: borrowing DatasetWitness) -> [RowRefusal] {
        OpeningCheck(statement: statement).refusals(draft, witness: witness)
    }

    /// The bundle of `draft` with its proof.
    ///
    /// - Throws: ``ProverFailure``, or a ``ModelError`` when the columns do not fit together.
    public func prove(_ draft: BundleDraft, witness: borrowing DatasetWitness) throws -> Bundle {
        let unproved = try draft.bundle(proof: [])
        let context = DatasetContext(
            statementDigest: statement.statements.digest, schemaDigests: statement.statements.schemas.map(\.digest),
            holder: draft.header.holder, context: draft.header.context, dataPoints: UInt64(draft.header.dataPoints),
            manifestOrigin: draft.header.manifest.origin,
            manifestRoot: draft.manifestRoot, ledgers: draft.ledgers, distinctConsents: UInt64(draft.header.distinctConsents),
            rowsDigest: try RowsDigest.compute(unproved))

        let transcript = DatasetTranscript.begin(context).weighted()
        let rho = transcript.weights.weights(count: draft.positions.count)
        let entryWeights = EntryWeights(rows: rho, positions: unproved.positions, entries: draft.receipts.count)
        let perEntry = entryWeights.scalars(0..<entryWeights.count)
        var weights = [Suite.Scalar](repeating: .zero, count: witness.receiptCount)
        for (position, receipt) in draft.receipts.enumerated() {
            weights[receipt] = weights[receipt] + perEntry[position]
        }

        let folded = folded(draft, witness, rho: rho, weights: weights)
        let proof: FoldedProof<Suite>
        do throws(ProverError) {
            proof = try FoldedProver.prove(statement.relation, data: folded.data, tail: folded.tail, transcript: transcript)
        } catch {
            throw ProverFailure.randomness
        }
        let bundle = try draft.bundle(proof: proof.bytes)
        if checksItself { try selfCheck(bundle, context: context, draft: draft, witness: witness) }
        return bundle
    }

    private func folded(
        _ draft: BundleDraft, _ witness: borrowing DatasetWitness, rho: [UInt128], weights: [Suite.Scalar]
    ) -> FoldedWitness {
        guard statement.parts.count > 1 else { return witness.folded(rho: rho, weights: weights, tail: statement.tail) }
        let schemaOf = draft.schemaAssignment(statement)
        return witness.folded(
            rho: rho, rowSchemas: draft.positions.map { schemaOf(Int($0)) }, weights: weights,
            receiptSchemas: draft.schemasOfReceipts(schemaOf, count: weights.count), statement: statement)
    }

    private func selfCheck(
        _ bundle: Bundle, context: DatasetContext, draft: BundleDraft, witness: borrowing DatasetWitness
    ) throws(ProverFailure) {
        let finding: Finding
        do throws(Finding) {
            return try DatasetEquations(statement: statement, context: context).verify(
                dataPoints: bundle.dataPoints, entries: bundle.entries, positions: bundle.positions, revealed: bundle.revealed,
                proof: bundle.proof.bytes)
        } catch {
            finding = error
        }
        let refusals = OpeningCheck(statement: statement).refusals(draft, witness: witness)
        guard refusals.isEmpty else { throw .rows(refusals) }
        throw .selfCheck(finding.reason)
    }
}
