// SPDX-License-Identifier: Apache-2.0

/// Unlinkable point proofs with everything public that an auditor needs except the policy: a file `*.zkb` of the kind `members`
/// (docs/formats.md). Each row proves that its data point has *a* consent among the entries of a range of one ledger.
///
/// Invariant: the columns have exactly the sizes that N, the range and the revealed attributes give; linear parts and membership parts are
/// each of one length; either every row has range commitments and a range proof, or none. Nothing else is verified.
///
/// Unlike in other bundles, no row names an entry: ``positions`` is empty, and ``revealed`` has a value for each row.
public struct MemberBundle: BundleColumns {
    /// The name of the column of elements `K'`.
    static let elementsName = "elements"
    /// The name of the column of membership parts.
    static let membershipName = "membership"

    /// What the bundle says of itself.
    public let header: MemberHeader
    /// None.
    public let positions = U64Column([])
    /// Zero for each entry: there is one ledger.
    public let entryLedgers: U64Column
    /// The leaf indices of the range.
    public let entryIndices: U64Column
    /// The entries of the range, 118 bytes each.
    public let entries: BytesColumn
    /// `D` of each row, 32 bytes.
    public let dataPoints: BytesColumn
    /// `K'` of each row, 32 bytes.
    public let elements: BytesColumn
    /// The batch inclusion proof of the range.
    public let inclusions: [BytesColumn]
    /// The ledger's revocations log, 34 bytes each.
    public let revocations: [BytesColumn]
    /// The values of the revealed attributes, in schema order, for each row.
    public let revealed: [RevealedColumn]
    /// The linear part of each row.
    public let sigma: BytesColumn
    /// The range part of each row, where the policy has range clauses.
    public let ranges: PointBundle.Ranges?
    /// The membership part of each row.
    public let membership: BytesColumn

    /// The length of all proofs in bytes, `K'` included.
    public var proofByteCount: Int {
        elements.byteCount + sigma.byteCount + (ranges.map { $0.commitments.byteCount + $0.proofs.byteCount } ?? 0) + membership.byteCount
    }
    /// None: these bundles have no decoding advice.
    public var adviceByteCount: Int { 0 }

    /// A bundle of these columns.
    ///
    /// - Throws: `bundle-count`, `bundle-range`, `bundle-member`, `bundle-columns`, `bundle-revealed`.
    public init(
        header: MemberHeader, entries: BytesColumn, dataPoints: BytesColumn, elements: BytesColumn, inclusion: BytesColumn,
        revocations: BytesColumn, revealed: [RevealedColumn], sigma: BytesColumn, ranges: PointBundle.Ranges?, membership: BytesColumn
    ) throws(ModelError) {
        try header.check()
        self.header = header
        entryLedgers = U64Column([UInt64](repeating: 0, count: header.count))
        entryIndices = U64Column(Array(header.range))
        self.entries = entries
        self.dataPoints = dataPoints
        self.elements = elements
        inclusions = [inclusion]
        self.revocations = [revocations]
        self.revealed = revealed
        self.sigma = sigma
        self.ranges = ranges
        self.membership = membership
        let rows = header.dataPoints
        try Self.check(sizes: [
            ("data_points", dataPoints.count == rows && dataPoints.rowByteCount == 32),
            (Self.elementsName, elements.count == rows && elements.rowByteCount == 32),
            ("entries", entries.count == header.count && entries.rowByteCount == Bundle.entryByteCount),
            ("inclusion.0", inclusion.rowByteCount == 32),
            ("revocations.0", revocations.rowByteCount == Bundle.revocationByteCount),
            (PointBundle.sigmaName, sigma.count == rows),
            (PointBundle.rangeNames[0], ranges.map { $0.commitments.count == rows } ?? true),
            (PointBundle.rangeNames[1], ranges.map { $0.proofs.count == rows } ?? true),
            (Self.membershipName, membership.count == rows),
        ])
        for column in revealed { try column.check(count: rows) }
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
    ) throws(ModelError) -> MemberBundle {
        do {
            let container = try Safetensors(parsing: bytes, format: Bundle.format, file: file)
            let header = try MemberHeader(parsing: Bundle.headerText(of: container))
            let hasRanges = PointBundle.rangeNames.contains { container.tensors[$0] != nil }
            try container.checkOrder(columnNames(revealing: attributes, hasRanges: hasRanges))
            let rows = header.dataPoints
            var revealed: [RevealedColumn] = []
            for attribute in attributes { revealed.append(try RevealedColumn(attribute, in: container, count: rows)) }
            var ranges: PointBundle.Ranges?
            if hasRanges {
                ranges = PointBundle.Ranges(
                    commitments: try container.records(PointBundle.rangeNames[0], count: rows),
                    proofs: try container.records(PointBundle.rangeNames[1], count: rows))
            }
            return try MemberBundle(
                header: header, entries: container.rows("entries", count: header.count, rowByteCount: Bundle.entryByteCount),
                dataPoints: container.rows("data_points", count: rows, rowByteCount: 32),
                elements: container.rows(elementsName, count: rows, rowByteCount: 32),
                inclusion: container.rows("inclusion.0", rowByteCount: 32),
                revocations: container.rows("revocations.0", rowByteCount: Bundle.revocationByteCount), revealed: revealed,
                sigma: container.records(PointBundle.sigmaName, count: rows), ranges: ranges,
                membership: container.records(membershipName, count: rows))
        } catch {
            throw error.inFile(file)
        }
    }

