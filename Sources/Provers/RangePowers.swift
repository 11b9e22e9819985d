// SPDX-License-Identifier: Apache-2.0

internal import Groups
internal import RangeProofs

/// Public vectors of a range proof: powers of its challenges.
struct RangePowers<G: Group> {
    /// `y^i`, `i < N`.
    let ofY: [G.Scalar]
    /// `z^(2+j)`, `j < m`.
    let ofZ: [G.Scalar]
    /// `y^i (z - 1) + z^(2+j) 2^(i mod n)`: what `r(0)` is where no bit is set.
    let constantOfRight: [G.Scalar]

    init(_ parameters: RangeParameters<G>, y: G.Scalar, z: G.Scalar) {
        var ofY = [G.Scalar.one]
        for _ in 1..<parameters.width { ofY.append(ofY[ofY.count - 1] * y) }
        var ofZ = [z * z]
        for _ in 1..<parameters.count { ofZ.append(ofZ[ofZ.count - 1] * z) }
        let less = z - .one
        constantOfRight = ofY.indices.map { index in
            let (value, bit) = (index / parameters.bits, index % parameters.bits)
            return ofY[index] * less + ofZ[value] * G.Scalar(UInt64(1) << UInt64(bit))
        }
        (self.ofY, self.ofZ) = (ofY, ofZ)
    }

    /// `y^-i`, `i < N`.
    func ofY(inverse: G.Scalar) -> [G.Scalar] {
        var powers = [G.Scalar.one]
        for _ in 1..<ofY.count { powers.append(powers[powers.count - 1] * inverse) }
        return powers
    }
}
