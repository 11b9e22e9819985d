// SPDX-License-Identifier: Apache-2.0

internal import Groups

/// The scalars of many proofs about one set as the equations need them, each in a column over the proofs.
struct MembershipColumns<S: GroupScalar>: Sendable {
    /// `x`.
    let challenges: [S]
    /// `f_(0,0) ... f_(0,3) f_(1,0) ... f_(m-1,3)`, each a column.
    let digitValues: [[S]]
    /// `z_A`.
    let digitBlinding: [S]
    /// `z_C`.
    let bitBlinding: [S]
    /// `z`.
    let setBlinding: [S]

    /// - Parameters:
    ///   - digits: `m`.
    ///   - responses: `f_(j,1) f_(j,2) f_(j,3)` of all digits, then `z_A z_C z`.
    init(digits: Int, challenges: [S], responses: [[S]]) {
        self.challenges = challenges
        let sent = MembershipShape.base - 1
        digitValues = (0..<digits).flatMap { j in
            let own = Array(responses[sent * j..<sent * (j + 1)])
            // f_(j,0) = x - f_(j,1) - f_(j,2) - f_(j,3)
            let first = challenges.indices.map { p in own.reduce(challenges[p]) { $0 - $1[p] } }
            return [first] + own
        }
        digitBlinding = responses[sent * digits]
        bitBlinding = responses[sent * digits + 1]
        setBlinding = responses[sent * digits + 2]
    }

    /// For each member the sum over the proofs of `weight * prod_j f_(j,i_j)`, the last one for all places that are left.
    ///
    /// The product over the lower digits is a column of a matrix and that over the upper ones a row, so that a coefficient costs one
    /// multiplication for each proof.
    ///
    /// - Parameters:
    ///   - weights: one for each proof.
    ///   - count: `M`, at most `4^m`.
    @specialized(where S == Ristretto255.Scalar)
    func coefficients(weights: [S], count: Int) -> [S] {
        let (base, proofs) = (MembershipShape.base, challenges.count)
        let digits = digitValues.count / base
        let lower = (digits + 1) / 2
        let width = 1 << (2 * lower)
        let height = (count + width - 1) / width
        let columns = products(digits: 0..<lower, start: [S](repeating: .one, count: proofs))
        let rows = products(digits: lower..<digits, start: weights)
        var sums = [S](repeating: .zero, count: height * width)
        S.addOuterProducts(byProof(rows, proofs), byProof(columns, proofs), terms: proofs, into: &sums)

        // Places after the last member: in its own row, and in rows of which no product was computed.
        var rest = sums[count...].reduce(S.zero) { $0 + $1 }
        let columnTotal = (0..<proofs).map { p in columns.reduce(S.zero) { $0 + $1[p] } }
        for row in rows[height...] { rest = rest + S.innerProduct(row, columnTotal) }
        sums.removeLast(sums.count - count)
        sums[count - 1] = sums[count - 1] + rest
        return sums
    }

    /// For every combination of values of these digits, the lowest digit changing fastest, a column of products that begin with `start`.
    private func products(digits: Range<Int>, start: [S]) -> [[S]] {
        var all = [start]
        for j in digits {
            all = (0..<MembershipShape.base).flatMap { value in all.map { S.products($0, digitValues[MembershipShape.base * j + value]) } }
        }
        return all
    }

    /// Element `p` of each column, for every `p` in turn.
    private func byProof(_ columns: [[S]], _ proofs: Int) -> [S] {
        var all: [S] = []
        all.reserveCapacity(proofs * columns.count)
        for p in 0..<proofs { for column in columns { all.append(column[p]) } }
        return all
    }
}