    /// The names of the tensors in the order of the file.
    private static func columnNames(revealing attributes: [RevealedAttribute], hasRanges: Bool) -> [String] {
        let integers = attributes.filter { $0.kind == .uint }.map { RevealedColumn.name($0) }
        let ids = attributes.filter { $0.kind != .uint }.map { RevealedColumn.name($0) }
        return integers + ids.map { $0 + ".offsets" } + ["data_points", elementsName, "entries", "inclusion.0", "revocations.0"]
            + ids.map { $0 + ".bytes" } + [PointBundle.sigmaName] + (hasRanges ? PointBundle.rangeNames : []) + [membershipName]
    }
}

extension BundleWriter {
    /// Appends a bundle of unlinkable point proofs to `file`; the commit is the caller's.
    ///
    /// - Throws: `disk-full`, `file-write`.
    public static func write(_ bundle: MemberBundle, to file: inout OutputFile) throws(ModelError) {
        try container(bundle).write { (piece) throws(ModelError) in try file.append(piece) }
    }

    /// The whole file in memory.
    public static func encode(_ bundle: MemberBundle) -> [UInt8] {
        container(bundle).encoded
    }

    private static func container(_ bundle: MemberBundle) -> SafetensorsWriter {
        var writer = SafetensorsWriter(format: Bundle.format, "bundle", bundle.header.json.canonicalText)
        for column in bundle.revealed {
            if case .integers(let values) = column.storage { writer.add(RevealedColumn.name(column.attribute), values) }
        }
        for column in bundle.revealed {
            if case .ids(let offsets, _) = column.storage { writer.add(RevealedColumn.name(column.attribute) + ".offsets", offsets) }
        }
        writer.add("data_points", rows: bundle.dataPoints)
        writer.add(MemberBundle.elementsName, rows: bundle.elements)
        writer.add("entries", rows: bundle.entries)
        writer.add("inclusion.0", rows: bundle.inclusions[0])
        writer.add("revocations.0", rows: bundle.revocations[0])
        for column in bundle.revealed {
            if case .ids(_, let bytes) = column.storage { writer.add(RevealedColumn.name(column.attribute) + ".bytes", text: bytes) }
        }
        writer.add(PointBundle.sigmaName, rows: bundle.sigma)
        if let ranges = bundle.ranges {
            writer.add(PointBundle.rangeNames[0], rows: ranges.commitments)
            writer.add(PointBundle.rangeNames[1], rows: ranges.proofs)
        }
        writer.add(MemberBundle.membershipName, rows: bundle.membership)
        return writer
    }
}
