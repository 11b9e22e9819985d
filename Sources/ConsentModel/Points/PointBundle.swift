// SPDX-License-Identifier: Apache-2.0

/// Many point proofs with everything public that an auditor needs except the policy: a file `*.zkb` of the kind `points` (docs/formats.md).
///
/// Invariant: that of ``BundleColumns``; one linear part for each row, all of one length; and either for each row range commitments and a range
/// proof, or none. Nothing else is verified.
public struct PointBundle: BundleColumns {
    /// What rows have when the policy has range clauses.
    public struct Ranges: Sendable {
        /// `V_1 ... V_r` of each row.
        public let commitments: BytesColumn
        /// The range proof of each row.
        public let proofs: BytesColumn

        /// Columns of equal count.
        public init(commitments: BytesColumn, proofs: BytesColumn) {
            self.commitments = commitments
            self.proofs = proofs
        }
    }

    /// The name of the column of linear parts.
    static let sigmaName = "sigma"
    /// The names of the columns of range parts, in the order of the file.
    static let rangeNames = ["range_commitments", "range_proofs"]

    /// What the bundle says of itself.
    public let header: PointHeader
    /// For each row, the position of its entry.
    public let positions: U64Column
    /// For each entry, the number of its ledger in the header.
    public let entryLedgers: U64Column
    /// For each entry, its leaf index.
    public let entryIndices: U64Column
    /// The entries, 118 bytes each.
    public let entries: BytesColumn
    /// `D` of each row, 32 bytes.
    public let dataPoints: BytesColumn
    /// For each ledger, the batch inclusion proof of its entries.
    public let inclusions: [BytesColumn]
    /// For each ledger, its revocations log, 34 bytes each.
    public let revocations: [BytesColumn]
    /// The values of the revealed attributes, in schema order.
    public let revealed: [RevealedColumn]
    /// The linear part of each row.
    public let sigma: BytesColumn
    /// The range part of each row, where the policy has range clauses.
    public let ranges: Ranges?

    /// The length of all proofs in bytes.
    public var proofByteCount: Int { sigma.byteCount + (ranges.map { $0.commitments.byteCount + $0.proofs.byteCount } ?? 0) }
    /// None: bundles of point proofs have no decoding advice.
    public var adviceByteCount: Int { 0 }

    /// A bundle of these columns.
    ///
    /// - Throws: errors of the header and of ``BundleColumns``.
    public init(
        header: PointHeader, positions: U64Column, entryLedgers: U64Column, entryIndices: U64Column, entries: BytesColumn,
        dataPoints: BytesColumn, inclusions: [BytesColumn], revocations: [BytesColumn], revealed: [RevealedColumn], sigma: BytesColumn,
        ranges: Ranges?
    ) throws(ModelError) {
        self.header = header
        self.positions = positions
        self.entryLedgers = entryLedgers
        self.entryIndices = entryIndices
        self.entries = entries
        self.dataPoints = dataPoints
        self.inclusions = inclusions
        self.revocations = revocations
        self.revealed = revealed
        self.sigma = sigma
        self.ranges = ranges
        try header.checkHeading()
        let rows = header.dataPoints
        try Self.check(sizes: [
            (Self.sigmaName, sigma.count == rows),
            (Self.rangeNames[0], ranges.map { $0.commitments.count == rows } ?? true),
            (Self.rangeNames[1], ranges.map { $0.proofs.count == rows } ?? true),
        ])
        try checkColumns()
    }

    /// Reads a file whose bundle must reveal exactly these attributes.
    ///
    /// - Parameters:
    ///   - bytes: The whole file.
    ///   - file: Its name, for errors.
    ///   - attributes: What the auditor's policy reveals, in schema order: the bundle does not choose.
    /// - Throws: As ``Bundle/parse(_:file:revealing:)``.
    public static func parse(
        _ bytes: [UInt8], file: String? = nil, revealing attributes: [RevealedAttribute]
    ) throws(ModelError) -> PointBundle {
        do {
            let container = try Safetensors(parsing: bytes, format: Bundle.format, file: file)
            let header = try PointHeader(parsing: Bundle.headerText(of: container))
            let hasRanges = rangeNames.contains { container.tensors[$0] != nil }
            try container.checkOrder(
                Bundle.columnNames(
                    ledgers: header.ledgers.count, revealing: attributes, proofs: [sigmaName] + (hasRanges ? rangeNames : [])))
            let (rows, consents) = (header.dataPoints, header.distinctConsents)
            var revealed: [RevealedColumn] = []
            for attribute in attributes { revealed.append(try RevealedColumn(attribute, in: container, count: consents)) }
            var (inclusions, revocations): ([BytesColumn], [BytesColumn]) = ([], [])
            for number in header.ledgers.indices {
                inclusions.append(try container.rows("inclusion.\(number)", rowByteCount: 32))
                revocations.append(try container.rows("revocations.\(number)", rowByteCount: Bundle.revocationByteCount))
            }
            var ranges: Ranges?
            if hasRanges {
                ranges = Ranges(
                    commitments: try container.records(rangeNames[0], count: rows),
                    proofs: try container.records(rangeNames[1], count: rows))
            }
            return try PointBundle(
                header: header, positions: container.integers("consent", count: rows),
                entryLedgers: container.integers("entry_ledger", count: consents),
                entryIndices: container.integers("entry_index", count: consents),
                entries: container.rows("entries", count: consents, rowByteCount: Bundle.entryByteCount),
                dataPoints: container.rows("data_points", count: rows, rowByteCount: 32), inclusions: inclusions,
                revocations: revocations, revealed: revealed, sigma: container.records(sigmaName, count: rows), ranges: ranges)
        } catch {
            throw error.inFile(file)
        }
    }
}

extension Safetensors {
    /// The column `name` of `count` rows, of whatever equal length from 1 on.
    ///
    /// - Throws: `tensor-missing`, `tensor-shape`.
    func records(_ name: String, count: Int) throws(ModelError) -> BytesColumn {
        try rows(name, count: count, rowByteCount: max(1, tensors[name]?.shape.last ?? 1))
    }
}
