// SPDX-License-Identifier: Apache-2.0

/// Writes bundles in their one canonical form (docs/formats.md, Bundle).
public enum BundleWriter {
    /// Appends the file to `file`, column by column without copies; the commit is the caller's.
    ///
    /// - Throws: `disk-full`, `file-write`.
    public static func write(_ bundle: Bundle, to file: inout OutputFile) throws(ModelError) {
        try container(bundle).write { (piece) throws(ModelError) in try file.append(piece) }
    }

    /// The whole file in memory.
    public static func encode(_ bundle: Bundle) -> [UInt8] {
        container(bundle).encoded
    }

    private static func container(_ bundle: Bundle) -> SafetensorsWriter {
        var writer = columns(bundle, header: bundle.header.json)
        writer.add("proof", text: bundle.proof)
        if let advice = bundle.advice {
            writer.add(DecodingAdvice.names[0], rows: advice.dataPoints)
            writer.add(DecodingAdvice.names[1], rows: advice.entries)
        }
        return writer
    }

    /// Header and columns that every kind of bundle has.
    private static func columns(_ bundle: some BundleColumns, header: JSONValue) -> SafetensorsWriter {
        var writer = SafetensorsWriter(format: Bundle.format, "bundle", header.canonicalText)
        writer.add("consent", bundle.positions)
        writer.add("entry_ledger", bundle.entryLedgers)
        writer.add("entry_index", bundle.entryIndices)
        for column in bundle.revealed {
            if case .integers(let values) = column.storage { writer.add(RevealedColumn.name(column.attribute), values) }
        }
        for column in bundle.revealed {
            if case .ids(let offsets, _) = column.storage { writer.add(RevealedColumn.name(column.attribute) + ".offsets", offsets) }
        }
        writer.add("data_points", rows: bundle.dataPoints)
        writer.add("entries", rows: bundle.entries)
        for (number, column) in bundle.inclusions.enumerated() { writer.add("inclusion.\(number)", rows: column) }
        for (number, column) in bundle.revocations.enumerated() { writer.add("revocations.\(number)", rows: column) }
        for column in bundle.revealed {
            if case .ids(_, let bytes) = column.storage { writer.add(RevealedColumn.name(column.attribute) + ".bytes", text: bytes) }
        }
        return writer
    }

    // MARK: Points

    /// Appends a bundle of point proofs to `file`; the commit is the caller's.
    ///
    /// - Throws: `disk-full`, `file-write`.
    public static func write(_ bundle: PointBundle, to file: inout OutputFile) throws(ModelError) {
        try container(bundle).write { (piece) throws(ModelError) in try file.append(piece) }
    }

    /// The whole file in memory.
    public static func encode(_ bundle: PointBundle) -> [UInt8] {
        container(bundle).encoded
    }

    private static func container(_ bundle: PointBundle) -> SafetensorsWriter {
        var writer = columns(bundle, header: bundle.header.json)
        writer.add(PointBundle.sigmaName, rows: bundle.sigma)
        if let ranges = bundle.ranges {
            writer.add(PointBundle.rangeNames[0], rows: ranges.commitments)
            writer.add(PointBundle.rangeNames[1], rows: ranges.proofs)
        }
        return writer
    }
}
