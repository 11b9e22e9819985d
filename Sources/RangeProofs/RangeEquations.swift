// SPDX-License-Identifier: Apache-2.0

internal import FaultInjection
internal import Groups
internal import SigmaProofs

/// The two equations of docs/protocol.md, section 10.4, of many proofs of one shape.
///
/// Everything is a column over the proofs, elements too: what a sum needs of all proofs lies together and is never copied.
struct RangeEquations<G: Group>: Sendable {
    private let parameters: RangeParameters<G>
    /// `V_0`, ..., each a column.
    private let commitments: [[G.Point]]
    /// `A`, `S`, `T_1`, `T_2`, `L_0`, `R_0`, ..., each a column.
    private let elements: [[G.Point]]
    private let columns: RangeColumns<G.Scalar>
    /// Whether a proof is refused before any equation. Its equations weigh nothing, so that the others' verdict does not depend on it.
    private let isMalformed: [Bool]

    /// The proofs that are refused, ascending.
    var malformed: [Int] { isMalformed.indices.filter { isMalformed[$0] } }

    /// Decodes the proofs.
    @specialized(where G == Ristretto255)
    init(
        _ parameters: RangeParameters<G>, commitments: RangeCommitments<G>, proofs: Span<UInt8>, challenges: RangeChallengeColumns<G>,
        acceptsIdentityCommitments: Bool
    ) {
        let layout = RangeProofLayout(parameters)
        let width = parameters.proofByteCount
        let count = challenges.y.count
        var isMalformed = [Bool](repeating: false, count: count)
        for proof in commitments.refused { isMalformed[proof] = true }
        let checksIdentity = !Fault.isRemoved(.rangeIdentity)
        if checksIdentity && !acceptsIdentityCommitments {
            for values in commitments.points {
                for proof in values.indices where G.isIdentity(values[proof]) { isMalformed[proof] = true }
            }
        }
        let (elements, refused) = decodedColumns(
            G.self, proofs, width: width, parts: (0..<layout.elementCount).map { layout.element($0) })
        for proof in refused { isMalformed[proof] = true }
        if checksIdentity {
            for points in elements {
                for proof in points.indices where G.isIdentity(points[proof]) { isMalformed[proof] = true }
            }
        }
        var responses: [[G.Scalar]] = []
        for slot in 0..<layout.scalarCount {
            let bytes = columnBytes(proofs, width: width, part: layout.scalar(slot))
            let (scalars, refused) = G.Scalar.decodeEach(canonical: bytes.span)
            for proof in refused { isMalformed[proof] = true }
            responses.append(scalars)
        }
        // What is divided by must not be zero, in refused proofs neither.
        var (y, u) = (challenges.y, challenges.u)
        for proof in 0..<count where y[proof] == .zero {
            y[proof] = .one
            isMalformed[proof] = true
        }
        for round in u.indices {
            for proof in 0..<count where u[round][proof] == .zero {
                u[round][proof] = .one
                isMalformed[proof] = true
            }
        }
        self.parameters = parameters
        self.commitments = commitments.points
        self.elements = elements
        self.isMalformed = isMalformed
        columns = RangeColumns(
            bits: parameters.bits, count: parameters.count, y: y, z: challenges.z, x: challenges.x, w: challenges.w, u: u,
            responses: responses)
    }

    /// Adds both equations of each proof, times the weights, proof by proof.
    @specialized(where G == Ristretto255)
    func add(_ proofs: Range<Int>, weights: [G.Scalar], to sum: inout WeightedEquations<G>) {
        var own: [[G.Scalar]] = [[], []]
        for equation in 0..<2 {
            own[equation] = proofs.indices.map {
                isMalformed[$0] ? .zero : weights[2 * ($0 - proofs.lowerBound) + equation]
            }
        }
        if !Fault.isRemoved(.rangePolynomialEquation) { addPolynomial(proofs, own[0], to: &sum) }
        if !Fault.isRemoved(.rangeProductEquation) { addProduct(proofs, own[1], to: &sum) }
    }

    /// Equation (R1): `0 = z^2 sum_j z^j V_j + (delta - t_x) B + x T_1 + x^2 T_2 - tau_x H`.
    @specialized(where G == Ristretto255)
    private func addPolynomial(_ proofs: Range<Int>, _ weights: [G.Scalar], to sum: inout WeightedEquations<G>) {
        typealias S = G.Scalar
        let (x, z) = (Array(columns.x[proofs]), Array(columns.z[proofs]))
        let first = S.products(weights, x)
        sum.add(first, elements[2][proofs])
        sum.add(S.products(first, x), elements[3][proofs])
        var power = S.products(weights, Array(columns.zSquared[proofs]))
        for value in 0..<parameters.count {
            if value > 0 { power = S.products(power, z) }
            sum.add(power, commitments[value][proofs])
        }
        let onValues = S.innerProduct(weights, Array(columns.evaluation[proofs]))
        let onBlindings = -S.innerProduct(weights, Array(columns.polynomialBlinding[proofs]))
        sum.add([onValues, onBlindings, .zero], sharing: parameters.sharedBases)
    }

    /// Equation (R2): `0 = A + x S - mu H + w (t_x - a b) U + sum_k (u_k^2 L_k + u_k^-2 R_k)
    /// + sum_i (-z - a s_i) G_i + sum_i (z + y^-i (z^(2+j) 2^(i mod n) - b / s_i)) H_i`.
    @specialized(where G == Ristretto255)
    private func addProduct(_ proofs: Range<Int>, _ weights: [G.Scalar], to sum: inout WeightedEquations<G>) {
        typealias S = G.Scalar
        let k = parameters.rounds
        sum.addShort(weights, elements[0][proofs])
        sum.add(S.products(weights, Array(columns.x[proofs])), elements[1][proofs])
        for round in 0..<k {
            sum.add(S.products(weights, Array(columns.uSquared[round][proofs])), elements[4 + 2 * round][proofs])
            sum.add(S.products(weights, Array(columns.uInverseSquared[round][proofs])), elements[5 + 2 * round][proofs])
        }
        let onBlindings = -S.innerProduct(weights, Array(columns.vectorBlinding[proofs]))
        let onProduct = S.innerProduct(weights, Array(columns.product[proofs]))
        sum.add([.zero, onBlindings, onProduct], sharing: parameters.sharedBases)

        let places = k * proofs.lowerBound..<k * proofs.upperBound
        let uniform = S.innerProduct(weights, Array(columns.z[proofs]))
        var left = [S](repeating: -uniform, count: parameters.width)
        var right = [S](repeating: uniform, count: parameters.width)
        S.addTensors(S.products(weights, Array(columns.leftScale[proofs])), ratios: Array(columns.leftRatios[places]), into: &left)
        S.addTensors(S.products(weights, Array(columns.rightScale[proofs])), ratios: Array(columns.rightRatios[places]), into: &right)
        S.addTensors(S.products(weights, Array(columns.zSquared[proofs])), ratios: Array(columns.rangeRatios[places]), into: &right)
        sum.add(left + right, sharing: parameters.sharedVectors)
    }
}
