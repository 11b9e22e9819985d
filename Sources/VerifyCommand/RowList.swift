// SPDX-License-Identifier: Apache-2.0
internal import ConsentImport
internal import ConsentModel
internal import Primitives

/// The file of `verify --rows`: a line of comma-separated values (RFC 4180) for each data point of the files that hold, with the entry that covers it and what
/// the policy reveals of that.
struct RowList: ~Copyable {
    private var file: OutputFile
    private let attributes: [RevealedAttribute]
    /// The attributes that count days.
    private let days: Set<String>
    /// How many lines there are below the heading.
    private(set) var count = 0

    /// The heading: the policy, not a bundle, says which columns there are.
    init(_ file: consuming OutputFile, policy: Policy) throws(ModelError) {
        self.file = file
        attributes = policy.statements.revealedAttributes
        days = Set(
            policy.statement.schema.attributes.filter { if case .uint(isDay: true) = $0.kind { true } else { false } }.map(\.name))
        try line(["file", "row", "data_point", "ledger", "entry_index"] + attributes.map { "revealed.\($0.name)" })
    }

    /// Appends the rows of a file that holds.
    mutating func append(_ columns: some BundleColumns, of path: String) throws(ModelError) {
        // Unlinkable proofs name no entry, and reveal values row by row.
        let isLinked = columns.positions.count > 0
        for row in 0..<columns.dataPoints.count {
            let position = isLinked ? Int(columns.positions[row]) : row
            var ledger = columns.header.ledgers.first?.origin ?? ""
            if isLinked { ledger = columns.header.ledgers[Int(columns.entryLedgers[position])].origin }
            try line(
                [path, "\(row)", Hex.encode(Array(columns.dataPoints[row])), ledger, isLinked ? "\(columns.entryIndices[position])" : ""]
                    + columns.revealed.map { text($0[position], of: $0.attribute) })
        }
        count += columns.dataPoints.count
    }

    /// Makes the file appear.
    consuming func commit() throws(ModelError) { try file.commit() }

    private mutating func line(_ cells: [String]) throws(ModelError) {
        try file.append(CSVLine.encoded(cells))
    }

    private func text(_ value: ConsentValue, of attribute: RevealedAttribute) -> String {
        switch value {
        case .uint(let number): days.contains(attribute.name) ? Day(number: Int(clamping: number))?.iso8601 ?? "\(number)" : "\(number)"
        case .id(let bytes): attribute.kind == .digest ? Hex.encode(bytes) : String(decoding: bytes, as: UTF8.self)
        }
    }
}
