// SPDX-License-Identifier: Apache-2.0
public import Groups

extension SecretScalars {
    /// `nonces[i] + challenge * self[i]`: the responses of a sigma protocol. Consumes the nonces, which are single-use.
    ///
    /// - Precondition: `nonces.count == count`.
    public borrowing func responses(challenge: G.Scalar, nonces: consuming SecretScalars<G>) -> SecretScalars<G> {
        precondition(nonces.count == count, "one nonce for each scalar")
        var out = SecretScalars(zeros: count)
        let c = challenge.limbs
        withSpan { x in
            nonces.withSpan { u in out.withMutableSpan { G.multiplyAdd(x, c.span, u, into: &$0) } }
        }
        return out
    }

    /// `self[i] += factor * other[i]` with a public factor, for example a batching weight.
    ///
    /// - Precondition: `other.count == count`.
    public mutating func accumulate(_ factor: G.Scalar, times other: borrowing SecretScalars<G>) {
        precondition(other.count == count, "equal counts")
        let sum = other.responses(challenge: factor, nonces: copy())
        self = sum
    }

    /// `self[i] + other[i]`.
    ///
    /// - Precondition: `other.count == count`.
    public borrowing func adding(_ other: borrowing SecretScalars<G>) -> SecretScalars<G> {
        precondition(other.count == count, "equal counts")
        var out = SecretScalars(zeros: count)
        withSpan { a in other.withSpan { b in out.withMutableSpan { G.add(a, b, into: &$0) } } }
        return out
    }

    /// `self[i] - other[i]`.
    ///
    /// - Precondition: `other.count == count`.
    public borrowing func subtracting(_ other: borrowing SecretScalars<G>) -> SecretScalars<G> {
        precondition(other.count == count, "equal counts")
        var out = SecretScalars(zeros: count)
        withSpan { a in other.withSpan { b in out.withMutableSpan { G.subtract(a, b, into: &$0) } } }
        return out
    }

    /// `sum self[i] * other[i]`: one scalar.
    ///
    /// - Precondition: `other.count == count`.
    public borrowing func innerProduct(_ other: borrowing SecretScalars<G>) -> SecretScalars<G> {
        precondition(other.count == count, "equal counts")
        var out = SecretScalars(zeros: 1)
        withSpan { a in other.withSpan { b in out.withMutableSpan { G.innerProduct(a, b, into: &$0) } } }
        return out
    }

    /// `sum self[i] * points[i]`, constant time.
    ///
    /// - Precondition: `points.count == count`.
    public borrowing func multiScalarMul(_ points: [G.Point]) -> G.Point {
        precondition(points.count == count, "one point for each scalar")
        return withSpan { G.multiScalarMul($0, points) }
    }
}

extension SecretScalars {
    /// `self[i] * other[i]`.
    ///
    /// - Precondition: `other.count == count`.
    public borrowing func multiplied(pairwise other: borrowing SecretScalars<G>) -> SecretScalars<G> {
        precondition(other.count == count, "equal counts")
        var out = SecretScalars(zeros: count)
        withSpan { a in other.withSpan { b in out.withMutableSpan { G.multiply(a, b, into: &$0) } } }
        return out
    }
}
