// SPDX-License-Identifier: Apache-2.0

public import ConsentModel

/// Reads consents in any of the formats of ``ConsentFormat`` into the model, and says what it refused.
///
/// Invariant: no consent grants more than its source says. Ids are unique in what is imported; where a file uses an id twice (also for
/// something that was refused, such as a later and inactive version), everything with that id is refused.
public struct ConsentImporter {
    private let schema: Schema
    private let options: ImportOptions
    private let records: RecordIndex?

    /// An importer of consents of `schema`.
    ///
    /// - Parameter records: the table of records that consents may name by key.
    public init(schema: Schema, options: ImportOptions = ImportOptions(), records: RecordIndex? = nil) {
        self.schema = schema
        self.options = options
        self.records = records
    }

    /// Reads a file.
    ///
    /// - Parameter format: detected from the content if `nil`.
    /// - Throws: what stops the reading: an unknown format, options that are for another one, a table that is no CSV, unknown columns, invalid
    ///   UTF-8. What is wrong with a single consent is in the result.
    public func read(_ source: ByteSource, format: ConsentFormat? = nil) throws(ModelError) -> ImportResult {
        let (prefix, source) = try source.peek(1 << 16)
        let detected: ConsentFormat
        if let format { detected = format } else { detected = try ConsentFormat.detect(prefix) }
        try options.check(detected, records)
        var collector = Collector()
        switch detected {
        case .jsonl: try readLines(source, into: &collector, normalised)
        case .csv: try readTable(source, into: &collector)
        case .fhirNDJSON: try readLines(source, into: &collector, resource)
        case .fhir: try readDocument(source, into: &collector)
        }
        return collector.result()
    }

    // MARK: JSON Lines

    private func readLines(
        _ source: ByteSource, into collector: inout Collector,
        _ read: (JSONValue, ModelError.Position, inout Collector) -> Void
    ) throws(ModelError) {
        var reader = JSONLineReader(source)
        while let line = try reader.next() {
            switch line {
            case .success(let value): read(value, .line(reader.line, column: 1), &collector)
            case .failure(let error): collector.refuse(nil, error)
            }
        }
    }

    private func normalised(_ value: JSONValue, at position: ModelError.Position, into collector: inout Collector) {
        let id = value["id"]?.string
        do {
            collector.accept(id, [try Consent(json: value, schema: schema)], leftOut: [])
        } catch {
            collector.refuse(id, error.at(position))
        }
    }

    // MARK: CSV

    private func readTable(_ source: ByteSource, into collector: inout Collector) throws(ModelError) {
        var reader = try CSVReader(source, limits: CSVLimits(boundsCombining: true))
        let columns = try ConsentColumns(reader.columns, schema: schema, records: records)
        while try reader.next() {
            let id = columns.id(reader.row)
            do {
                collector.accept(id, [try Consent(json: try columns.form(of: reader.row), schema: schema)], leftOut: [])
            } catch {
                collector.refuse(id, error.at(.line(reader.row.line, column: 1)))
            }
        }
    }

    // MARK: FHIR

    private func readDocument(_ source: ByteSource, into collector: inout Collector) throws(ModelError) {
        var lines = LineReader(source, limit: options.documentLimits.byteCount)
        var bytes: [UInt8] = []
        while try lines.next() {
            bytes += lines.bytes + [newline]
            guard bytes.count <= options.documentLimits.byteCount else {
                throw ModelError(
                    "json-too-large", "the document has more than \(options.documentLimits.byteCount) bytes",
                    hint: "write one resource a line")
            }
        }
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes, limits: options.documentLimits)
        } catch {
            var position = error.position
            if case .byte(let offset) = error.position {
                let before = bytes.prefix(offset)
                let lineStart = (before.lastIndex(of: newline) ?? -1) + 1
                position = .line(before.count { $0 == newline } + 1, column: offset - lineStart + 1)
            }
            collector.refuse(nil, ModelError(error.code, error.message, position: position, hint: error.hint))
            return
        }
        resource(value, at: .line(1, column: 1), into: &collector)
    }

    /// A `Consent`, or a `Bundle` whose other resources are passed over.
    private func resource(_ value: JSONValue, at position: ModelError.Position, into collector: inout Collector) {
        switch value["resourceType"]?.string {
        case "Consent": consent(value, at: position, into: &collector)
        case "Bundle":
            do {
                for element in try bundleEntries(value) where element["resourceType"]?.string == "Consent" {
                    consent(element, at: position, into: &collector)
                }
            } catch {
                collector.refuse(value["id"]?.string, error.at(position))
            }
        case nil: collector.refuse(nil, ModelError("not-fhir", "this is no FHIR resource", position: position))
        default:
            // Patients and the like may lie beside consents.
            collector.skip()
        }
    }

    private func bundleEntries(_ value: JSONValue) throws(ModelError) -> [JSONValue] {
        let bundle = try FHIRElement(value, path: "Bundle")
        try bundle.allow(
            ["resourceType", "meta", "language", "identifier", "type", "timestamp", "total", "link", "entry", "signature"], extensions: true
        )
        guard let type = try bundle.text("type"), ["collection", "searchset", "document"].contains(type) else {
            throw ModelError("bundle-type", "the bundle is no collection, search set or document", hint: "bundles of changes are not read")
        }
        var resources: [JSONValue] = []
        for entry in try bundle.elements("entry") {
            try entry.allow(["link", "fullUrl", "resource", "search"], extensions: true)
            if let resource = entry.members["resource"] { resources.append(resource) }
        }
        return resources
    }

    private func consent(_ value: JSONValue, at position: ModelError.Position, into collector: inout Collector) {
        let id = value["id"]?.string
        do {
            let read = try FHIRConsents(schema: schema, options: options, records: records).consents(value)
            collector.accept(id, read.consents, leftOut: read.leftOut.map { $0.at(position) })
        } catch {
            collector.refuse(id, error.at(position))
        }
    }
}

/// Gathers what was read, until it is known which ids are unique.
private struct Collector {
    private struct Item {
        let position: Int
        let id: String?
        let consents: [Consent]
        let refusals: [Refusal]
    }

    private var items: [Item] = []
    private var position = 0

    mutating func accept(_ id: String?, _ consents: [Consent], leftOut: [ModelError]) {
        position += 1
        let refusals = leftOut.map { Refusal(position: position, id: id, reason: $0, isPartial: true) }
        items.append(Item(position: position, id: id, consents: consents, refusals: refusals))
    }

    mutating func refuse(_ id: String?, _ reason: ModelError) {
        position += 1
        items.append(Item(position: position, id: id, consents: [], refusals: [Refusal(position: position, id: id, reason: reason)]))
    }

    /// Passes over something that is no consent.
    mutating func skip() {
        position += 1
    }

    func result() -> ImportResult {
        var positionsOfID: [String: [Int]] = [:]
        for item in items {
            for id in Set(item.consents.map(\.id) + [item.id].compactMap { $0 }) { positionsOfID[id, default: []].append(item.position) }
        }
        var result = ImportResult()
        for item in items {
            let ids = item.consents.map(\.id) + [item.id].compactMap { $0 }
            if let other = ids.compactMap({ positionsOfID[$0]?.first { $0 != item.position } }).first, !item.consents.isEmpty {
                let reason = ModelError(
                    "duplicate-id", "the consents \(min(other, item.position)) and \(max(other, item.position)) have the same id",
                    hint: "keep the one that counts")
                result.refusals.append(Refusal(position: item.position, id: item.id, reason: reason))
            } else {
                result.consents += item.consents
                result.refusals += item.refusals
            }
        }
        return result
    }
}
