// SPDX-License-Identifier: Apache-2.0

internal import FaultInjection
public import Groups
public import SigmaProofs
internal import Transcripts

/// Membership proofs about one set, parsed from columns of bytes: a member of the one batch that everything is verified in.
///
/// The three equations of each proof have weights of their own, drawn after every byte of every proof is known. The coefficients of the set's
/// members are added up over the proofs before anything is multiplied.
public struct MembershipProofs<T: MembershipTranscript>: BatchMember {
    public typealias G = T.G

    private let parameters: MembershipParameters<G>
    public let statementCount: Int
    public var equationCount: Int { 3 }
    public let digest: [UInt8]
    /// The statements that are refused before any equation: bad encodings, the identity. Ascending.
    public let malformed: [Int]

    /// `K'` of each statement.
    private let elements: [G.Point]
    /// `A B C D Q_0 ... Q_(m-1)`, statement by statement.
    private let announcements: [G.Point]
    private let challenges: [G.Scalar]
    /// `f_(j,1) f_(j,2) f_(j,3)` of all digits, then `z_A z_C z`: a column over the statements for each.
    private let responses: [[G.Scalar]]

    /// Parses columns and derives the challenges.
    ///
    /// - Parameters:
    ///   - openings: What the transcripts begin with, as the verifier itself derives it.
    ///   - elements: `openings.count * G.pointByteCount` bytes: each statement's `K'`.
    ///   - proofs: `openings.count * parameters.proofByteCount` bytes.
    /// - Throws: when the columns are not of as many statements as there are openings.
    public init(
        _ parameters: MembershipParameters<G>, openings: [T.Opening], elements: Span<UInt8>, proofs: Span<UInt8>
    ) throws(ProofRejected) {
        let count = openings.count
        let (point, width, shape) = (G.pointByteCount, parameters.proofByteCount, parameters.set.shape)
        guard elements.count == count * point, proofs.count == count * width else { throw ProofRejected(.shape) }
        self.parameters = parameters
        statementCount = count
        var isMalformed = [Bool](repeating: false, count: count)

        let announcementByteCount = shape.elements * point
        let announcementBytes = column(proofs, width: width, part: 0..<announcementByteCount)
        var (announcements, refused) = G.decodeEach(canonical: announcementBytes.span)
        var (own, refusedOwn) = G.decodeEach(canonical: elements)
        for index in refused { isMalformed[index / shape.elements] = true }
        for index in refusedOwn { isMalformed[index] = true }
        if !Fault.isRemoved(.membershipIdentity) {
            for index in announcements.indices where G.isIdentity(announcements[index]) { isMalformed[index / shape.elements] = true }
            for index in own.indices where G.isIdentity(own[index]) { isMalformed[index] = true }
        }
        let scalarBytes = column(proofs, width: width, part: announcementByteCount..<width)
        var (scalars, refusedScalars) = G.Scalar.decodeEach(canonical: scalarBytes.span)
        for index in refusedScalars { isMalformed[index / shape.responses] = true }

        var challenges = openings.indices.map { index in
            T.challenge(
                openings[index], parameters, element: elements.extracting(index * point..<(index + 1) * point),
                announcement: proofs.extracting(index * width..<index * width + announcementByteCount))
        }
        let malformed = isMalformed.indices.filter { isMalformed[$0] }
        for statement in malformed {
            // 0 == 0, so that the others' verdict does not depend on it.
            own[statement] = G.identity
            challenges[statement] = .zero
            for index in statement * shape.elements..<(statement + 1) * shape.elements { announcements[index] = G.identity }
            for index in statement * shape.responses..<(statement + 1) * shape.responses { scalars[index] = .zero }
        }
        self.malformed = malformed
        self.elements = own
        self.announcements = announcements
        self.challenges = challenges
        responses = (0..<shape.responses).map { place in (0..<count).map { scalars[$0 * shape.responses + place] } }
        digest = Self.digest(parameters, openings, elements, proofs)
    }

