// SPDX-License-Identifier: Apache-2.0

internal import Groups

/// The scalars of many proofs of one shape as the equations need them, each in a column over the proofs.
///
/// | docs/protocol.md, section 10.4 | column |
/// |---|---|
/// | `delta(y, z) - t_x` | ``evaluation`` |
/// | `w (t_x - a b)` | ``product`` |
/// | `-a s_i`, as a scale and a ratio for each bit of `i` | ``leftScale``, ``leftRatios`` |
/// | `-b y^-i / s_i`, likewise | ``rightScale``, ``rightRatios`` |
/// | `z^(2+j) 2^(i mod n) y^-i`, likewise with scale `z^2` | ``rangeRatios`` |
///
/// All three are products over the bits of `i`, so that a coefficient costs one multiplication. Ratios: those of proof 0, least bit first,
/// then those of proof 1, and so on.
struct RangeColumns<S: GroupScalar>: Sendable {
    let x: [S]
    let z: [S]
    let zSquared: [S]
    let evaluation: [S]
    let polynomialBlinding: [S]
    let vectorBlinding: [S]
    let product: [S]
    /// For each round.
    let uSquared: [[S]]
    let uInverseSquared: [[S]]
    let leftScale: [S]
    let leftRatios: [S]
    let rightScale: [S]
    let rightRatios: [S]
    let rangeRatios: [S]

    /// - Parameters:
    ///   - bits: `n`.
    ///   - count: `m`.
    ///   - y: not zero.
    ///   - u: for each round a column without zero.
    ///   - responses: the columns `t_x, tau_x, mu, a, b`.
    @specialized(where S == Ristretto255.Scalar)
    init(bits: Int, count: Int, y: [S], z: [S], x: [S], w: [S], u: [[S]], responses: [[S]]) {
        let proofs = y.count
        let k = u.count
        let (tx, a, b) = (responses[0], responses[3], responses[4])
        self.x = x
        self.z = z
        polynomialBlinding = responses[1]
        vectorBlinding = responses[2]
        zSquared = S.products(z, z)

        // Nothing is zero, so there are inverses.
        let inverses = S.vartimeInverses(y + u.flatMap { $0 }) ?? []
        let uInverse = (1..<k + 1).map { Array(inverses[$0 * proofs..<($0 + 1) * proofs]) }
        uSquared = u.map { S.products($0, $0) }
        uInverseSquared = uInverse.map { S.products($0, $0) }
        var (scale, inverseScale) = (a, b.negated)
        for round in 0..<k {
            scale = S.products(scale, uInverse[round])
            inverseScale = S.products(inverseScale, u[round])
        }
        (leftScale, rightScale) = (scale.negated, inverseScale)

        // y^(2^t), y^(-2^t), z^(2^t).
        let logBits = bits.trailingZeroBitCount
        let one = [S](repeating: .one, count: proofs)
        var yPower = y
        var yInversePower = Array(inverses[..<proofs])
        var zPower = z
        var (ySum, zSum) = (one, one)
        var left: [[S]] = []
        var right: [[S]] = []
        var range: [[S]] = []
        for t in 0..<k {
            ySum = S.products(ySum, one.adding(yPower))
            left.append(uSquared[k - 1 - t])
            right.append(S.products(uInverseSquared[k - 1 - t], yInversePower))
            if t < logBits {
                let two = [S](repeating: S(UInt64(1) << (UInt64(1) << UInt64(t))), count: proofs)
                range.append(S.products(yInversePower, two))
            } else {
                range.append(S.products(yInversePower, zPower))
                zSum = S.products(zSum, one.adding(zPower))
                zPower = S.products(zPower, zPower)
            }
            yPower = S.products(yPower, yPower)
            yInversePower = S.products(yInversePower, yInversePower)
        }
        (leftRatios, rightRatios, rangeRatios) = (interleaved(left, proofs), interleaved(right, proofs), interleaved(range, proofs))

        // delta = (z - z^2) <1, y^N> - z^3 (2^n - 1) sum_j z^j
        let largest = [S](repeating: S(UInt64.max >> UInt64(64 - bits)), count: proofs)
        let subtracted = S.products(S.products(S.products(zSquared, z), largest), zSum)
        evaluation = S.products(z.subtracting(zSquared), ySum).subtracting(subtracted).subtracting(tx)
        product = S.products(w, tx.subtracting(S.products(a, b)))
    }
}

/// Element `p` of each column, for every `p` in turn.
private func interleaved<S: GroupScalar>(_ columns: [[S]], _ count: Int) -> [S] {
    var all: [S] = []
    all.reserveCapacity(count * columns.count)
    for p in 0..<count { for column in columns { all.append(column[p]) } }
    return all
}

// Columns of equal length.
extension Array where Element: GroupScalar {
    fileprivate func adding(_ b: [Element]) -> [Element] { indices.map { self[$0] + b[$0] } }
    fileprivate func subtracting(_ b: [Element]) -> [Element] { indices.map { self[$0] - b[$0] } }
    fileprivate var negated: [Element] { map { -$0 } }
}
