// SPDX-License-Identifier: Apache-2.0
public import ConsentModel
private import FaultInjection
internal import Groups
internal import MerkleLog

/// Checks the rows that a holder opened against what was drawn, against the registered manifest, and against the data points of a bundle
/// (docs/protocol.md section 13). Whether the bundle holds is ``DatasetVerifier``'s matter and goes before.
///
/// Timing: variable; what is opened is public to the auditor.
public struct SpotCheck: Sendable {
    /// Where the drawn value comes from.
    public let source: SpotCheckDraw.Source
    /// The value.
    public let value: String
    /// k, the number of rows.
    public let count: Int
    /// The time at which a beacon's value became known, seconds since 1970, as the auditor found out.
    public let beaconTime: UInt64?
    /// The column that names the data subjects, as the auditor knows; `nil` takes the holder's word.
    public let subjectColumn: String?

    /// A check of `count` rows.
    public init(
        source: SpotCheckDraw.Source, value: String, count: Int, beaconTime: UInt64? = nil, subjectColumn: String? = nil
    ) {
        self.source = source
        self.value = value
        self.count = count
        self.beaconTime = beaconTime
        self.subjectColumn = subjectColumn
    }

    /// Checks the openings; all findings are collected.
    ///
    /// - Throws: `spot-check-value`, `spot-check-count`, and what reading the manifest throws.
    public func verify(_ bundle: Bundle, openings: SpotCheckOpenings, policy: Policy) throws(ModelError) -> SpotCheckVerdict {
        let manifest = try Manifest(parsing: Array(bundle.header.manifest.entry.utf8))
        let draw = try SpotCheckDraw(source: source, value: value, manifest: manifest, count: count)
        var verdict = SpotCheckVerdict(
            draw: draw, dataset: manifest.dataset, beaconTime: beaconTime, keyColumns: openings.keyColumns,
            subjectColumn: openings.subjectColumn, isSubjectColumnKnown: subjectColumn != nil)
        checkBeaconTime(bundle, policy, &verdict)
        checkSubjectColumn(openings, &verdict)
        checkManifest(bundle, manifest, openings, &verdict)
        checkRows(draw.rows, openings, &verdict)
        try checkOpenings(bundle, manifest, openings, &verdict)
        return verdict
    }

    /// That a quorum had signed the registration before the beacon's value was known.
    private func checkBeaconTime(_ bundle: Bundle, _ policy: Policy, _ verdict: inout SpotCheckVerdict) {
        guard let beaconTime, !Fault.isRemoved(.spotCheckBeaconTime) else { return }
        let evidence = bundle.header.manifest
        guard let trusted = policy.acceptance.ledger(origin: evidence.origin),
            LedgerCheck(trusted: trusted, policy: policy, evidence: Evidence(now: 0)).isCosigned(evidence.checkpoint, before: beaconTime)
        else {
            verdict.add(.beaconTime, "no quorum is shown to have signed the dataset's registration before the time of the beacon")
            return
        }
    }

    /// That the data subjects are those of the auditor's column: another one that was committed opens as well.
    private func checkSubjectColumn(_ openings: SpotCheckOpenings, _ verdict: inout SpotCheckVerdict) {
        guard let subjectColumn, !Fault.isRemoved(.spotCheckSubjectColumn) else { return }
        if let named = openings.subjectColumn, named.utf8.elementsEqual(subjectColumn.utf8) { return }
        verdict.add(
            .subjectColumn,
            "the data points commit to \(openings.subjectColumn.map { "the column \($0.prefix(128))" } ?? "no column") as the data subject")
    }

    /// That dataset, N and root are the registered ones, and the data points those of the root.
    private func checkManifest(
        _ bundle: Bundle, _ manifest: Manifest, _ openings: SpotCheckOpenings, _ verdict: inout SpotCheckVerdict
    ) {
        let isSame =
            openings.dataset.utf8.elementsEqual(manifest.dataset.utf8) && openings.dataPoints == manifest.dataPointCount
            && openings.root == manifest.root
        if !isSame, !Fault.isRemoved(.spotCheckManifest) {
            verdict.add(.manifest, "the openings are of another dataset than the bundle's registered manifest")
        }
        let isReproduced =
            UInt64(bundle.dataPoints.count) == manifest.dataPointCount
            && bundle.dataPoints.withSpan({ try? Manifest.root(ofDataPoints: $0) }) == manifest.root
        if !isReproduced, !Fault.isRemoved(.spotCheckManifestRoot) {
            verdict.add(.manifest, "the data points of the bundle are not those that were registered")
        }
    }

    /// That exactly the drawn rows are opened.
    private func checkRows(_ drawn: [UInt64], _ openings: SpotCheckOpenings, _ verdict: inout SpotCheckVerdict) {
        guard !Fault.isRemoved(.spotCheckRows) else { return }
        let opened = Set(openings.openings.map(\.index))
        let wanted = Set(drawn)
        for row in drawn where !opened.contains(row) { verdict.add(.missing, "row \(row) was drawn and is not opened", row: row) }
        for opening in openings.openings where !wanted.contains(opening.index) {
            verdict.add(.notDrawn, "row \(opening.index) is opened and was not drawn", row: opening.index)
        }
    }

    /// Equation (S1) for each row, and which entry covers it.
    private func checkOpenings(
        _ bundle: Bundle, _ manifest: Manifest, _ openings: SpotCheckOpenings, _ verdict: inout SpotCheckVerdict
    ) throws(ModelError) {
        let bases = Generators.derive([Generators.recordLabel, Generators.subjectLabel, Generators.blindingLabel])
        var seen: [[UInt8]: UInt64] = [:]
        for opening in openings.openings {
            guard let row = Int(exactly: opening.index), row < bundle.dataPoints.count else {
                verdict.add(.opening, "the bundle has no row \(opening.index)", row: opening.index)
                continue
            }
            let digest = try openings.digest(of: opening, dataset: manifest.dataset)
            // Keys are unique, and without them the row's number is part of the record: one record is one row.
            if let other = seen.updateValue(opening.index, forKey: digest), !Fault.isRemoved(.spotCheckRepeated) {
                verdict.add(.repeated, "rows \(other) and \(row) open to one record", row: opening.index)
            }
            let position = Int(bundle.positions[row])
            verdict.rows.append(
                SpotCheckVerdict.Row(
                    index: opening.index, rowNumber: opening.rowNumber,
                    ledger: bundle.header.ledgers[Int(bundle.entryLedgers[position])].origin, entryIndex: bundle.entryIndices[position],
                    leaf: LeafHash(entry: bundle.entries[position]).bytes, digest: digest))
            let subject = try openings.subject(of: opening).map { Identifier.scalar(type: "subject", bytes: $0) }
            let blinding = opening.blinding
            guard let s = try? Suite.Scalar(canonical: blinding.span) else {
                verdict.add(.opening, "the blinding of row \(row) is no scalar", row: opening.index)
                continue
            }
            let record = Identifier.scalar(type: "record", bytes: digest)
            let point = Suite.vartimeMultiScalarMul([record, subject ?? .zero, s], bases)
            if Suite.encode([point]) != bundle.dataPoints[row], !Fault.isRemoved(.spotCheckOpening) {
                verdict.add(.opening, "row \(row) does not open to the record that is shown", row: opening.index)
            }
        }
    }
}
