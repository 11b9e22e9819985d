// SPDX-License-Identifier: Apache-2.0
package import ConsentModel
internal import Cores
private import FaultInjection
internal import Groups
internal import SigmaProofs
private import Synchronization

/// Equations (2) and (3) of docs/protocol.md section 4.3 over the columns of one dataset. The prover's self-check is the same code.
package struct DatasetEquations {
    let statement: CompiledStatement
    let context: DatasetContext
    private let bases: FoldedBases<Suite>

    /// The equations of `statement` in the transcript of `context`.
    package init(statement: CompiledStatement, context: DatasetContext) {
        self.init(statement: statement, context: context, bases: FoldedBases(statement.relation))
    }

    /// The same, with generators that equations of several bundles share.
    init(statement: CompiledStatement, context: DatasetContext, bases: FoldedBases<Suite>) {
        self.statement = statement
        self.context = context
        self.bases = bases
    }

    /// Checks a proof.
    ///
    /// - Parameters:
    ///   - dataPoints: N encodings `D_i`.
    ///   - entries: E entries, whose `C_j` are used.
    ///   - positions: for each row its entry, below E.
    ///   - revealed: one value for each entry, in the order of the statement's revealed attributes; columns beyond these are not used.
    ///   - advice: what may speed decoding up.
    /// - Throws: a finding with the code `encoding` or `proof`; its internal reason names the equation.
    package func verify(
        dataPoints: BytesColumn, entries: BytesColumn, positions: U64Column, revealed: [RevealedColumn], proof bytes: [UInt8],
        advice: DecodingAdvice? = nil
    ) throws(Finding) {
        try Self.check(
            try prepare(
                dataPoints: dataPoints, entries: entries, positions: positions, revealed: revealed, proof: bytes, advice: advice))
    }

    /// The equations of a bundle, with everything decoded and folded.
    func prepare(_ bundle: Bundle) throws(Finding) -> FoldedMember<Suite> {
        try prepare(
            dataPoints: bundle.dataPoints, entries: bundle.entries, positions: bundle.positions, revealed: bundle.revealed,
            proof: bundle.proof.bytes, advice: bundle.advice)
    }

    /// Checks the two equations.
    static func check(_ equations: FoldedMember<Suite>) throws(Finding) {
        do throws(FoldedProofError) {
            try equations.check()
        } catch {
            throw failure(error)
        }
    }

    private static func failure(_ error: FoldedProofError) -> Finding {
        Finding(
            .proof,
            "the folded proof does not hold: it is not shown that every row's data point and consent satisfy the policy; "
                + "one proof covers all rows, so it cannot name the row (the holder's own prove command does)",
            reason: "\(error.reason)")
    }

    private func prepare(
        dataPoints: BytesColumn, entries: BytesColumn, positions: U64Column, revealed: [RevealedColumn], proof bytes: [UInt8],
        advice: DecodingAdvice?
    ) throws(Finding) -> FoldedMember<Suite> {
        let proof: FoldedProof<Suite>
        do throws(FoldedProofError) {
            proof = try FoldedProof(parsing: bytes.span, for: statement.relation)
        } catch {
            throw Finding(.proof, "the proof is malformed", reason: "proof-form")
        }
        let transcript = DatasetTranscript.begin(context).weighted()
        let sums = Mutex(EntryWeights(entries: entries.count))
        let foldedData = try fold(dataPoints, advice?.dataPoints, transcript.weights, positions, sums)
        let weights = sums.withLock { $0 }
        let consents = try fold(calendarsOf: entries, advice?.entries, weights)
        let schemaOf = SchemaAssignment(entries, schemas: statement.statements.schemas)
        let foldedConsent = Suite.add(consents, Suite.negate(known(weights, schemaOf, revealed)))
        do throws(FoldedProofError) {
            return try FoldedMember(
                bases, foldedData: foldedData, foldedConsent: foldedConsent, transcript: transcript, proof: proof)
        } catch {
            throw Self.failure(error)
        }
    }

    // MARK: Folding

    /// Most rows that a core decodes and folds at a time: neither the decoded points of a column nor its weights are ever all in memory.
    private static let pieceRowCount = 1 << 16
    /// Fewest rows for which a core works alone: sums of fewer points cost more for each.
    private static let pieceMinimum = 1 << 13

    /// What `body` makes of pieces of `count` rows, in order; each core works through pieces by itself. The first piece that throws is reported.
    private static func pieces<Value>(
        _ count: Int, _ body: (Range<Int>) throws(Finding) -> Value
    ) throws(Finding) -> [Value] {
        let results = Parallel.pieces(count, minimum: pieceMinimum, most: pieceRowCount) { rows in
            Result { () throws(Finding) in try body(rows) }
        }
        var values: [Value] = []
        for result in results { values.append(try result.get()) }
        return values
    }

    /// `sum rho_i D_i`; adds each weight to its entry.
    private func fold(
        _ dataPoints: BytesColumn, _ advice: BytesColumn?, _ rho: RowWeights, _ positions: U64Column,
        _ weights: borrowing Mutex<EntryWeights>
    ) throws(Finding) -> Suite.Point {
        let parts = try Self.pieces(dataPoints.count) { (rows) throws(Finding) in
            let rho = rho.weights(rows: rows)
            // A fiftieth of the work on a piece. Cores meet here with their first pieces: all but one go on and come back.
            func addWeights(_ sums: inout sending EntryWeights) { sums.add(rho, positions: positions, from: rows.lowerBound) }
            let isAdded = weights.withLockIfAvailable { addWeights(&$0) } != nil
            defer { if !isAdded { weights.withLock { addWeights(&$0) } } }
            let points = try dataPoints.withSpan(of: rows) { (bytes) throws(Finding) in
                try decode(bytes, advice, rows, "data point")
            }
            return FoldedVerifier<Suite>.fold(rho, points)
        }
        return parts.reduce(Suite.identity, Suite.add)
    }

    /// The sum of the `C` of the entries, each with its weight.
    private func fold(calendarsOf entries: BytesColumn, _ advice: BytesColumn?, _ weights: EntryWeights) throws(Finding) -> Suite.Point {
        let parts = try Self.pieces(entries.count) { (range) throws(Finding) in
            let commitments = Entry.calendars(of: entries, range)
            let points = try decode(commitments.span, advice, range, "calendar commitment of entry")
            return Suite.vartimeMultiScalarMul(weights.scalars(range), points)
        }
        return parts.reduce(Suite.identity, Suite.add)
    }

    /// What the policy says of every consent, folded: of each schema the constraints with the sum of the weights of its entries, and revealed values
    /// each with its weight.
    private func known(_ weights: EntryWeights, _ schemaOf: SchemaAssignment, _ revealed: [RevealedColumn]) -> Suite.Point {
        let isSingle = statement.parts.count == 1
        var scalars = weights.totals(schemaOf, schemas: statement.parts.count)
        var points = statement.parts.map(\.constraint)
        let columns = revealed.prefix(statement.statements.revealedAttributes.count)
        for (column, attribute) in columns.enumerated() where !Fault.isRemoved(.revealedValues) {
            let sums = Parallel.pieces(attribute.count, minimum: Self.pieceMinimum, most: Self.pieceRowCount) { range in
                let own = weights.scalars(range)
                let values = range.map { Self.scalar(attribute[$0], statement.parts[schemaOf($0)], column: column) }
                guard !isSingle else { return [Suite.Scalar.innerProduct(own, values)] }
                return statement.parts.indices.map { number in
                    let rows = own.indices.filter { schemaOf(range.lowerBound + $0) == number }
                    return Suite.Scalar.innerProduct(rows.map { own[$0] }, rows.map { values[$0] })
                }
            }
            for (number, part) in statement.parts.enumerated() {
                scalars.append(sums.reduce(.zero) { $0 + $1[number] })
                points.append(part.revealedBases[column])
            }
        }
        return Suite.vartimeMultiScalarMul(scalars, points)
    }

    /// The scalar of a revealed value. A column has the kind of its attribute (``Bundle``), so that every value has one.
    private static func scalar(_ value: ConsentValue, _ part: CompiledStatement.Part, column: Int) -> Suite.Scalar {
        part.statement.schema.attributes[part.revealed[column]].scalar(of: value) ?? .zero
    }

    /// Decodes the rows `range` of a column, with their advice if there is some.
    private func decode(_ bytes: Span<UInt8>, _ advice: BytesColumn?, _ range: Range<Int>, _ what: String) throws(Finding) -> [Suite.Point]
    {
        let first = range.lowerBound
        let points: [Suite.Point]
        do throws(PointDecodingError) {
            if let advice {
                points = try advice.withSpan(of: range) { (advice) throws(PointDecodingError) in
                    try Suite.decode(canonical: bytes, advice: advice)
                }
            } else {
                points = try Suite.decode(canonical: bytes)
            }
        } catch {
            throw Finding(
                .encoding, "\(what) \(first + error.index) is not the encoding of a group element", reason: "encoding-canonical")
        }
        if let index = Self.firstIdentity(bytes), !Fault.isRemoved(.identityCommitment) {
            throw Finding(.encoding, "\(what) \(first + index) is the identity, which commits to nothing", reason: "encoding-identity")
        }
        return points
    }

    /// The first of these canonical encodings that is the identity's: 32 zero bytes.
    private static func firstIdentity(_ bytes: Span<UInt8>) -> Int? {
        bytes.withUnsafeBytes { bytes in
            (0..<bytes.count / 32).first { row in
                (0..<4).reduce(0) { $0 | bytes.loadUnaligned(fromByteOffset: 32 * row + 8 * $1, as: UInt64.self) } == 0
            }
        }
    }
}
