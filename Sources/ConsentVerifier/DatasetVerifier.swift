// SPDX-License-Identifier: Apache-2.0
public import ConsentModel
private import FaultInjection
internal import SigmaProofs

/// Verifies dataset bundles under one policy of the auditor (docs/protocol.md sections 3, 4 and 8).
///
/// The policy, the schema, the generators and the constraints are the auditor's own; of the bundle only its columns, signed notes and names are used,
/// each after its check. Timing: variable; everything here is public.
public struct DatasetVerifier: BundleVerifier, Sendable {
    /// The auditor's policy.
    public let policy: Policy
    /// Its statements with the generators of their schemas.
    public let statement: CompiledStatement
    /// Its generators, which the equations of several bundles share.
    let bases: FoldedBases<Suite>

    /// Prepares the generators once for any number of bundles.
    ///
    /// - Parameter generators: the table of the policy's schema, or of one of them, if the caller has it already.
    /// - Throws: errors of the policy's statement under its schema.
    public init(policy: Policy, generators: GeneratorTable? = nil) throws(ModelError) {
        self.policy = policy
        statement = try CompiledStatement(policy.statements, generators: generators)
        bases = FoldedBases(statement.relation)
    }

    /// Reads a bundle that must reveal exactly what the policy reveals.
    ///
    /// - Throws: structural errors, see ``Bundle``; `bundle-statement`.
    public func parse(_ bytes: [UInt8], file: String? = nil) throws(ModelError) -> Bundle {
        try reading(bytes, file: file) { () throws(ModelError) in
            try Bundle.parse(bytes, file: file, revealing: statement.revealedAttributes)
        }
    }

    /// Checks everything; all findings are collected, so that a report says what there is to mend.
    ///
    /// - Throws: when the auditor's own evidence cannot be used: a revocation list or withdrawal that does not verify.
    public func verify(_ bundle: Bundle, evidence: Evidence) throws(ModelError) -> Verdict {
        var (verdict, context) = try examine(bundle, evidence: evidence)
        if let context {
            do throws(Finding) {
                try DatasetEquations.check(try equations(context).prepare(bundle))
            } catch {
                verdict.findings.append(error)
            }
        }
        return verdict
    }

    /// Checks everything but the proof: the verdict so far, and what the proof is bound to, if it can be checked.
    func examine(_ bundle: Bundle, evidence: Evidence) throws(ModelError) -> (Verdict, DatasetContext?) {
        var verdict = Verdict(bundle, memory: evidence.memory)
        verdict.countSchemas(bundle, policy.statements)
        checkHeader(bundle, &verdict)
        let leaves = checkEntries(bundle, &verdict)
        let ledgers = try checkLedgers(bundle, leaves: leaves, evidence: evidence, &verdict)
        try checkWithdrawals(bundle, leaves: leaves, evidence: evidence, &verdict)
        let manifest = checkManifest(bundle, &verdict)
        checkCounts(&verdict)
        guard let ledgers, let manifest else { return (verdict, nil) }
        let context = context(of: bundle, ledgers: ledgers, manifest: manifest, &verdict)
        return (verdict, context)
    }
}
