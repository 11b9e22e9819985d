// SPDX-License-Identifier: Apache-2.0
package import ConsentModel
internal import Cores
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
    package func failures(_ columns: PointColumns, session: SessionID) -> [Int] {
        let statements = statements(columns)
        var batch = VerificationBatch<Suite>()
        var failures: Set<Int> = []
        do throws(ProofRejected) {
            if relation.isDisjunction {
                failures.formUnion(disjunctionFailures(columns, statements: statements, session: session))
            } else {
                let proofs = try columns.sigma.withSpan { (sigma) throws(ProofRejected) in
                    try FamilyProofs(relation.branches[0].family, statements: statements.span, proofs: sigma, session: session)
                }
                if !Fault.isRemoved(.pointEquation) { batch.append(proofs) }
            }
            if let parameters = relation.rangeParameters, !Fault.isRemoved(.pointRange) {
                batch.append(try ranges(columns, parameters, statements: statements, session: session))
            }
        } catch {
            return Array(0..<columns.count)
        }
        failures.formUnion(batch.failures().map(\.statement))
        return failures.sorted()
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
        return try RangeProofs(parameters, openings: contexts, commitments: claims.span, proofs: columns.rangeProofs.span)
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

    /// `V_j - min_j B` and `max_j B - V_j` of each row, encoded, filled up by repeating the last.
    package func claims(_ commitments: [UInt8], _ parameters: RangeParameters<Suite>) -> [UInt8] {
        let (points, refused) = Suite.decodeEach(canonical: commitments.span)
        let width = relation.bounds.count
        var terms: [(clause: Int, known: Suite.Point, isUpper: Bool)] = []
        for (clause, bound) in relation.bounds.enumerated() {
            for (number, isUpper) in bound.terms {
                terms.append((clause, Suite.vartimeMultiScalarMul([-Suite.Scalar(number)], [parameters.valueBase]), isUpper))
            }
        }
        let rows = width == 0 ? 0 : points.count / width
        var claims: [Suite.Point] = []
        claims.reserveCapacity(rows * terms.count)
        for row in 0..<rows {
            for (clause, known, isUpper) in terms {
                let difference = Suite.add(points[row * width + clause], known)
                claims.append(isUpper ? Suite.negate(difference) : difference)
            }
        }
        var encoded = Suite.encode(claims)
        // What does not decode stays refused: all ones is no encoding.
        for index in refused {
            let row = index / width
            for byte in 32 * terms.count * row..<32 * terms.count * (row + 1) { encoded[byte] = 0xff }
        }
        let filled = parameters.count - terms.count
        guard filled > 0 else { return encoded }
        var all: [UInt8] = []
        all.reserveCapacity(rows * parameters.statementByteCount)
        for row in 0..<rows {
            let own = encoded[32 * terms.count * row..<32 * terms.count * (row + 1)]
            all += own
            for _ in 0..<filled { all += own.suffix(32) }
        }
        return all
    }

    // MARK: Disjunctions

    /// Each row by itself, on all cores.
    private func disjunctionFailures(_ columns: PointColumns, statements: [UInt8], session: SessionID) -> [Int] {
        guard !Fault.isRemoved(.pointEquation) else { return [] }
        let width = relation.branches[0].family.statementByteCount
        return Parallel.map(columns.count, minimum: 1) { rows in
            rows.filter { row in
                let own = Array(statements[width * row..<width * (row + 1)])
                let sigma = columns.sigma[row]
                return !holds(own, sigma, session)
            }
        }.flatMap { $0 }
    }

    private func holds(_ own: [UInt8], _ sigma: [UInt8], _ session: SessionID) -> Bool {
        guard let disjunction = relation.disjunction(own: own),
            let proof = try? BatchableDisjunctiveProof<Suite>(parsing: sigma.span, for: disjunction)
        else { return false }
        return (try? proof.verify(disjunction, session: session)) != nil
    }
}

/// Copies `count` bytes.
private func copy(_ source: [UInt8], _ start: Int, _ count: Int, to out: UnsafeMutableRawBufferPointer, _ place: Int) {
    source.withUnsafeBytes {
        UnsafeMutableRawBufferPointer(rebasing: out[place..<place + count])
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[start..<start + count]))
    }
}
