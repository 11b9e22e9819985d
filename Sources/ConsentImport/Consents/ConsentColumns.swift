// SPDX-License-Identifier: Apache-2.0

import ConsentModel

/// What the columns of a table of consents mean.
///
/// `id`; the schema's attributes; its flag groups (flags separated by `;`, `|` or spaces); `not_before` and `expires` (dates, both
/// included), which are the days in force; `record` (64 hex digits) or `record_key`, joined to a table of records (with several key
/// columns `record_key.<column>` for each). An empty cell is an absent value.
struct ConsentColumns {
    private enum Meaning {
        case id
        case attribute(Schema.Attribute)
        case group(String)
        case from, to
        /// The index among the key columns.
        case key(Int)
    }

    private let meanings: [Meaning]
    private let idIndex: Int
    private let keyCount: Int
    private let records: RecordIndex?

    /// - Throws: `unknown-column`, `column-missing`, `records-missing` (keys without a table of records).
    init(_ columns: [String], schema: Schema, records: RecordIndex?) throws(ModelError) {
        let keyNames = Self.keyNames(records)
        let known = ["id", "not_before", "expires"] + schema.attributes.map(\.name) + schema.flagGroups.map(\.name) + keyNames
        var meanings: [Meaning] = []
        for name in columns {
            switch name {
            case "id": meanings.append(.id)
            case "not_before": meanings.append(.from)
            case "expires": meanings.append(.to)
            default:
                if let index = keyNames.firstIndex(of: name) {
                    meanings.append(.key(index))
                } else if let attribute = schema.attribute(named: name) {
                    meanings.append(.attribute(attribute))
                } else if schema.flagGroup(named: name) != nil {
                    meanings.append(.group(name))
                } else if records == nil, name == "record_key" || name.hasPrefix("record_key.") {
                    throw lineError(
                        "records-missing", "the column \(name) names records by key, but there is no table of records", line: 1,
                        hint: RecordHint.missingTable)
                } else {
                    throw lineError(
                        "unknown-column", "the schema \(schema.name) has no attribute or flag group \"\(name)\"", line: 1,
                        hint: Nearest.hint(name, among: known))
                }
            }
        }
        let keyColumns = keyNames.filter(columns.contains)
        for name in ["id", "subject", "controller", "not_before", "expires"] where !columns.contains(name) {
            throw lineError("column-missing", "the table has no column \(name)", line: 1, hint: "it is needed for every consent")
        }
        guard columns.contains("record") || !keyColumns.isEmpty else {
            throw lineError("column-missing", "the table has neither a column record nor record_key", line: 1)
        }
        guard keyColumns.isEmpty || keyColumns.count == keyNames.count else {
            throw lineError("column-missing", "the table needs all of the columns \(keyNames.joined(separator: ", "))", line: 1)
        }
        self.meanings = meanings
        self.records = records
        keyCount = keyColumns.count
        idIndex = columns.firstIndex(of: "id") ?? 0
    }

    private static func keyNames(_ records: RecordIndex?) -> [String] {
        guard let records else { return [] }
        return records.keyColumns.count <= 1 ? ["record_key"] : records.keyColumns.map { "record_key.\($0)" }
    }

    func id(_ row: CSVRow) -> String? {
        row[idIndex].isEmpty ? nil : row.text(idIndex)
    }

    /// The normalised JSON form of a row with as many cells as there are columns.
    func form(of row: CSVRow) throws(ModelError) -> JSONValue {
        var form: [String: JSONValue] = [:]
        var first: Day?
        var last: Day?
        var key = [String](repeating: "", count: keyCount)
        for (index, meaning) in meanings.enumerated() where !row[index].isEmpty {
            let text = row.text(index)
            switch meaning {
            case .id: form["id"] = .string(text)
            case .attribute(let attribute): form[attribute.name] = .string(text)
            case .group(let name):
                // By bytes: U+037E and ";" are equal as characters.
                let flags = text.utf8.split { $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: "|") || $0 == UInt8(ascii: " ") }
                form[name] = .array(Set(flags.map { String(Substring($0)) }).sorted().map { .string($0) })
            case .from: first = try day(text, "not_before")
            case .to: last = try day(text, "expires")
            case .key(let position): key[position] = text
            }
        }
        guard let first, let last else {
            throw ModelError("period-missing", "the consent has no not_before or no expires", hint: "say from when to when it is in force")
        }
        guard first <= last else {
            throw ModelError("invalid-value", "expires (\(last)) is before not_before (\(first))")
        }
        form["in_force"] = .object(["from": .string(first.iso8601), "to": .string(last.iso8601)])
        if let digest = try joined(key) {
            let text = JSONValue.string(RecordDigest.encode(digest))
            guard form["record"] == nil || form["record"] == text else {
                throw ModelError("record-mismatch", "record and record_key name two records")
            }
            form["record"] = text
        }
        return .object(form)
    }

    private func day(_ text: String, _ column: String) throws(ModelError) -> Day {
        guard let day = Day(iso8601: text) else {
            throw ModelError("invalid-value", "\(column) is no date from 1970 to 2199 in the form YYYY-MM-DD", hint: "such as 2026-01-31")
        }
        return day
    }

    private func joined(_ key: [String]) throws(ModelError) -> [UInt8]? {
        guard let records, !key.isEmpty, key.contains(where: { !$0.isEmpty }) else { return nil }
        guard let digest = records.digest(cells: key) else {
            throw ModelError(
                "record-key-unknown", "the table of records has no record with this key", hint: RecordHint.unknownKey(records))
        }
        return digest
    }
}
