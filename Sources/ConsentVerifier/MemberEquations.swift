// SPDX-License-Identifier: Apache-2.0
package import ConsentModel
private import FaultInjection
internal import Groups
package import MembershipProofs
internal import SigmaProofs
package import Transcripts

/// Unlinkable point proofs of one session as columns, all that their equations need.
package struct MemberColumns: Sendable {
    /// The linear and the range parts, with `K'` in place of `K`.
    package var points: PointColumns
    /// The membership parts, end to end.
    package var membership: [UInt8]

    /// Columns of one number of rows, of the widths that statement and set give.
    package init(points: PointColumns, membership: [UInt8]) {
        self.points = points
        self.membership = membership
    }
}

/// The equations of docs/protocol.md section 14 over unlinkable point proofs of one session. The prover's self-check is the same code.
package struct MemberEquations: Sendable {
    /// The equations of the linear and the range parts.
    package let points: PointEquations

    /// The equations of `relation`.
    package init(_ relation: PointRelation) {
        points = PointEquations(relation)
    }

    /// The rows that do not hold, ascending. Closed batches: weights come from all bytes of these rows and fresh randomness.
    ///
    /// Timing: variable; everything is public.
    ///
    /// - Parameter limit: at least 1: when so many rows are found whose membership parts do not hold, each of which costs sums over the whole set, or so
    ///   many whose other parts do not, others are left out.
    package func failures(
        _ columns: MemberColumns, session: SessionID, _ parameters: MembershipParameters<Suite>, limit: Int = .max
    ) -> [Int] {
        var failures = Set(membershipFailures(columns, session: session, parameters, limit: limit))
        failures.formUnion(points.failures(columns.points, session: session, limit: limit))
        return failures.sorted()
    }

    /// The rows whose membership parts do not hold, ascending.
    package func membershipFailures(
        _ columns: MemberColumns, session: SessionID, _ parameters: MembershipParameters<Suite>, limit: Int
    ) -> [Int] {
        guard !Fault.isRemoved(.memberMembership) else { return [] }
        var batch = VerificationBatch<Suite>()
        do throws(ProofRejected) {
            batch.append(
                try MembershipProofs<SpongeMembershipTranscript<Suite>>(
                    parameters, openings: contexts(columns.points, session: session), elements: columns.points.consents.span,
                    proofs: columns.membership.span))
        } catch {
            return Array(0..<columns.points.count)
        }
        return batch.failures(limit: limit).map(\.statement)
    }

    /// What the membership part of each row is bound to: a digest of the session, of the row's own elements with `K'`, of its linear part and of its
    /// range part.
    package func contexts(_ columns: PointColumns, session: SessionID) -> [MembershipContext] {
        let statements = points.statements(columns)
        let relation = points.relation
        let (own, proof) = (relation.branches[0].family.statementByteCount, relation.rangeProofByteCount)
        return (0..<columns.count).map { row in
            guard !Fault.isRemoved(.memberBinding) else {
                return MembershipContext(session: MemberSession.membership, statement: session.bytes)
            }
            var input = session.bytes
            input += columns.consents[32 * row..<32 * row + 32]
            input += statements[own * row..<own * (row + 1)]
            input += columns.sigma[row]
            input += columns.rangeProofs[proof * row..<proof * (row + 1)]
            return MembershipContext(session: MemberSession.membership, statement: SHAKE128.hash(input, count: 32))
        }
    }
}
