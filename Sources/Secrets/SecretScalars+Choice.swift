// SPDX-License-Identifier: Apache-2.0
internal import CKernels
internal import Groups

// Values kept or cleared by a secret index, so that a prover does the same whichever alternative is the true one.

extension SecretScalars {
    /// These scalars if the secret `index` is `position`, zeros otherwise. Constant time in the scalars and the index.
    ///
    /// - Parameter index: one limb.
    public borrowing func kept(where index: borrowing SecretLimbs, is position: Int) -> SecretScalars<G> {
        masked(index, position, inverted: 0)
    }

    /// Zeros if the secret `index` is `position`, these scalars otherwise. Constant time in the scalars and the index.
    ///
    /// - Parameter index: one limb.
    public borrowing func cleared(where index: borrowing SecretLimbs, is position: Int) -> SecretScalars<G> {
        masked(index, position, inverted: UInt64.max)
    }

    private borrowing func masked(_ index: borrowing SecretLimbs, _ position: Int, inverted: UInt64) -> SecretScalars<G> {
        precondition(index.count == 1, "an index of one limb")
        var out = SecretScalars(zeros: count)
        index.withSpan { index in
            let difference = zk_barrier(index[0] ^ UInt64(position))
            // All ones if the two are equal.
            let equal = zk_barrier(((difference | (0 &- difference)) >> 63) &- 1)
            let mask = zk_barrier(equal ^ inverted)
            withSpan { source in
                out.withMutableSpan { for i in 0..<source.count { $0[i] = source[i] & mask } }
            }
        }
        return out
    }

    /// `nonces[i] + factor * self[i]` with a factor that is secret, one scalar. Consumes the nonces, which are single-use.
    ///
    /// - Precondition: `nonces.count == count`, `factor.count == 1`.
    public borrowing func responses(
        secretChallenge factor: borrowing SecretScalars<G>, nonces: consuming SecretScalars<G>
    ) -> SecretScalars<G> {
        precondition(nonces.count == count && factor.count == 1, "one nonce for each scalar, and one factor")
        var out = SecretScalars(zeros: count)
        withSpan { x in
            factor.withSpan { c in nonces.withSpan { u in out.withMutableSpan { G.multiplyAdd(x, c, u, into: &$0) } } }
        }
        return out
    }
}
