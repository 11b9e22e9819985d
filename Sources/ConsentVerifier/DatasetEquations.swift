// SPDX-License-Identifier: Apache-2.0
package import ConsentModel
private import FaultInjection
internal import Groups
internal import SigmaProofs

/// Equations (2) and (3) of docs/protocol.md section 4.3 over the columns of one dataset. The prover's self-check is the same code.
package struct DatasetEquations {
    let statement: CompiledStatement
    let context: DatasetContext

    /// The equations of `statement` in the transcript of `context`.
    package init(statement: CompiledStatement, context: DatasetContext) {
        self.statement = statement
        self.context = context
    }

    /// Checks a proof.
    ///
    /// - Parameters:
    ///   - dataPoints: N encodings `D_i`.
    ///   - entries: E entries, whose `C_j` are used.
    ///   - positions: for each row its entry, below E.
    ///   - revealed: one value for each entry, in the order of the statement's revealed attributes; columns beyond these are not used.
    /// - Throws: a finding with the code `encoding` or `proof`; its internal reason names the equation.
    package func verify(
        dataPoints: BytesColumn, entries: BytesColumn, positions: U64Column, revealed: [RevealedColumn], proof bytes: [UInt8]
    ) throws(Finding) {
        let proof: FoldedProof<Suite>
        do throws(FoldedProofError) {
            proof = try FoldedProof(parsing: bytes.span, for: statement.relation)
        } catch {
            throw Finding(.proof, "the proof is malformed", reason: "proof-form")
        }
        let data = try decode(dataPoints.bytes, "data point")
        let consents = try decode(Self.commitments(of: entries), "calendar commitment of entry")

        let transcript = DatasetTranscript.begin(context).weighted()
        let rho = transcript.weights.weights(count: data.count)
        let weights = EntryWeights(rows: rho, positions: positions, entries: entries.count)
        let foldedData = FoldedVerifier<Suite>.fold(rho, data)
        let foldedConsent = Suite.add(
            Suite.vartimeMultiScalarMul(weights.entries, consents), Suite.negate(known(weights, revealed)))
        do throws(FoldedProofError) {
            try FoldedVerifier<Suite>.verify(
                statement.relation, foldedData: foldedData, foldedConsent: foldedConsent, transcript: transcript, proof: proof)
        } catch {
            throw Finding(
                .proof,
                "the folded proof does not hold: for at least one row the prover knows no data point and consent that satisfy the policy; "
                    + "one proof covers all rows, so it cannot name the row (the holder's own prove command does)",
                reason: "\(error.reason)")
        }
    }

    /// What the policy says of every consent, folded: constraints with the sum of all weights, revealed values each with its weight.
    private func known(_ weights: EntryWeights, _ revealed: [RevealedColumn]) -> Suite.Point {
        var scalars = [weights.total]
        var points = [statement.constraint]
        for (column, attribute) in revealed.prefix(statement.revealedBases.count).enumerated() where !Fault.isRemoved(.revealedValues) {
            let values = (0..<attribute.count).map { scalar(attribute[$0], column: column) }
            scalars.append(Suite.Scalar.innerProduct(weights.entries, values))
            points.append(statement.revealedBases[column])
        }
        return Suite.vartimeMultiScalarMul(scalars, points)
    }

    /// The scalar of a revealed value. A column has the kind of its attribute (``Bundle``), so that every value has one.
    private func scalar(_ value: ConsentValue, column: Int) -> Suite.Scalar {
        let index = statement.statement.revealed[column]
        return statement.statement.schema.attributes[index].scalar(of: value) ?? .zero
    }

    private func decode(_ bytes: [UInt8], _ what: String) throws(Finding) -> [Suite.Point] {
        let points: [Suite.Point]
        do throws(PointDecodingError) {
            points = try Suite.decode(canonical: bytes.span)
        } catch {
            throw Finding(.encoding, "\(what) \(error.index) is not the encoding of a group element", reason: "encoding-canonical")
        }
        if let index = points.firstIndex(where: { Suite.isIdentity($0) }), !Fault.isRemoved(.identityCommitment) {
            throw Finding(.encoding, "\(what) \(index) is the identity, which commits to nothing", reason: "encoding-identity")
        }
        return points
    }

    /// The `C` of every entry, end to end.
    private static func commitments(of entries: BytesColumn) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(32 * entries.count)
        entries.withSpan { bytes in
            for entry in 0..<entries.count {
                let start = entry * Bundle.entryByteCount + Entry.calendarRange.lowerBound
                for index in start..<start + 32 { out.append(bytes[index]) }
            }
        }
        return out
    }
}
