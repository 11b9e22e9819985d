// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
internal import ConsentVerifier
internal import Groups
internal import Provers
internal import RangeProofs
internal import Secrets
internal import SigmaProofs
internal import Transcripts

extension PointProver {
    /// Makes the proofs of a chunk of rows: fills the columns of proofs.
    ///
    /// - Parameters:
    ///   - rows: rows of the witness.
    ///   - receipts: for each row its receipt in the witness.
    func fill(
        _ columns: inout PointColumns, _ witness: borrowing DatasetWitness, rows: [Int], receipts: [Int], session: SessionID
    ) throws {
        let blindings = SecretScalars<Suite>.random(count: rows.count * relation.rangeAttributes.count)
        let values = rangeValues(witness, receipts)
        columns.rangeCommitments = rangeCommitments(values, blindings)
        if !relation.isDisjunction {
            let secrets = witness.scalars(relation.branches[0], rows: rows, receipts: receipts, rangeBlindings: blindings)
            columns.sigma = try linear(columns, secrets, session)
        } else {
            columns.sigma = try disjunctive(columns, witness, rows: rows, receipts: receipts, blindings, session)
        }
        if let parameters = relation.rangeParameters {
            columns.rangeProofs = try ranges(columns, parameters, values, blindings, session)
        }
    }

    // MARK: Linear part

    /// The batchable proofs of the linear relation, row by row, all steps in bulk.
    private func linear(
        _ columns: PointColumns, _ secrets: borrowing SecretScalars<Suite>, _ session: SessionID
    ) throws -> BytesColumn {
        let branch = relation.branches[0]
        let template = branch.family.template
        let (count, width) = (columns.count, template.scalarCount)
        let statements = equations.statements(columns)
        let context = session.bytes + statements
        var generator = secrets.withBytes { NonceGenerator(label: "points/ristretto255", witness: $0, statement: context.span) }
        let nonces = generator.scalars(Suite.self, count: count * width)

        let announcements = announcements(branch, nonces, rows: count)
        var encoded = Suite.encode(announcements)
        declassify(&encoded, as: .announcement)
        // Happens with negligible probability.
        guard !Self.hasIdentity(encoded) else { throw ProverFailure.randomness }
        let challenges = branch.family.challenges(statements: statements.span, announcements: encoded.span, session: session)

        // z = u + c x, row by row.
        let limbs = Suite.scalarLimbCount
        var responses = SecretLimbs(count: count * width * limbs)
        var part = SecretLimbs(count: width * limbs)
        for row in 0..<count {
            let range = row * width * limbs..<(row + 1) * width * limbs
            let challenge = challenges[row].limbs
            secrets.withSpan { x in
                nonces.withSpan { u in
                    part.withMutableSpan { Suite.multiplyAdd(x.extracting(range), challenge.span, u.extracting(range), into: &$0) }
                }
            }
            part.withSpan { part in
                responses.withMutableSpan { out in for limb in part.indices { out[range.lowerBound + limb] = part[limb] } }
            }
        }
        responses.declassify(as: .response)
        let announced = template.equations.count * 32
        var sigma: [UInt8] = []
        sigma.reserveCapacity(count * relation.sigmaByteCount)
        responses.withBytes { bytes in
            // Reduced limbs in memory are the encoding: this is no big-endian machine (Columns.swift).
            for row in 0..<count {
                sigma += encoded[announced * row..<announced * (row + 1)]
                for byte in 32 * width * row..<32 * width * (row + 1) { sigma.append(bytes[byte]) }
            }
        }
        return try PointDraft.column(sigma, relation.sigmaByteCount)
    }

