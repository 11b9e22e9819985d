// SPDX-License-Identifier: Apache-2.0

internal import FaultInjection
public import Groups
public import Transcripts

/// Batchable proofs of many statements of one family, parsed from columns of bytes; the verdict on each equals that of
/// ``BatchableProof/verify(_:session:)`` on the statement's ``LinearRelation``.
///
/// All of it is done in bulk: one decoding, transcripts that continue a common prefix in lockstep, weights and responses in the scalar field.
public struct FamilyProofs<G: Group>: BatchMember {
    /// The number of statements of the family.
    public let statementCount: Int
    /// Binds the relation, the statements and all bytes of the proofs.
    public let digest: [UInt8]
    /// The statements that are refused before any equation: bad encodings, the identity, an image that is the identity. Ascending.
    public let malformed: [Int]
    private let columns: FamilyColumns<G>

    /// The number of equations of the relation.
    public var equationCount: Int { columns.equationCount }

    /// Parses columns and derives the challenges.
    ///
    /// - Parameters:
    ///   - statements: `n * family.statementByteCount` bytes.
    ///   - proofs: `n` NARG strings of ``BatchableProof``.
    ///   - session: The session of all of them, as the verifier itself derives it.
    /// - Throws: when the columns are not of one number of statements, or proofs are of another length.
    public init(
        _ family: RelationFamily<G>, statements: Span<UInt8>, proofs: ProofRecords, session: SessionID
    ) throws(ProofRejected) {
        guard proofs.byteCount == BatchableProof<G>.byteCount(for: family.template),
            statements.count == proofs.count * family.statementByteCount
        else { throw ProofRejected(.shape) }
        statementCount = proofs.count
        let equations = family.template.equations.count
        let announcementByteCount = equations * G.pointByteCount
        let announced = proofs.withSpan { columnBytes($0, width: proofs.byteCount, part: 0..<announcementByteCount) }
        var columns = FamilyColumns<G>(
            ownCount: family.ownElements.count, statements: statements, announced: announced.span, equationCount: equations, proofs: proofs,
            scalarOffset: announcementByteCount)
        let challenges = Self.challenges(family, statements, announced, session)
        columns.parts = [.init(family: family, firstEquation: 0, responseOffset: announcementByteCount, challenges: challenges)]
        columns.refuseIdentityImages(statements)
        malformed = columns.malformed
        self.columns = columns
        digest = Self.digest(family, statements, proofs, session)
    }

    /// The same for NARG strings end to end, which are copied.
    public init(
        _ family: RelationFamily<G>, statements: Span<UInt8>, proofs: Span<UInt8>, session: SessionID
    ) throws(ProofRejected) {
        guard let records = ProofRecords(copying: proofs, byteCount: BatchableProof<G>.byteCount(for: family.template))
        else { throw ProofRejected(.shape) }
        try self.init(family, statements: statements, proofs: records, session: session)
    }

    /// The challenges of the proofs.
    private static func challenges(
        _ family: RelationFamily<G>, _ statements: Span<UInt8>, _ announced: [UInt8], _ session: SessionID
    ) -> [G.Scalar] {
        let absorbed = Fault.isRemoved(.pointAbsorbAnnouncement) ? [UInt8](repeating: 0, count: announced.count) : announced
        guard !Fault.isRemoved(.pointAbsorbElements) else {
            let elements = [UInt8](repeating: 0, count: statements.count)
            return family.challenges(statements: elements.span, announcements: absorbed.span, session: session)
        }
        return family.challenges(statements: statements, announcements: absorbed.span, session: session)
    }

    /// Binds statements and proofs.
    private static func digest(
        _ family: RelationFamily<G>, _ statements: Span<UInt8>, _ proofs: ProofRecords, _ session: SessionID
    ) -> [UInt8] {
        var xof = SHAKE128()
        xof.absorb(lengthPrefixed(Array("zkconsent/v1/batch/family".utf8)))
        xof.absorb(session.bytes)
        xof.absorb(lengthPrefixed(family.template.serialized))
        xof.absorb(lengthPrefixed(family.ownElements.flatMap { littleEndian(UInt64($0)) }))
        xof.absorb(lengthPrefixed(columnDigest(statements, width: family.statementByteCount)))
        if !Fault.isRemoved(.familyBatchDigest) {
            xof.absorb(lengthPrefixed(proofs.withSpan { columnDigest($0, width: proofs.byteCount) }))
        }
        var reader = xof.finished()
        return reader.read(32)
    }

    /// For each equation `announcement + c * image - map(responses) == 0`, times its weight.
    public func add(_ statements: Range<Int>, weights: [G.Scalar], to sum: inout WeightedEquations<G>) {
        columns.add(statements, weights: weights, to: &sum)
    }
}
