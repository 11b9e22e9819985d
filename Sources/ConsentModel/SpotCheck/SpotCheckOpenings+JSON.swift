// SPDX-License-Identifier: Apache-2.0
internal import MerkleLog
internal import Primitives

extension SpotCheckOpenings {
    /// Parses a file. Everything is checked but that anything opens.
    ///
    /// - Throws: errors of JSON, of members (`missing-key`, `unknown-key`, `invalid-value`) and those of the initialiser.
    public init(parsing bytes: [UInt8], file: String? = nil) throws(ModelError) {
        do throws(ModelError) {
            let limits = JSONValue.Limits(byteCount: Self.byteCountLimit, depth: 5, nodeCount: 4_000_000, boundsCombining: false)
            let json = try JSONValue(parsing: bytes, limits: limits)
            // Records are copied; all other texts are compared.
            let names = (json.object?.values).map { $0.compactMap(\.string) } ?? []
            guard names.allSatisfy(\.hasBoundedCombining) else { throw Self.combining() }
            let record = try JSONRecord(
                json, what: "a file of spot check openings", kind: "spot-check-openings", version: Self.version,
                names: ["columns", "data_points", "dataset", "format", "key_columns", "openings", "root", "subject_column"])
            guard let format = Format(rawValue: try record.text("format")) else {
                throw ModelError("invalid-value", "format must be csv or jsonl")
            }
            guard let root = try? NodeHash(try record.bytes("root", 32)) else {
                throw ModelError("invalid-value", "root must be 64 lower-case hex digits")
            }
            guard let openings = json["openings"]?.array, openings.count <= SpotCheckDraw.countLimit else {
                throw ModelError("invalid-value", "openings must be a list of at most \(SpotCheckDraw.countLimit)")
            }
            let subject = json["subject_column"]
            guard subject == .null || subject?.string != nil else {
                throw ModelError("invalid-value", "subject_column must be a text or null")
            }
            var parsed: [Opening] = []
            parsed.reserveCapacity(openings.count)
            for opening in openings { parsed.append(try Self.opening(opening, format)) }
            try self.init(
                dataset: try record.text("dataset"), dataPoints: try record.uint("data_points"), root: root, format: format,
                columns: try Self.texts(json["columns"], "columns"), keyColumns: try Self.texts(json["key_columns"], "key_columns"),
                subjectColumn: subject?.string, openings: parsed)
        } catch {
            throw error.inFile(file)
        }
    }

    static func combining() -> ModelError {
        ModelError("invalid-value", "a name has more than \(String.combiningLimit) combining characters in a row")
    }

    private static func opening(_ json: JSONValue, _ format: Format) throws(ModelError) -> Opening {
        guard let members = json.object, Set(members.keys) == ["blinding", "index", "record", "row_number"],
            let index = members["index"]?.uint, let number = members["row_number"]?.uint, let text = members["blinding"]?.string,
            text.utf8.count == 64, let blinding = try? Hex.decode(text), Hex.encode(blinding) == text, let record = members["record"]
        else { throw ModelError("invalid-value", "an opening has the members blinding, index, record and row_number and no others") }
        switch (format, record) {
        case (.csv, .array): return Opening(index: index, rowNumber: number, record: try texts(record, "record"), blinding: blinding)
        case (.jsonl, .string(let text)): return Opening(index: index, rowNumber: number, record: [text], blinding: blinding)
        default: throw ModelError("invalid-value", "the record of row \(index) is not in the form of the format \(format.rawValue)")
        }
    }

    private static func texts(_ json: JSONValue?, _ name: String) throws(ModelError) -> [String] {
        guard let values = json?.array else { throw ModelError("invalid-value", "\(name) must be a list of texts") }
        var texts: [String] = []
        texts.reserveCapacity(values.count)
        for value in values {
            guard let text = value.string else { throw ModelError("invalid-value", "\(name) must be a list of texts") }
            texts.append(text)
        }
        return texts
    }

    /// The file.
    public var json: JSONValue {
        .object([
            "columns": .array(columns.map { .string($0) }), "data_points": .integer(Int64(clamping: dataPoints)),
            "dataset": .string(dataset), "format": .string(format.rawValue), "key_columns": .array(keyColumns.map { .string($0) }),
            "kind": .string("spot-check-openings"),
            "openings": .array(
                openings.map { opening in
                    .object([
                        "blinding": .string(Hex.encode(opening.blinding)), "index": .integer(Int64(clamping: opening.index)),
                        "record": format == .jsonl ? .string(opening.record.first ?? "") : .array(opening.record.map { .string($0) }),
                        "row_number": .integer(Int64(clamping: opening.rowNumber)),
                    ])
                }),
            "root": .string(Hex.encode(root.bytes)), "subject_column": subjectColumn.map { .string($0) } ?? .null,
            "version": Self.version.json,
        ])
    }
}
