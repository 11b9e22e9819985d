// SPDX-License-Identifier: Apache-2.0
internal import MerkleLog
internal import Primitives

extension PointBundle {
    /// Packs single proofs into a bundle, in their order. Nothing is verified.
    ///
    /// They must be of one holder, context, schema and statement, and those of one ledger have one and the same evidence: checkpoints and
    /// revocations log.
    ///
    /// - Parameters:
    ///   - files: at least one.
    ///   - names: their names, for errors.
    /// - Throws: `pack-differs` naming the first file that does not fit and the one that it differs from, `pack-entry`, `point-revealed`,
    ///   and structural errors.
    public init(packing files: [PointFile], named names: [String] = [], _ relation: PointRelation) throws(ModelError) {
        func name(_ index: Int) -> String { index < names.count ? names[index] : "proof \(index)" }
        guard let first = files.first else { throw ModelError("pack-none", "there is nothing to pack") }
        /// For each origin the first file that has it.
        var ledgers: [[UInt8]: Int] = [:]
        for (index, file) in files.enumerated() {
            func refuse(_ what: String, _ other: Int) -> ModelError {
                ModelError(
                    "pack-differs", "\(name(other)) and \(name(index)) have different \(what)", file: name(index),
                    hint: "pack proofs of one holder, context and policy, made with the same checkpoints")
            }
            // Texts by their bytes: that is how a proof is bound to them.
            if !file.holder.hasSameBytes(as: first.holder) { throw refuse("holders", 0) }
            if !file.context.hasSameBytes(as: first.context) { throw refuse("contexts", 0) }
            if file.schema != first.schema { throw refuse("schemas", 0) }
            if file.statement != first.statement { throw refuse("statements", 0) }
            if file.sigma.count != first.sigma.count || file.range.count != first.range.count { throw refuse("lengths of proofs", 0) }
            if let other = ledgers[Array(file.ledger.origin.utf8)] {
                if !files[other].ledger.hasSameBytes(as: file.ledger) { throw refuse("checkpoints of \(file.ledger.origin)", other) }
                if files[other].revocations != file.revocations { throw refuse("lists of withdrawals of \(file.ledger.origin)", other) }
            } else {
                ledgers[Array(file.ledger.origin.utf8)] = index
            }
        }
        let origins = ledgers.keys.sorted { $0.lexicographicallyPrecedes($1) }
        let number = Dictionary(uniqueKeysWithValues: origins.enumerated().map { ($1, $0) })
        /// Entries by ledger number and index: the first file that has each.
        var places: [Place: Int] = [:]
        for (index, file) in files.enumerated() {
            let place = Place(ledger: number[Array(file.ledger.origin.utf8)] ?? 0, index: file.index)
            if let other = places[place] {
                guard files[other].entry == file.entry, files[other].revealed == file.revealed else {
                    throw ModelError(
                        "pack-entry", "\(name(other)) and \(name(index)) have different entries at index \(file.index)", file: name(index))
                }
            } else {
                places[place] = index
            }
        }
        let used = places.keys.sorted()
        let position = Dictionary(uniqueKeysWithValues: used.enumerated().map { ($1, UInt64($0)) })
        let entryFiles = used.map { files[places[$0] ?? 0] }

        var inclusions: [BytesColumn] = []
        var revocations: [BytesColumn] = []
        for (ledger, origin) in origins.enumerated() {
            let own = used.filter { $0.ledger == ledger }.map { files[places[$0] ?? 0] }
            inclusions.append(try Self.column(try Self.batchInclusion(own), 32))
            revocations.append(try Self.column(files[ledgers[origin] ?? 0].revocations, Bundle.revocationByteCount))
        }
        var values: [[ConsentValue]] = []
        for file in entryFiles { values.append(try file.values(relation)) }
        let revealed = relation.revealedAttributes.enumerated().map { column, attribute in
            RevealedColumn(attribute, values.map { $0[column] })
        }
        let hasRanges = !first.range.isEmpty
        try self.init(
            header: PointHeader(
                dataPoints: files.count, distinctConsents: used.count, holder: first.holder, context: first.context,
                ledgers: origins.map { files[ledgers[$0] ?? 0].ledger }, schema: first.schema, statement: first.statement),
            positions: U64Column(
                files.map { position[Place(ledger: number[Array($0.ledger.origin.utf8)] ?? 0, index: $0.index)] ?? 0 }),
            entryLedgers: U64Column(used.map { UInt64($0.ledger) }), entryIndices: U64Column(used.map(\.index)),
            entries: Self.column(entryFiles.flatMap(\.entry), Bundle.entryByteCount),
            dataPoints: Self.column(files.flatMap(\.dataPoint), 32),
            inclusions: inclusions, revocations: revocations, revealed: revealed,
            sigma: Self.column(files.flatMap(\.sigma), max(1, first.sigma.count)),
            ranges: hasRanges
                ? Ranges(
                    commitments: try Self.column(files.flatMap(\.rangeCommitments), max(1, first.rangeCommitments.count)),
                    proofs: try Self.column(files.flatMap(\.range), first.range.count)) : nil)
    }

