// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentProver
import Groups
import Secrets

/// A small dataset with its consents, all of it secret but what a bundle shows.
struct ConsentSample {
    let generators: GeneratorTable
    let compiled: CompiledStatement
    private let schema: Schema
    private let inForce: DayInterval

    init(schema name: String = "test-small") throws {
        schema = try Schema.builtIn(named: name)
        generators = try GeneratorTable(schema)
        inForce = schema.calendar
        compiled = try CompiledStatement(
            Statement(
                schema: schema, inForce: DayInterval(on: schema.calendar.first), require: ["purposes": ["ScientificResearch"]],
                forbid: [:], constants: ["controller": .id(Array("controller".utf8))], reveal: [], links: [.record, .subject]),
            generators: generators)
    }

    private static func record(_ number: Int) -> [UInt8] { [UInt8](repeating: UInt8(number), count: 32) }

    private static func subject(_ number: Int) -> [UInt8] { Array("subject \(number)".utf8) }

    private func consent(_ number: Int) -> Consent {
        var values: [String: ConsentValue] = [:]
        for attribute in schema.attributes {
            switch attribute.kind {
            case .uint: values[attribute.name] = .uint(UInt64(number))
            case .id: values[attribute.name] = .id(Array(attribute.name.utf8))
            }
        }
        values["record"] = .id(Self.record(number))
        values["subject"] = .id(Self.subject(number))
        return Consent(id: "c-\(number)", values: values, flags: ["purposes": ["ScientificResearch"]], inForce: inForce)
    }

    /// Columns of secrets.
    func witness(rows: Int, receipts: Int) throws -> DatasetWitness {
        let zero = [UInt64](repeating: 0, count: Suite.scalarLimbCount)
        var witness = DatasetWitness(schema: schema, rows: rows, receipts: receipts)
        for row in 0..<rows { witness.setRow(row, record: Self.record(row), subject: Self.subject(row), blinding: zero.span) }
        for receipt in 0..<receipts { try witness.setReceipt(receipt, consent: consent(receipt), k: zero.span, t: zero.span) }
        witness.classify()
        return witness
    }

    /// Two rows with a consent each.
    func assembled() throws -> DatasetAssembler.Assembled {
        let count = 2
        let head = LedgerView.Head(note: "note", size: UInt64(count), root: [UInt8](repeating: 1, count: 32))
        let view = LedgerView(origin: "probe.example", consents: head, revocations: head, revocationColumn: []) { _ in [] }
        var assembler = DatasetAssembler(statement: compiled, ledgers: [view], rows: count, receipts: count)
        _ = try fill(&assembler, count)
        let evidence = BundleHeader.ManifestEvidence(origin: "probe.example", checkpoint: "note", entry: "{}", index: 0, inclusion: [])
        let assembled = try assembler.finish(
            manifest: evidence, manifestRoot: [UInt8](repeating: 3, count: 32), holder: "probe", context: "")
        assembled.witness.classify()
        return assembled
    }

    /// What point proofs can show of the statement; with `age` in a range and two alternatives, of which the second one holds, if asked for.
    func relation(ranges: Bool = false, alternatives: Bool = false) throws -> PointRelation {
        try PointRelation(
            Statement(
                schema: schema, inForce: nil, require: ["purposes": ["ScientificResearch"]],
                forbid: [:], constants: ["controller": .id(Array("controller".utf8))], reveal: [],
                ranges: ranges ? ["age": Statement.Bounds(minimum: 0, maximum: 99)] : [:], rangeBits: ranges ? 8 : nil,
                anyOf: alternatives
                    ? [.init(require: ["data_categories": ["Health"]]), .init(forbid: ["data_categories": ["Location"]])] : [],
                links: [.record, .subject]),
            generators: generators)
    }

    /// Two rows with a consent each.
    func points(_ relation: PointRelation) throws -> DatasetAssembler.AssembledPoints {
        let count = 2
        let head = LedgerView.Head(note: "note", size: UInt64(count), root: [UInt8](repeating: 1, count: 32))
        let view = LedgerView(origin: "probe.example", consents: head, revocations: head, revocationColumn: []) { _ in [] }
        var assembler = DatasetAssembler(points: relation.statement, ledgers: [view], rows: count, receipts: count)
        _ = try fill(&assembler, count)
        let assembled = try assembler.finishPoints(holder: "probe", context: "")
        assembled.witness.classify()
        return assembled
    }

    /// Two rows, about two of the three entries of a ledger.
    func members() throws -> DatasetAssembler.AssembledMembers {
        let (count, size) = (2, 3)
        let head = LedgerView.Head(note: "note", size: UInt64(size), root: [UInt8](repeating: 1, count: 32))
        let view = LedgerView(origin: "probe.example", consents: head, revocations: head, revocationColumn: []) { _ in [] }
        var assembler = DatasetAssembler(
            members: try relation().statement, ledger: view, range: 0..<UInt64(size), rows: count, receipts: count)
        let entries = try fill(&assembler, count)
        let other = try ConsentCommitter(generators).commit([consent(7)])
        let more = try Entry(
            issuanceDay: nil, schemaID: schema.id, consent: other.consents, calendar: other.calendars,
            withdrawalTag: [UInt8](repeating: 2, count: 32)
        ).bytes
        let assembled = try assembler.finishMembers(holder: "probe", context: "", entries: { _ in entries + more })
        assembled.classify()
        return assembled
    }

    /// Shows rows and their consents to an assembler.
    ///
    /// - Returns: the entries, end to end.
    private func fill(_ assembler: inout DatasetAssembler, _ count: Int) throws -> [UInt8] {
        var entries: [UInt8] = []
        let consents = try ConsentCommitter(generators).commit((0..<count).map(consent))
        let (k, t) = (consents.consentBlindings.declassified(as: .response), consents.calendarBlindings.declassified(as: .response))
        let points = DataPointCommitter().commit(records: (0..<count).map(Self.record), subjects: (0..<count).map(Self.subject))
        let s = points.blindings.declassified(as: .response)
        for i in 0..<count {
            let blinding = s[i].limbs
            try assembler.addRow(
                sourceRow: i + 1, dataPoint: Array(points.dataPoints[32 * i..<32 * i + 32]), record: Self.record(i),
                subject: Self.subject(i), blinding: blinding.span)
        }
        for i in 0..<count {
            let entry = try Entry(
                issuanceDay: nil, schemaID: schema.id, consent: Array(consents.consents[32 * i..<32 * i + 32]),
                calendar: Array(consents.calendars[32 * i..<32 * i + 32]), withdrawalTag: [UInt8](repeating: 2, count: 32))
            entries += entry.bytes
            let (k, t) = (k[i].limbs, t[i].limbs)
            try assembler.addReceipt(ledger: 0, index: UInt64(i), entry: entry.bytes, consent: consent(i), k: k.span, t: t.span)
        }
        return entries
    }
}
