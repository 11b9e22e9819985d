// SPDX-License-Identifier: Apache-2.0

public import Groups
public import Secrets
public import SigmaProofs

/// What the prover of a disjunction knows: which branch it has a witness for, and the witness. Both are secret.
///
/// The scalars are as many as the largest branch has, whichever branch they are for, so that their number tells nothing.
public struct DisjunctiveWitness<G: Group>: ~Copyable, Sendable {
    /// The number of the branch, from 0: one limb.
    let branch: SecretLimbs
    /// The witness of that branch, then zeros.
    let scalars: SecretScalars<G>

    /// Takes over the index of a branch, one limb, and the witness, `largestScalarCount` scalars of the disjunction.
    ///
    /// Nothing is checked here, for a check would branch on the index: the prover throws a proof away that does not verify.
    public init(branch: consuming SecretLimbs, scalars: consuming SecretScalars<G>) {
        self.branch = branch
        self.scalars = scalars
    }

    /// The same, padded with zeros. The caller's index and the witness's length are in the caller's hands.
    public init(branch index: Int, scalars: borrowing SecretScalars<G>, of disjunction: Disjunction<G>) {
        var branch = SecretLimbs(count: 1)
        branch.withMutableSpan { $0[0] = UInt64(truncatingIfNeeded: index) }
        self.init(
            branch: branch, scalars: scalars.appending(SecretScalars(zeros: max(0, disjunction.largestScalarCount - scalars.count))))
    }

    /// Index and scalars as one cell, to be hashed into a generator's seed.
    borrowing func joined() -> SecretLimbs {
        scalars.withSpan { scalars in
            branch.withSpan { branch in
                var all = SecretLimbs(count: branch.count + scalars.count)
                all.withMutableSpan { out in
                    for i in 0..<branch.count { out[i] = branch[i] }
                    for i in 0..<scalars.count { out[branch.count + i] = scalars[i] }
                }
                return all
            }
        }
    }
}
