// SPDX-License-Identifier: Apache-2.0

internal import FaultInjection
public import Groups
public import SigmaProofs
internal import Transcripts

/// Range proofs of one shape, parsed from columns of bytes: a member of the one batch that everything is verified in.
///
/// Both equations of each proof have a weight of their own, drawn after every byte of every proof is known.
/// All scalar work is done on columns, one scalar of every proof at a time.
public struct RangeProofs<T: RangeTranscript & ~Copyable>: BatchMember {
    /// The group of the transcript.
    public typealias G = T.G

    private let parameters: RangeParameters<G>
    /// The number of proofs.
    public let statementCount: Int
    /// The equation of the polynomial and that of the inner product.
    public var equationCount: Int { 2 }
    /// Binds every statement and every byte of every proof.
    public let digest: [UInt8]
    /// The statements that are refused before any equation: bad encodings, the identity, a challenge that is zero. Ascending.
    public let malformed: [Int]

    /// `V`, statement by statement.
    private let commitments: [G.Point]
    /// `A S T_1 T_2 L_0 R_0 ...`, statement by statement.
    private let elements: [G.Point]
    private let columns: RangeColumns<G.Scalar>

    /// Parses columns and derives the challenges.
    ///
    /// - Parameters:
    ///   - openings: What the transcripts begin with, as the verifier itself derives it.
    ///   - commitments: `openings.count * parameters.statementByteCount` bytes.
    ///   - proofs: `openings.count * parameters.proofByteCount` bytes.
    /// - Throws: when the columns are not of as many statements as there are openings.
    public init(
        _ parameters: RangeParameters<G>, openings: [T.Opening], commitments: Span<UInt8>, proofs: Span<UInt8>
    ) throws(ProofRejected) {
        let count = openings.count
        guard commitments.count == count * parameters.statementByteCount, proofs.count == count * parameters.proofByteCount
        else { throw ProofRejected(.shape) }
        self.parameters = parameters
        statementCount = count
        let layout = RangeProofLayout(parameters)
        let width = parameters.proofByteCount
        let elementCount = 4 + 2 * parameters.rounds
        var isMalformed = [Bool](repeating: false, count: count)

        let elementBytes = gather(proofs, width: width, parts: [layout.vectors, layout.polynomial, layout.allRounds])
        var (elements, refusedElements) = G.decodeEach(canonical: elementBytes.span)
        var (values, refusedValues) = G.decodeEach(canonical: commitments)
        for index in refusedElements { isMalformed[index / elementCount] = true }
        for index in refusedValues { isMalformed[index / parameters.count] = true }
        if !Fault.isRemoved(.rangeIdentity) {
            for index in elements.indices where G.isIdentity(elements[index]) { isMalformed[index / elementCount] = true }
            if !T.acceptsIdentityCommitments {
                for index in values.indices where G.isIdentity(values[index]) { isMalformed[index / parameters.count] = true }
            }
        }
        let scalarBytes = gather(proofs, width: width, parts: [layout.responses, layout.last])
        var (scalars, refusedScalars) = G.Scalar.decodeEach(canonical: scalarBytes.span)
        for index in refusedScalars { isMalformed[index / 5] = true }

        var challenges = T.challenges(openings, parameters, commitments: commitments, proofs: proofs)
        for (statement, challenge) in challenges.enumerated() where challenge.y == .zero || challenge.u.contains(.zero) {
            isMalformed[statement] = true
        }
        let malformed = isMalformed.indices.filter { isMalformed[$0] }
        for statement in malformed {
            // 0 == 0, so that the others' verdict does not depend on it.
            for index in statement * elementCount..<(statement + 1) * elementCount { elements[index] = G.identity }
            for index in statement * parameters.count..<(statement + 1) * parameters.count { values[index] = G.identity }
            for index in 5 * statement..<5 * (statement + 1) { scalars[index] = .zero }
            challenges[statement] = RangeChallenges(
                y: .one, z: .zero, x: .zero, w: .zero, u: [G.Scalar](repeating: .one, count: parameters.rounds))
        }
        self.malformed = malformed
        self.commitments = values
        self.elements = elements
        columns = RangeColumns(
            bits: parameters.bits, count: parameters.count, y: challenges.map { $0.y }, z: challenges.map { $0.z },
            x: challenges.map { $0.x },
            w: challenges.map { $0.w }, u: (0..<parameters.rounds).map { round in challenges.map { $0.u[round] } },
            responses: (0..<5).map { slot in (0..<count).map { scalars[5 * $0 + slot] } })
        digest = Self.digest(parameters, openings, commitments, proofs)
    }

    /// Binds statements and proofs.
    private static func digest(
        _ parameters: RangeParameters<G>, _ openings: [T.Opening], _ commitments: Span<UInt8>, _ proofs: Span<UInt8>
    ) -> [UInt8] {
        var xof = SHAKE128()
        xof.absorb(lengthPrefixed(Array("zkconsent/v1/batch/range".utf8)))
        xof.absorb(littleEndian(UInt32(parameters.bits)) + littleEndian(UInt32(parameters.count)) + parameters.baseEncodings)
        for opening in openings { xof.absorb(lengthPrefixed(T.bytes(of: opening))) }
        let leaf = SHAKE128()
        xof.absorb(leaf.hashEach(commitments, messageByteCount: parameters.statementByteCount, byteCount: 32))
        if !Fault.isRemoved(.rangeBatchDigest) {
            xof.absorb(leaf.hashEach(proofs, messageByteCount: parameters.proofByteCount, byteCount: 32))
        }
        var reader = xof.finished()
        return reader.read(32)
    }