    /// The announcements of every equation, row by row. Constant time.
    private func announcements(
        _ branch: PointBranch, _ nonces: borrowing SecretScalars<Suite>, rows: Int
    ) -> [Suite.Point] {
        let template = branch.family.template
        let width = template.scalarCount
        var sums: [[Suite.Point]] = []
        for (number, equation) in template.equations.enumerated() {
            let slots = equation.terms.map { Int($0.scalar) }
            let chosen = nonces.rows(rows, of: width, selecting: slots)
            switch number {
            case 0: sums.append(chosen.withSpan { Suite.multiScalarMul(rows: rows, $0, dataBases) })
            case 1: sums.append(chosen.withSpan { Suite.multiScalarMul(rows: rows, $0, consentBases[0]) })
            default: sums.append(chosen.withSpan { Suite.multiScalarMul(rows: rows, $0, rangeBases) })
            }
        }
        return (0..<rows).flatMap { row in sums.map { $0[row] } }
    }

    private static func hasIdentity(_ encodings: [UInt8]) -> Bool {
        (0..<encodings.count / 32).contains { index in encodings[32 * index..<32 * index + 32].allSatisfy { $0 == 0 } }
    }

    // MARK: Alternatives

    /// The proofs of the disjunction, row by row. Constant time in which alternative holds.
    private func disjunctive(
        _ columns: PointColumns, _ witness: borrowing DatasetWitness, rows: [Int], receipts: [Int],
        _ blindings: borrowing SecretScalars<Suite>, _ session: SessionID
    ) throws -> BytesColumn {
        let statements = equations.statements(columns)
        let width = relation.branches[0].family.statementByteCount
        let ranges = relation.rangeAttributes.count
        var sigma: [UInt8] = []
        for (number, row) in rows.enumerated() {
            let failed = [UInt8](repeating: 0, count: relation.sigmaByteCount)
            guard let disjunction = relation.disjunction(own: Array(statements[width * number..<width * (number + 1)])) else {
                sigma += failed  // The row is named by the prover's own check.
                continue
            }
            let rowBlindings = blindings.rows(1, of: 0, selecting: Array(ranges * number..<ranges * (number + 1)))
            var index = SecretLimbs(count: 1)
            witness.alternatives.withSpan { all in index.withMutableSpan { $0[0] = all[receipts[number]] } }
            var chosen = SecretScalars<Suite>(zeros: disjunction.largestScalarCount)
            for (position, branch) in relation.branches.enumerated() {
                let scalars = witness.scalars(branch, rows: [row], receipts: [receipts[number]], rangeBlindings: rowBlindings)
                chosen = chosen.adding(scalars.padded(to: chosen.count).kept(where: index, is: position))
            }
            do throws(ProverError) {
                let secret = DisjunctiveWitness<Suite>(branch: index, scalars: chosen)
                sigma += try DisjunctiveProver.batchableProof(of: disjunction, witness: secret, session: session).bytes
            } catch {
                guard error == .witnessDoesNotSatisfy else { throw ProverFailure.randomness }
                sigma += failed
            }
        }
        return try PointDraft.column(sigma, relation.sigmaByteCount)
    }

    // MARK: Ranges

    /// `v_j` of each row, as integers.
    private func rangeValues(_ witness: borrowing DatasetWitness, _ receipts: [Int]) -> SecretLimbs {
        var values = SecretLimbs(count: receipts.count * relation.rangeAttributes.count)
        let limbs = Suite.scalarLimbCount
        witness.attributes.withSpan { attributes in
            values.withMutableSpan { out in
                for (row, receipt) in receipts.enumerated() {
                    for (number, attribute) in relation.rangeAttributes.enumerated() {
                        // A uint is below 2^64: its lowest limb.
                        out[row * relation.rangeAttributes.count + number] =
                            attributes[(attribute * witness.receiptCount + receipt) * limbs]
                    }
                }
            }
        }
        return values
    }

    private func rangeCommitments(_ values: borrowing SecretLimbs, _ blindings: borrowing SecretScalars<Suite>) -> [UInt8] {
        rangeProver?.commitments(values, blindings: blindings) ?? []
    }

