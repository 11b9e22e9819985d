// SPDX-License-Identifier: Apache-2.0
package import ConsentModel
private import FaultInjection
internal import Groups
private import Primitives
package import RangeProofs
internal import SigmaProofs
package import Transcripts

/// Point proofs of one session as columns, all that their equations need. Rows of bytes lie end to end.
package struct PointColumns: Sendable {
    /// `D`, 32 bytes each.
    package var dataPoints: [UInt8]
    /// `K`, 32 bytes each.
    package var consents: [UInt8]
    /// For each revealed attribute of the statement one value for each row.
    package var revealed: [[ConsentValue]]
    /// The linear parts.
    package var sigma: BytesColumn
    /// The commitments of the range parts; empty without range clauses.
    package var rangeCommitments: [UInt8]
    /// The range proofs; empty without range clauses.
    package var rangeProofs: [UInt8]

    /// Columns of one number of rows, of the widths that the statement gives.
    package init(
        dataPoints: [UInt8], consents: [UInt8], revealed: [[ConsentValue]], sigma: BytesColumn, rangeCommitments: [UInt8],
        rangeProofs: [UInt8]
    ) {
        self.dataPoints = dataPoints
        self.consents = consents
        self.revealed = revealed
        self.sigma = sigma
        self.rangeCommitments = rangeCommitments
        self.rangeProofs = rangeProofs
    }

    /// The number of rows.
    package var count: Int { dataPoints.count / 32 }
}

