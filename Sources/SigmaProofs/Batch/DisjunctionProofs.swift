// SPDX-License-Identifier: Apache-2.0

internal import FaultInjection
public import Groups
public import Transcripts

/// Batchable proofs of many disjunctions of one family, parsed from columns of bytes; the verdict on each equals that of
/// ``BatchableDisjunctiveProof/verify(_:session:)`` on the statement's ``Disjunction`` (docs/protocol.md, section 9).
///
/// Every equation of every branch is an equation of the batch, with a weight of its own: (6). That the sub-challenges of a statement sum to its
/// challenge, (5), is no equation between elements: it takes no weight and is checked exactly, for each statement by itself.
public struct DisjunctionProofs<G: Group>: BatchMember {
    /// The number of statements of the family.
    public let statementCount: Int
    /// Binds the relations, the statements and all bytes of the proofs: announcements, sub-challenges, responses.
    public let digest: [UInt8]
    /// The statements that are refused before any equation: bad encodings, the identity, an image that is the identity, sub-challenges with another sum.
    /// Ascending.
    public let malformed: [Int]
    private let columns: FamilyColumns<G>

    /// The number of equations of all branches.
    public var equationCount: Int { columns.equationCount }

    /// Parses columns and derives the challenges.
    ///
    /// - Parameters:
    ///   - statements: `n * family.statementByteCount` bytes.
    ///   - proofs: `n` strings of ``BatchableDisjunctiveProof``.
    ///   - session: The session of all of them, as the verifier itself derives it.
    /// - Throws: when the columns are not of one number of statements, or proofs are of another length.
    public init(
        _ family: DisjunctionFamily<G>, statements: Span<UInt8>, proofs: ProofRecords, session: SessionID
    ) throws(ProofRejected) {
        guard proofs.byteCount == family.proofByteCount, statements.count == proofs.count * family.statementByteCount
        else { throw ProofRejected(.shape) }
        let count = proofs.count
        statementCount = count

        // t_0 ... t_(n-1) c_0 ... c_(n-1) z_0 ... z_(n-1)
        let announcementByteCount = family.template.equationCount * G.pointByteCount
        let announced = proofs.withSpan { columnBytes($0, width: proofs.byteCount, part: 0..<announcementByteCount) }
        var columns = FamilyColumns<G>(
            ownCount: family.ownCount, statements: statements, announced: announced.span, equationCount: family.template.equationCount,
            proofs: proofs, scalarOffset: announcementByteCount)
        var (equation, offset) = (0, announcementByteCount + family.branches.count * G.Scalar.byteCount)
        for (number, branch) in family.branches.enumerated() {
            // One that is not below q is zero here, and its statement is refused with the other scalars.
            let subchallenges = columns.scalars(at: announcementByteCount + number * G.Scalar.byteCount, of: 0..<count).scalars
            columns.parts.append(.init(family: branch, firstEquation: equation, responseOffset: offset, challenges: subchallenges))
            equation += branch.template.equations.count
            offset += branch.template.scalarCount * G.Scalar.byteCount
        }
        columns.refuseIdentityImages(statements)

        let absorbed = Fault.isRemoved(.anyOfAbsorbAnnouncements) ? [UInt8](repeating: 0, count: announced.count) : announced
        let challenges = family.statementTemplate.challenges(
            G.self, statements: statements, announcements: absorbed.span, announcementByteCount: announcementByteCount, session: session)
        for statement in 0..<count {
            let sum = columns.parts.reduce(G.Scalar.zero) { $0 + $1.challenges[statement] }
            if sum != challenges[statement], !Fault.isRemoved(.anyOfSum) { columns.refuse(statement) }
        }
        malformed = columns.malformed
        self.columns = columns
        digest = Self.digest(family, statements, proofs, session)
    }

    /// The same for strings end to end, which are copied.
    public init(
        _ family: DisjunctionFamily<G>, statements: Span<UInt8>, proofs: Span<UInt8>, session: SessionID
    ) throws(ProofRejected) {
        guard let records = ProofRecords(copying: proofs, byteCount: family.proofByteCount) else { throw ProofRejected(.shape) }
        try self.init(family, statements: statements, proofs: records, session: session)
    }

    /// Binds statements and proofs.
    private static func digest(
        _ family: DisjunctionFamily<G>, _ statements: Span<UInt8>, _ proofs: ProofRecords, _ session: SessionID
    ) -> [UInt8] {
        var xof = SHAKE128()
        xof.absorb(lengthPrefixed(Array("zkconsent/v1/batch/disjunction".utf8)))
        xof.absorb(session.bytes)
        xof.absorb(lengthPrefixed(family.template.serialized))
        for branch in family.branches { xof.absorb(lengthPrefixed(branch.ownElements.flatMap { littleEndian(UInt64($0)) })) }
        xof.absorb(lengthPrefixed(columnDigest(statements, width: family.statementByteCount)))
        if !Fault.isRemoved(.anyOfBatchDigest) { xof.absorb(lengthPrefixed(proofs.withSpan { columnDigest($0, width: proofs.byteCount) })) }
        var reader = xof.finished()
        return reader.read(32)
    }

    /// For each equation of each branch `t_b + c_b * image_b - map_b(z_b) == 0`, times its weight.
    public func add(_ statements: Range<Int>, weights: [G.Scalar], to sum: inout WeightedEquations<G>) {
        columns.add(statements, weights: weights, to: &sum)
    }
}