    /// The two equations of docs/protocol.md, section 10.4, moved to one side.
    public func add(_ statements: Range<Int>, weights: [G.Scalar], to sum: inout WeightedEquations<G>) {
        let polynomial = statements.indices.map { weights[2 * ($0 - statements.lowerBound)] }
        let product = statements.indices.map { weights[2 * ($0 - statements.lowerBound) + 1] }
        if !Fault.isRemoved(.rangePolynomialEquation) { addPolynomial(statements, polynomial, to: &sum) }
        if !Fault.isRemoved(.rangeProductEquation) { addProduct(statements, product, to: &sum) }
    }

    /// Equation (R1): `0 = z^2 sum_j z^j V_j + (delta - t_x) B + x T_1 + x^2 T_2 - tau_x H`.
    private func addPolynomial(_ statements: Range<Int>, _ weights: [G.Scalar], to sum: inout WeightedEquations<G>) {
        typealias S = G.Scalar
        let (x, z) = (Array(columns.x[statements]), Array(columns.z[statements]))
        let first = S.products(weights, x)
        sum.add(first, element(2, of: statements))
        sum.add(S.products(first, x), element(3, of: statements))
        var power = S.products(weights, Array(columns.zSquared[statements]))
        for value in 0..<parameters.count {
            if value > 0 { power = S.products(power, z) }
            sum.add(power, statements.map { commitments[$0 * parameters.count + value] })
        }
        let onValues = S.innerProduct(weights, Array(columns.evaluation[statements]))
        let onBlindings = -S.innerProduct(weights, Array(columns.polynomialBlinding[statements]))
        sum.add([onValues, onBlindings, .zero], sharing: parameters.sharedBases)
    }

    /// Equation (R2): `0 = A + x S - mu H + w (t_x - a b) U + sum_k (u_k^2 L_k + u_k^-2 R_k)
    /// + sum_i (-z - a s_i) G_i + sum_i (z + y^-i (z^(2+j) 2^(i mod n) - b / s_i)) H_i`.
    private func addProduct(_ statements: Range<Int>, _ weights: [G.Scalar], to sum: inout WeightedEquations<G>) {
        typealias S = G.Scalar
        let k = parameters.rounds
        sum.addShort(weights, element(0, of: statements))
        sum.add(S.products(weights, Array(columns.x[statements])), element(1, of: statements))
        for round in 0..<k {
            sum.add(S.products(weights, Array(columns.uSquared[round][statements])), element(4 + 2 * round, of: statements))
            sum.add(S.products(weights, Array(columns.uInverseSquared[round][statements])), element(5 + 2 * round, of: statements))
        }
        let onBlindings = -S.innerProduct(weights, Array(columns.vectorBlinding[statements]))
        let onProduct = S.innerProduct(weights, Array(columns.product[statements]))
        sum.add([.zero, onBlindings, onProduct], sharing: parameters.sharedBases)

        let places = k * statements.lowerBound..<k * statements.upperBound
        let uniform = S.innerProduct(weights, Array(columns.z[statements]))
        var left = [S](repeating: -uniform, count: parameters.width)
        var right = [S](repeating: uniform, count: parameters.width)
        S.addTensors(
            S.products(weights, Array(columns.leftScale[statements])), ratios: Array(columns.leftRatios[places]), into: &left)
        S.addTensors(
            S.products(weights, Array(columns.rightScale[statements])), ratios: Array(columns.rightRatios[places]), into: &right)
        S.addTensors(
            S.products(weights, Array(columns.zSquared[statements])), ratios: Array(columns.rangeRatios[places]), into: &right)
        sum.add(left + right, sharing: parameters.sharedVectors)
    }

    /// Element `place` of each proof.
    private func element(_ place: Int, of statements: Range<Int>) -> [G.Point] {
        let width = 4 + 2 * parameters.rounds
        return statements.map { elements[$0 * width + place] }
    }
}

/// Parts of each record of `width` bytes, end to end.
private func gather(_ records: Span<UInt8>, width: Int, parts: [Range<Int>]) -> [UInt8] {
    let count = records.count / width
    let size = parts.reduce(0) { $0 + $1.count }
    return [UInt8](unsafeUninitializedCapacity: count * size) { buffer, initialized in
        let out = UnsafeMutableRawBufferPointer(buffer)
        records.withUnsafeBytes { records in
            var start = 0
            for index in 0..<count {
                for part in parts {
                    let source = records[index * width + part.lowerBound..<index * width + part.upperBound]
                    UnsafeMutableRawBufferPointer(rebasing: out[start..<start + part.count])
                        .copyMemory(from: UnsafeRawBufferPointer(rebasing: source))
                    start += part.count
                }
            }
        }
        initialized = count * size
    }
}