/// The equations of docs/protocol.md section 12 over point proofs of one session. The prover's self-check is the same code.
package struct PointEquations: Sendable {
    let relation: PointRelation
    private let revealedBases: Suite.FixedBases?

    /// The equations of `relation`.
    package init(_ relation: PointRelation) {
        self.relation = relation
        revealedBases = relation.revealedBases.isEmpty ? nil : Suite.fixedBases(relation.revealedBases)
    }

    /// The rows that do not hold, ascending. A closed batch: weights come from all bytes of these rows and fresh randomness.
    ///
    /// Timing: variable; everything is public.
    ///
    /// - Parameter limit: at least 1: when so many rows are found that do not hold, each of which costs sums over some rows, others are left out.
    package func failures(_ columns: PointColumns, session: SessionID, limit: Int = .max) -> [Int] {
        let statements = statements(columns)
        var batch = VerificationBatch<Suite>()
        do throws(ProofRejected) {
            if !Fault.isRemoved(.pointEquation) { batch.append(try linear(columns, statements: statements, session: session)) }
            if let parameters = relation.rangeParameters, !Fault.isRemoved(.pointRange) {
                batch.append(try ranges(columns, parameters, statements: statements, session: session))
            }
        } catch {
            return Array(0..<columns.count)
        }
        // A row may be found twice, by its linear and by its range part.
        let places = batch.failures(limit: limit < columns.count ? 2 * limit : .max)
        return Set(places.map(\.statement)).sorted()
    }

    /// The linear parts, or with alternatives their disjunctions.
    private func linear(
        _ columns: PointColumns, statements: [UInt8], session: SessionID
    ) throws(ProofRejected) -> any BatchMember<Suite> {
        guard let proofs = columns.sigma.proofRecords else { throw ProofRejected(.shape) }
        if let alternatives = relation.alternatives {
            return try DisjunctionProofs(alternatives, statements: statements.span, proofs: proofs, session: session)
        }
        return try FamilyProofs(relation.branches[0].family, statements: statements.span, proofs: proofs, session: session)
    }

    /// About this many elements are decoded at a time: they and what is made of them take some tens of megabytes, and sums of more gain little.
    private static let chunkElementCount = 1 << 17

    /// Rows that are worth a batch of their own.
    var chunkRowCount: Int {
        let linear =
            2 + relation.rangeAttributes.count + (relation.alternatives?.template.equationCount ?? 2 + relation.rangeAttributes.count)
        let range = relation.rangeParameters.map { 4 + 2 * $0.rounds + $0.count } ?? 0
        return max(1_024, Self.chunkElementCount / (linear + range))
    }

    // MARK: Statements

    /// `D K'' V_1 ... V_r` of each row, encoded.
    package func statements(_ columns: PointColumns) -> [UInt8] {
        let consents = withoutRevealed(columns)
        let more = relation.rangeCommitmentByteCount
        let width = 64 + more
        return [UInt8](unsafeUninitializedCapacity: columns.count * width) { out, initialized in
            let out = UnsafeMutableRawBufferPointer(out)
            for row in 0..<columns.count {
                copy(columns.dataPoints, 32 * row, 32, to: out, width * row)
                copy(consents, 32 * row, 32, to: out, width * row + 32)
                copy(columns.rangeCommitments, more * row, more, to: out, width * row + 64)
            }
            initialized = columns.count * width
        }
    }

    /// `K''` of each row (7): `K` less what is revealed, encoded. What does not decode stays as it is, and is refused later.
    private func withoutRevealed(_ columns: PointColumns) -> [UInt8] {
        guard let revealedBases, columns.count > 0, !Fault.isRemoved(.pointRevealed) else { return columns.consents }
        let attributes = relation.statement.revealed.map { relation.statement.schema.attributes[$0] }
        var limbs: [UInt64] = []
        limbs.reserveCapacity(columns.count * attributes.count * Suite.scalarLimbCount)
        for row in 0..<columns.count {
            for (column, attribute) in attributes.enumerated() {
                // A column has the kind of its attribute (Bundle), so that every value has a scalar.
                limbs += (attribute.scalar(of: columns.revealed[column][row]) ?? .zero).limbs
            }
        }
        let known = Suite.multiScalarMul(rows: columns.count, limbs.span, revealedBases)
        let (points, refused) = Suite.decodeEach(canonical: columns.consents.span)
        var encoded = Suite.encode(points.indices.map { Suite.add(points[$0], Suite.negate(known[$0])) })
        for row in refused { encoded.replaceSubrange(32 * row..<32 * row + 32, with: columns.consents[32 * row..<32 * row + 32]) }
        return encoded
    }

    // MARK: Ranges

    private func ranges(
        _ columns: PointColumns, _ parameters: RangeParameters<Suite>, statements: [UInt8], session: SessionID
    ) throws(ProofRejected) -> RangeProofs<SpongeRangeTranscript<Suite>> {
        let claims = claims(columns.rangeCommitments, parameters)
        let contexts = contexts(columns, statements: statements, session: session)
        return try RangeProofs(parameters, openings: contexts, commitments: claims, proofs: columns.rangeProofs.span)
    }

    /// What the range part of each row is bound to: a digest of session, own elements and linear part. A digest, because each of its challenges hashes
    /// the surrounding statement again.
    package func contexts(_ columns: PointColumns, statements: [UInt8], session: SessionID) -> [RangeContext] {
        let width = relation.branches[0].family.statementByteCount
        let sigmaWidth = columns.sigma.rowByteCount
        let count = columns.count
        let total = width + sigmaWidth
        let messages = [UInt8](unsafeUninitializedCapacity: count * total) { out, initialized in
            let out = UnsafeMutableRawBufferPointer(out)
            columns.sigma.withSpan { sigma in
                sigma.withUnsafeBytes { sigma in
                    for row in 0..<count {
                        copy(statements, width * row, width, to: out, total * row)
                        UnsafeMutableRawBufferPointer(rebasing: out[total * row + width..<total * (row + 1)])
                            .copyMemory(from: UnsafeRawBufferPointer(rebasing: sigma[sigmaWidth * row..<sigmaWidth * (row + 1)]))
                    }
                }
            }
            initialized = count * total
        }
        var input = SHAKE128()
        input.absorb(session.bytes)
        let digests = input.hashEach(messages.span, messageByteCount: total, byteCount: 32)
        return (0..<count).map { row in
            let digest = Fault.isRemoved(.pointRangeBinding) ? session.bytes : Array(digests[32 * row..<32 * row + 32])
            return RangeContext(session: PointSession.range, statement: digest)
        }
    }

    /// `V_j - min_j B` and `max_j B - V_j` of each row, filled up by repeating the last. Rows of which a `V_j` does not decode are refused.
    package func claims(_ commitments: [UInt8], _ parameters: RangeParameters<Suite>) -> RangeCommitments<Suite> {
        let width = relation.rangeCommitmentByteCount
        var (claims, refused) = ([[Suite.Point]](), Set<Int>())
        for (clause, bound) in relation.bounds.enumerated() {
            let encodings = columnBytes(commitments.span, width: width, part: 32 * clause..<32 * clause + 32)
            let column = Suite.decodeEach(canonical: encodings.span)
            refused.formUnion(column.refused)
            for (number, isUpper) in bound.terms {
                let known = Suite.vartimeMultiScalarMul([-Suite.Scalar(number)], [parameters.valueBase])
                claims.append(
                    column.points.map { point in
                        let difference = Suite.add(point, known)
                        return isUpper ? Suite.negate(difference) : difference
                    })
            }
        }
        return RangeCommitments(claims, refused: refused.sorted(), parameters)
    }
}

/// Copies `count` bytes.
private func copy(_ source: [UInt8], _ start: Int, _ count: Int, to out: UnsafeMutableRawBufferPointer, _ place: Int) {
    source.withUnsafeBytes {
        UnsafeMutableRawBufferPointer(rebasing: out[place..<place + count])
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[start..<start + count]))
    }
}
