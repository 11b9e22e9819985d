// SPDX-License-Identifier: Apache-2.0
public import ConsentModel
internal import SigmaProofs

/// Bundles of one policy whose equations are checked together: the generators of the schema, thousands of them, are multiplied once for all.
///
/// Each verdict is the one that ``DatasetVerifier/verify(_:evidence:)`` gives: everything but the equations is checked bundle by bundle, and when their
/// weighted sum fails, the bundles that fail are found by halving and checked by themselves. A batch is closed by ``close()``;
/// memory grows with the number of bundles in it, by their proofs and not by their rows.
public struct BundleBatch {
    private let verifier: DatasetVerifier
    private var verdicts: [Verdict] = []
    /// The equations that are left, and whose they are.
    private var pending: [(verdict: Int, equations: FoldedMember<Suite>)] = []

    /// Bundles for a closed batch.
    public static let capacity = 128

    /// An empty batch.
    public init(_ verifier: DatasetVerifier) {
        self.verifier = verifier
    }

    /// The number of bundles.
    public var count: Int { verdicts.count }

    /// Checks everything of a bundle but the equations.
    ///
    /// - Returns: the verdict so far, with what the auditor remembers from now on. It may be less than ``close()`` will find.
    /// - Throws: when the auditor's own evidence cannot be used; the batch is as before.
    public mutating func append(_ bundle: Bundle, evidence: Evidence) throws(ModelError) -> Verdict {
        var (verdict, context) = try verifier.examine(bundle, evidence: evidence)
        if let context {
            do throws(Finding) {
                pending.append((verdicts.count, try verifier.equations(context).prepare(bundle)))
            } catch {
                verdict.findings.append(error)
            }
        }
        verdicts.append(verdict)
        return verdict
    }

    /// Checks the equations of all bundles and empties the batch: the verdicts in the order of ``append(_:evidence:)``.
    public mutating func close() -> [Verdict] {
        var suspects = Array(pending.indices)
        if pending.count > 1 {
            var batch = VerificationBatch<Suite>()
            for member in pending { batch.append(member.equations) }
            suspects = batch.failures().map(\.member)
        }
        for suspect in suspects {
            do throws(Finding) {
                try DatasetEquations.check(pending[suspect].equations)
            } catch {
                verdicts[pending[suspect].verdict].findings.append(error)
            }
        }
        defer { (verdicts, pending) = ([], []) }
        return verdicts
    }
}