    /// Binds statements and proofs.
    private static func digest(
        _ parameters: MembershipParameters<G>, _ openings: [T.Opening], _ elements: Span<UInt8>, _ proofs: Span<UInt8>
    ) -> [UInt8] {
        var xof = SHAKE128()
        xof.absorb(lengthPrefixed(Array("zkconsent/v1/batch/membership".utf8)))
        xof.absorb(parameters.set.digest + parameters.baseEncoding)
        for opening in openings { xof.absorb(lengthPrefixed(T.bytes(of: opening))) }
        xof.absorb(elements)
        if !Fault.isRemoved(.membershipBatchDigest) { xof.absorb(proofs) }
        var reader = xof.finished()
        return reader.read(32)
    }

    /// The equations of docs/protocol.md, section 11.4, moved to one side.
    public func add(_ statements: Range<Int>, weights: [G.Scalar], to sum: inout WeightedEquations<G>) {
        func own(_ equation: Int) -> [G.Scalar] { statements.indices.map { weights[3 * ($0 - statements.lowerBound) + equation] } }
        let columns = MembershipColumns(
            digits: parameters.set.shape.digits, challenges: Array(challenges[statements]),
            responses: responses.map { Array($0[statements]) })
        if !Fault.isRemoved(.membershipDigitEquation) { addDigits(statements, columns, own(0), to: &sum) }
        if !Fault.isRemoved(.membershipBitEquation) { addBits(statements, columns, own(1), to: &sum) }
        if !Fault.isRemoved(.membershipSetEquation) { addSet(statements, columns, own(2), to: &sum) }
    }

    /// Equation (M1): `0 = A + x B - sum f G - z_A F`.
    private func addDigits(
        _ statements: Range<Int>, _ columns: MembershipColumns<G.Scalar>, _ weights: [G.Scalar], to sum: inout WeightedEquations<G>
    ) {
        sum.addShort(weights, announcement(0, of: statements))
        sum.add(G.Scalar.products(weights, columns.challenges), announcement(1, of: statements))
        let blinding = G.Scalar.innerProduct(weights, columns.digitBlinding)
        sum.add([-blinding] + columns.digitValues.map { -G.Scalar.innerProduct(weights, $0) }, sharing: parameters.bases)
    }

    /// Equation (M2): `0 = D + x C - sum f (x - f) G - z_C F`.
    private func addBits(
        _ statements: Range<Int>, _ columns: MembershipColumns<G.Scalar>, _ weights: [G.Scalar], to sum: inout WeightedEquations<G>
    ) {
        sum.addShort(weights, announcement(3, of: statements))
        sum.add(G.Scalar.products(weights, columns.challenges), announcement(2, of: statements))
        let blinding = G.Scalar.innerProduct(weights, columns.bitBlinding)
        let bits = columns.digitValues.map { f in
            -G.Scalar.innerProduct(weights, G.Scalar.products(f, f.indices.map { columns.challenges[$0] - f[$0] }))
        }
        sum.add([-blinding] + bits, sharing: parameters.bases)
    }

    /// Equation (M3): `0 = sum_k x^k Q_k + x^m K' + z H - sum_i p_i K_i`, the last member at all places that are left.
    private func addSet(
        _ statements: Range<Int>, _ columns: MembershipColumns<G.Scalar>, _ weights: [G.Scalar], to sum: inout WeightedEquations<G>
    ) {
        let digits = parameters.set.shape.digits
        sum.addShort(weights, announcement(4, of: statements))
        var power = weights
        for k in 1...digits {
            power = G.Scalar.products(power, columns.challenges)
            sum.add(power, k < digits ? announcement(4 + k, of: statements) : Array(elements[statements]))
        }
        sum.add([G.Scalar.innerProduct(weights, columns.setBlinding)], sharing: parameters.sharedBase)
        sum.add(columns.coefficients(weights: weights.map { -$0 }, count: parameters.set.count), sharing: parameters.set.members)
    }

    /// Element `place` of each announcement.
    private func announcement(_ place: Int, of statements: Range<Int>) -> [G.Point] {
        let width = parameters.set.shape.elements
        return statements.map { announcements[$0 * width + place] }
    }
}

/// Bytes `part` of each record of `width` bytes, end to end.
private func column(_ records: Span<UInt8>, width: Int, part: Range<Int>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(records.count / width * part.count)
    records.withUnsafeBytes { records in
        for start in stride(from: 0, to: records.count, by: width) {
            bytes += records[start + part.lowerBound..<start + part.upperBound]
        }
    }
    return bytes
}