    private func ranges(
        _ columns: PointColumns, _ parameters: RangeParameters<Suite>, _ values: borrowing SecretLimbs,
        _ blindings: borrowing SecretScalars<Suite>, _ session: SessionID
    ) throws -> [UInt8] {
        guard let rangeProver else { return [] }
        let statements = equations.statements(columns)
        let contexts = equations.contexts(columns, statements: statements, session: session)
        let claims = equations.claims(columns.rangeCommitments, parameters).encodings
        let width = relation.rangeAttributes.count
        var proofs: [UInt8] = []
        for row in 0..<columns.count {
            var own = SecretLimbs(count: width)
            values.withSpan { values in own.withMutableSpan { for index in 0..<width { $0[index] = values[row * width + index] } } }
            let ownBlindings = blindings.rows(1, of: 0, selecting: Array(row * width..<(row + 1) * width))
            let openings = try rangeProver.openings(own, blindings: ownBlindings, bounds: relation.bounds)
            do {
                proofs += try rangeProver.prove(
                    values: openings.values, blindings: openings.blindings,
                    commitments: Array(claims[parameters.statementByteCount * row..<parameters.statementByteCount * (row + 1)]),
                    opening: contexts[row]
                ).bytes
            } catch ProverError.witnessDoesNotSatisfy {
                // The row is named by the prover's own check.
                proofs += [UInt8](repeating: 0, count: parameters.proofByteCount)
            }
        }
        return proofs
    }
}

extension SecretScalars {
    /// These scalars, then zeros until there are `size`.
    borrowing func padded(to size: Int) -> SecretScalars<G> {
        var all = SecretScalars(zeros: size)
        for index in 0..<count { withScalar(index) { all.set(limbs: $0, at: index) } }
        return all
    }

    /// Of each row of `width` scalars those at public positions, which may repeat.
    borrowing func rows(_ count: Int, of width: Int, selecting slots: [Int]) -> SecretScalars<G> {
        let limbs = G.scalarLimbCount
        var chosen = SecretLimbs(count: count * slots.count * limbs)
        withSpan { all in
            chosen.withMutableSpan { out in
                var place = 0
                for row in 0..<count {
                    for slot in slots {
                        let start = (row * width + slot) * limbs
                        for limb in 0..<limbs {
                            out[place] = all[start + limb]
                            place += 1
                        }
                    }
                }
            }
        }
        return SecretScalars(reducedLimbs: chosen)
    }
}

extension DatasetWitness {
    /// The secret scalars of a branch's relation for some rows, row by row: `rec subj s`, attributes, flags, `k`, `gamma`. Constant time.
    borrowing func scalars(
        _ branch: PointBranch, rows: [Int], receipts: [Int], rangeBlindings: borrowing SecretScalars<Suite>
    ) -> SecretScalars<Suite> {
        let limbs = Suite.scalarLimbCount
        let width = branch.family.template.scalarCount
        let ranges = rows.isEmpty ? 0 : rangeBlindings.count / rows.count
        let words = Self.wordsPerReceipt(schema)
        var all = SecretScalars<Suite>(zeros: rows.count * width)
        var bit = SecretLimbs(count: limbs)
        for (number, row) in rows.enumerated() {
            let receipt = receipts[number]
            var slot = number * width
            for column in 0..<PointBranch.dataScalarCount {
                data.withScalar(column * rowCount + row) { all.set(limbs: $0, at: slot) }
                slot += 1
            }
            for attribute in branch.attributes {
                attributes.withScalar(attribute * receiptCount + receipt) { all.set(limbs: $0, at: slot) }
                slot += 1
            }
            for flag in branch.flags {
                flags.withSpan { flags in
                    bit.withMutableSpan { $0[0] = (flags[words * receipt + flag / 64] >> UInt64(flag % 64)) & 1 }
                }
                bit.withSpan { all.set(limbs: $0, at: slot) }
                slot += 1
            }
            consentBlindings.withScalar(receipt) { all.set(limbs: $0, at: slot) }
            slot += 1
            for range in 0..<ranges {
                rangeBlindings.withScalar(number * ranges + range) { all.set(limbs: $0, at: slot) }
                slot += 1
            }
        }
        return all
    }
}
