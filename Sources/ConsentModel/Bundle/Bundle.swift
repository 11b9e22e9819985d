// SPDX-License-Identifier: Apache-2.0

/// A dataset proof with everything public that an auditor needs except the policy: the file `*.zkb` (docs/formats.md, Bundle).
///
/// Invariant: the columns have exactly the sizes that N, E and the revealed attributes give; the entries are strictly ascending by (ledger
/// number, leaf index); every position is below E and every entry is used. Nothing else is verified.
public struct Bundle: BundleColumns {
    /// The format, as the metadata names it.
    package static let format = FormatVersion(1, of: "zkconsent-bundle")
    /// The length of an entry in bytes.
    public static let entryByteCount = 118
    /// The length of a revocation in bytes.
    public static let revocationByteCount = 34

    /// What the file says about itself.
    public let header: BundleHeader
    /// For each row, the position of its entry, below E.
    public let positions: U64Column
    /// For each entry, the number of its ledger in ``BundleHeader/ledgers``.
    public let entryLedgers: U64Column
    /// For each entry, its leaf index in its ledger's consents log.
    public let entryIndices: U64Column
    /// The entries, 118 bytes each.
    public let entries: BytesColumn
    /// The data-point commitments, 32 bytes each.
    public let dataPoints: BytesColumn
    /// For each ledger, the batch inclusion proof of its entries, 32 bytes a hash.
    public let inclusions: [BytesColumn]
    /// For each ledger, its revocations log up to the checkpoint, 34 bytes each.
    public let revocations: [BytesColumn]
    /// The values of the revealed attributes, in schema order.
    public let revealed: [RevealedColumn]
    /// The proof.
    public let proof: BytesColumn
    /// What speeds decoding up, if the file has it.
    public let advice: DecodingAdvice?

    /// A bundle of these columns.
    ///
    /// - Throws: `bundle-count`, `bundle-member`, `bundle-ledgers`, `bundle-columns`, `bundle-entries-order`, `bundle-entry-ledger`,
    ///   `bundle-position`, `bundle-entry-unused`, `bundle-revealed`.
    public init(
        header: BundleHeader, positions: U64Column, entryLedgers: U64Column, entryIndices: U64Column, entries: BytesColumn,
        dataPoints: BytesColumn, inclusions: [BytesColumn], revocations: [BytesColumn], revealed: [RevealedColumn], proof: BytesColumn,
        advice: DecodingAdvice? = nil
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
        self.proof = proof
        self.advice = advice
        try check()
    }

    /// Reads a file whose bundle must reveal exactly these attributes.
    ///
    /// - Parameters:
    ///   - bytes: The whole file.
    ///   - file: Its name, for errors.
    ///   - attributes: What the auditor's policy reveals, in schema order: the bundle does not choose.
    /// - Throws: Errors of ``Safetensors``, of the header (`bundle-...`), `tensor-missing`, `tensor-unknown`, `tensor-order`,
    ///   `tensor-shape`, and those of the initialiser.
    public static func parse(_ bytes: [UInt8], file: String? = nil, revealing attributes: [RevealedAttribute]) throws(ModelError) -> Bundle
    {
        do {
            let container = try Safetensors(parsing: bytes, format: format, file: file)
            let header = try header(of: container)
            let hasAdvice = DecodingAdvice.names.contains { container.tensors[$0] != nil }
            try container.checkOrder(
                columnNames(ledgers: header.ledgers.count, revealing: attributes) + (hasAdvice ? DecodingAdvice.names : []))
            let (rows, consents) = (header.dataPoints, header.distinctConsents)
            var revealed: [RevealedColumn] = []
            for attribute in attributes { revealed.append(try RevealedColumn(attribute, in: container, count: consents)) }
            var (inclusions, revocations): ([BytesColumn], [BytesColumn]) = ([], [])
            for number in header.ledgers.indices {
                inclusions.append(try container.rows("inclusion.\(number)", rowByteCount: 32))
                revocations.append(try container.rows("revocations.\(number)", rowByteCount: revocationByteCount))
            }
            var advice: DecodingAdvice?
            if hasAdvice {
                advice = DecodingAdvice(
                    dataPoints: try container.rows(DecodingAdvice.names[0], count: rows, rowByteCount: 32),
                    entries: try container.rows(DecodingAdvice.names[1], count: consents, rowByteCount: 32))
            }
            return try Bundle(
                header: header,
                positions: container.integers("consent", count: rows),
                entryLedgers: container.integers("entry_ledger", count: consents),
                entryIndices: container.integers("entry_index", count: consents),
                entries: container.rows("entries", count: consents, rowByteCount: entryByteCount),
                dataPoints: container.rows("data_points", count: rows, rowByteCount: 32),
                inclusions: inclusions, revocations: revocations, revealed: revealed, proof: container.text("proof"),
                advice: advice)
        } catch {
            throw error.inFile(file)
        }
    }

    /// The length of the proof in bytes.
    public var proofByteCount: Int { proof.byteCount }
    /// The length of decoding advice in bytes.
    public var adviceByteCount: Int { advice?.byteCount ?? 0 }

    /// The header of a container.
    ///
    /// - Throws: `bundle-metadata`, and errors of the header.
    static func header(of container: Safetensors) throws(ModelError) -> BundleHeader {
        try BundleHeader(parsing: headerText(of: container))
    }

    /// The text that every kind of bundle has in its metadata.
    ///
    /// - Throws: `bundle-metadata`.
    static func headerText(of container: Safetensors) throws(ModelError) -> String {
        guard let text = container.metadata["bundle"], container.metadata.count == 2 else {
            throw ModelError("bundle-metadata", "the metadata has not exactly the texts bundle and format")
        }
        return text
    }

    /// The names of the tensors in the order of the file, without advice.
    static func columnNames(ledgers: Int, revealing attributes: [RevealedAttribute], proofs: [String] = ["proof"]) -> [String] {
        let integers = attributes.filter { $0.kind == .uint }.map { RevealedColumn.name($0) }
        let ids = attributes.filter { $0.kind != .uint }.map { RevealedColumn.name($0) }
        return ["consent", "entry_ledger", "entry_index"] + integers + ids.map { $0 + ".offsets" } + ["data_points", "entries"]
            + (0..<ledgers).map { "inclusion.\($0)" } + (0..<ledgers).map { "revocations.\($0)" } + ids.map { $0 + ".bytes" } + proofs
    }
}