    /// Where an entry is.
    private struct Place: Hashable, Comparable {
        let ledger: Int
        let index: UInt64

        static func < (a: Place, b: Place) -> Bool { (a.ledger, a.index) < (b.ledger, b.index) }
    }

    private static func column(_ bytes: [UInt8], _ width: Int) throws(ModelError) -> BytesColumn {
        guard let column = BytesColumn(bytes, rowByteCount: width) else {
            throw ModelError("bundle-columns", "a column is not a whole number of rows of \(width) bytes")
        }
        return column
    }

    /// The batch inclusion proof (docs/formats.md) of entries in ascending order, made of their audit paths. Of paths of one tree; whether they are is
    /// found by whoever verifies.
    private static func batchInclusion(_ files: [PointFile]) throws(ModelError) -> [UInt8] {
        guard let first = files.first else { return [] }
        let size: UInt64
        do throws(MerkleLogError) {
            size = try UnverifiedCheckpoint(bytes: Array(first.ledger.consents.utf8)).claimedSize
        } catch {
            throw ModelError("point-member", "a checkpoint cannot be read: \(error)")
        }
        var proof: [UInt8] = []
        // Node of the present level -> the file whose path goes through it, and how much of that path is used up.
        var nodes = files.enumerated().map { (index: $1.index, file: $0, used: 0) }
        var width = size
        while width > 1 {
            var parents: [(index: UInt64, file: Int, used: Int)] = []
            var place = 0
            while place < nodes.count {
                var node = nodes[place]
                let sibling = node.index ^ 1
                place += 1
                if place < nodes.count, nodes[place].index == sibling {
                    node.used += 1
                    place += 1
                } else if sibling < width {
                    guard node.used < files[node.file].path.count else {
                        throw ModelError("pack-path", "the proof of inclusion of entry \(files[node.file].index) is too short")
                    }
                    proof += files[node.file].path[node.used]
                    node.used += 1
                }
                parents.append((node.index >> 1, node.file, node.used))
            }
            (nodes, width) = (parents, (width + 1) >> 1)
        }
        return proof
    }
}

extension BundleHeader.Ledger {
    /// Whether all texts are the same bytes, and all hashes.
    fileprivate func hasSameBytes(as other: Self) -> Bool {
        guard origin.hasSameBytes(as: other.origin), consents.hasSameBytes(as: other.consents),
            revocations.hasSameBytes(as: other.revocations)
        else { return false }
        switch (logged, other.logged) {
        case (nil, nil): return true
        case (let own?, let other?): return own.checkpoint.hasSameBytes(as: other.checkpoint) && own.consistency == other.consistency
        default: return false
        }
    }
}

extension RevealedColumn {
    /// The column of values of an attribute's kind; others count as empty.
    init(_ attribute: RevealedAttribute, _ values: [ConsentValue]) {
        switch attribute.kind {
        case .uint:
            self.init(
                uint: attribute.name,
                values.map {
                    if case .uint(let value) = $0 { value } else { 0 }
                })
        case .text, .digest:
            self.init(
                id: attribute.name, isDigest: attribute.kind == .digest,
                values.map {
                    if case .id(let bytes) = $0 { bytes } else { [] }
                })
        }
    }
}
