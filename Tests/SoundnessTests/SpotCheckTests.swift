// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentVerifier
import Groups
import MerkleLog
import Primitives
import Testing

/// Spot checks (docs/protocol.md section 13): what a holder can try with rows that it did not choose.
@Suite struct SpotCheckTests {
    static let nonce = "0123456789abcdef"
    static let count = 4

    /// A dataset of structured records with its bundle and the honest openings of the rows that the nonce draws.
    struct Sample {
        var world: TestWorld
        var bundle: Bundle
        var openings: [SpotCheckOpenings.Opening]
        let columns: [String]
        var keyColumns: [String]
        var subjectColumn: String?
        let format: SpotCheckOpenings.Format
        /// The record of each row.
        let records: [[String]]

        /// Twelve rows; `hasKey` for a key column, else row numbers.
        init(hasKey: Bool = true, format: SpotCheckOpenings.Format = .csv, rows: Int = 12) throws {
            columns = format == .csv ? ["patient", "subject", "finding"] : []
            keyColumns = hasKey ? ["patient"] : []
            subjectColumn = "subject"
            self.format = format
            var world = try TestWorld()
            let records = (0..<rows).map { row in
                let cells = ["P-\(row)", String(decoding: TestKit.subject(row), as: UTF8.self), "value \(row)"]
                return format == .csv
                    ? cells : ["{\"finding\":\"\(cells[2])\",\"patient\":\"\(cells[0])\",\"subject\":\"\(cells[1])\"}"]
            }
            var digests: [[UInt8]] = []
            for row in 0..<rows {
                let names = ["patient", "subject", "finding"]
                let canonical =
                    format == .csv
                    ? names.indices.flatMap { Self.prefixed(names[$0]) + Self.prefixed(records[row][$0]) } : Array(records[row][0].utf8)
                let key = hasKey ? Self.prefixed("P-\(row)") : Array("\(row + 1)".utf8)
                digests.append(Identifier.recordDigest(datasetID: "scans", rowKey: key, row: canonical))
            }
            try world.issue(
                (0..<rows).map { row in
                    var consent = TestKit.small.consent(row)
                    consent.values["record"] = .id(digests[row])
                    return consent
                })
            try world.commitRows((0..<rows).map { (digests[$0], TestKit.subject($0)) })
            bundle = try world.prove()
            self.world = world
            self.records = records
            openings = []
            openings = try drawn(nonce, min(count, rows)).map { opening(Int($0)) }
        }

        private static func prefixed(_ text: String) -> [UInt8] {
            let bytes = Array(text.utf8)
            return (0..<4).map { UInt8(truncatingIfNeeded: bytes.count >> (8 * $0)) } + bytes
        }

        func drawn(_ value: String, _ rows: Int = count) throws -> [UInt64] {
            try SpotCheckDraw(source: .nonce, value: value, manifest: world.manifest(), count: rows).rows
        }

        func opening(_ row: Int) -> SpotCheckOpenings.Opening {
            SpotCheckOpenings.Opening(
                index: UInt64(row), rowNumber: UInt64(row + 1), record: records[row], blinding: world.rows[row].blinding.bytes)
        }

        func file(_ manifest: Manifest? = nil) throws -> SpotCheckOpenings {
            try SpotCheckOpenings(
                manifest: try manifest ?? world.manifest(), format: format, columns: columns, keyColumns: keyColumns,
                subjectColumn: subjectColumn, openings: openings)
        }

        /// The codes of the findings, in order.
        func findings(
            source: SpotCheckDraw.Source = .nonce, value: String = nonce, rows: Int = count, beaconTime: UInt64? = nil,
            manifest: Manifest? = nil, bundle: Bundle? = nil
        ) throws -> [SpotCheckVerdict.Finding.Code] {
            try verdict(source: source, value: value, rows: rows, beaconTime: beaconTime, manifest: manifest, bundle: bundle).findings
                .map(\.code)
        }

        func verdict(
            source: SpotCheckDraw.Source = .nonce, value: String = nonce, rows: Int = count, beaconTime: UInt64? = nil,
            manifest: Manifest? = nil, bundle: Bundle? = nil
        ) throws -> SpotCheckVerdict {
            // Through the file, so that what is checked can be written and read.
            let file = try SpotCheckOpenings(parsing: file(manifest).json.canonical)
            return try SpotCheck(source: source, value: value, count: rows, beaconTime: beaconTime).verify(
                bundle ?? self.bundle, openings: file, policy: world.policy())
        }
    }

    // MARK: Honest openings

    @Test(arguments: [true, false], [SpotCheckOpenings.Format.csv, .jsonl])
    func honestOpeningsHold(hasKey: Bool, format: SpotCheckOpenings.Format) throws {
        let sample = try Sample(hasKey: hasKey, format: format)
        #expect(try sample.world.reasons(sample.bundle) == [])
        let verdict = try sample.verdict()
        #expect(verdict.findings == [] && verdict.holds)
        let drawn = try sample.drawn(Self.nonce)
        #expect(verdict.rows.map(\.index) == drawn && verdict.rows.map(\.entryIndex) == drawn, "entry i covers row i here")
        #expect(verdict.rows.map(\.leaf) == drawn.map { LeafHash(entry: sample.world.receipts[Int($0)].entry).bytes })
        #expect(verdict.draw.count == Self.count && verdict.draw.dataPoints == 12)
    }

    /// (S1) as protocol.md writes it, with the reference arithmetic, from the cells that are shown.
    @Test func openingsTermByTerm() throws {
        let sample = try Sample()
        let labels = [["data", "record"], ["data", "subject"], ["blinding"]]
        let bases = Generators.derive(labels.map { $0.map { Array($0.utf8) } }).map { Suite.encode([$0]) }
        func id(_ type: String, _ bytes: [UInt8]) -> Suite.Scalar {
            let wide = SHA512.hash(lengthPrefixed("zkconsent/v1/id") + lengthPrefixed(type) + lengthPrefixed(bytes))
            return Suite.Scalar(reducingWide: wide.span)
        }
        func opened(_ cells: [String], _ s: Suite.Scalar) throws -> [UInt8] {
            let row = sample.columns.indices.flatMap { lengthPrefixed(sample.columns[$0]) + lengthPrefixed(cells[$0]) }
            let digest = SHA256.hash(
                lengthPrefixed("zkconsent/v1/record") + lengthPrefixed("scans") + lengthPrefixed(lengthPrefixed(cells[0]))
                    + lengthPrefixed(row))
            return try ReferenceSum([(id("record", digest), bases[0]), (id("subject", Array(cells[1].utf8)), bases[1]), (s, bases[2])])
                .bytes
        }
        for opening in sample.openings {
            let (s, dataPoint) = (try Suite.Scalar(canonical: opening.blinding.span), sample.bundle.dataPoints[Int(opening.index)])
            #expect(try opened(opening.record, s) == dataPoint)
            #expect(try opened(opening.record.dropLast() + ["another"], s) != dataPoint)
        }
    }

    @Test func allRowsAndOneRow() throws {
        var sample = try Sample(rows: 3)
        sample.openings = (0..<3).map { sample.opening($0) }
        let all = try sample.verdict(rows: 3)
        #expect(all.holds && all.detection(percent: 1) == 1_000_000 && all.excluded == 0)
        sample.openings = try sample.drawn(Self.nonce, 1).map { sample.opening(Int($0)) }
        let one = try sample.verdict(rows: 1)
        #expect(one.holds && (9_999...10_000).contains(one.detection(percent: 1)) && one.excluded == 950_000 + 1)
    }

    /// A dataset without a subject column commits to no subject.
    @Test func withoutASubject() throws {
        var sample = try Sample()
        let bases = Generators.derive([Generators.recordLabel, Generators.blindingLabel])
        for row in sample.world.rows.indices {
            let record = Identifier.scalar(type: "record", bytes: sample.world.rows[row].record)
            let point = Suite.vartimeMultiScalarMul([record, sample.world.rows[row].blinding], bases)
            sample.world.rows[row].dataPoint = Suite.encode([point])
        }
        sample.bundle = try sample.world.prove(dishonestly: true)
        sample.openings = try sample.drawn(Self.nonce).map { sample.opening(Int($0)) }
        #expect(try sample.findings() == Array(repeating: .opening, count: Self.count))
        sample.subjectColumn = nil
        #expect(try sample.findings() == [])
    }

    // MARK: Openings that are false

    @Test(arguments: 0..<count) func anotherRecordSubjectOrBlinding(position: Int) throws {
        let original = try Sample()
        func findings(_ change: (SpotCheckOpenings.Opening) -> SpotCheckOpenings.Opening) throws -> [SpotCheckVerdict.Finding] {
            var sample = original
            sample.openings[position] = change(sample.openings[position])
            return try sample.verdict().findings
        }
        let honest = original.openings[position]
        for cell in 0..<3 {
            let found = try findings {
                var record = $0.record
                record[cell] += "x"
                return .init(index: $0.index, rowNumber: $0.rowNumber, record: record, blinding: $0.blinding)
            }
            #expect(found.map(\.code) == [.opening] && found.first?.row == honest.index, "cell \(cell)")
        }
        for (byte, bit) in [(0, 1), (31, 8), (15, 128)] as [(Int, UInt8)] {
            let found = try findings {
                var blinding = $0.blinding
                blinding[byte] ^= bit
                return .init(index: $0.index, rowNumber: $0.rowNumber, record: $0.record, blinding: blinding)
            }
            #expect(found.map(\.code) == [.opening])
        }
        // The row number is no part of a record that has a key.
        #expect(try findings { .init(index: $0.index, rowNumber: 999, record: $0.record, blinding: $0.blinding) } == [])
    }

    @Test func anotherRowNumber() throws {
        var sample = try Sample(hasKey: false)
        let honest = sample.openings[2]
        sample.openings[2] = .init(
            index: honest.index, rowNumber: honest.rowNumber + 1, record: honest.record, blinding: honest.blinding)
        #expect(try sample.findings() == [.opening])
    }

    /// `s` and `s + q` open the same data point; only one of them is an encoding.
    @Test func theBlindingIsCanonical() throws {
        var sample = try Sample()
        let q: [UInt8] = [
            0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            0, 0,
            0, 0, 0x10,
        ]
        var (sum, carry) = ([UInt8](), 0)
        for (a, b) in sample.openings[0].blinding.indices.map({ (sample.openings[0].blinding[$0], q[$0]) }) {
            let digit = Int(a) + Int(b) + carry
            sum.append(UInt8(digit & 255))
            carry = digit >> 8
        }
        let honest = sample.openings[0]
        sample.openings[0] = .init(index: honest.index, rowNumber: honest.rowNumber, record: honest.record, blinding: sum)
        #expect(try sample.findings() == [.opening])
    }

    @Test func swappedOpenings() throws {
        var sample = try Sample()
        let (a, b) = (sample.openings[0], sample.openings[1])
        sample.openings[0] = .init(index: a.index, rowNumber: b.rowNumber, record: b.record, blinding: b.blinding)
        sample.openings[1] = .init(index: b.index, rowNumber: a.rowNumber, record: a.record, blinding: a.blinding)
        #expect(try sample.findings() == [.opening, .opening])
        // Records alone, and blindings alone.
        sample.openings[0] = .init(index: a.index, rowNumber: a.rowNumber, record: b.record, blinding: a.blinding)
        sample.openings[1] = .init(index: b.index, rowNumber: b.rowNumber, record: b.record, blinding: a.blinding)
        #expect(try sample.findings() == [.opening, .repeated, .opening])
    }

    /// Which columns are key and subject is in the commitments.
    @Test func otherColumns() throws {
        let original = try Sample()
        let every = Array(repeating: SpotCheckVerdict.Finding.Code.opening, count: Self.count)
        var sample = original
        sample.keyColumns = ["subject"]
        #expect(try sample.findings() == every)
        sample.keyColumns = ["patient", "subject"]
        #expect(try sample.findings() == every)
        sample.keyColumns = []
        #expect(try sample.findings() == every)
        sample = original
        sample.subjectColumn = "patient"
        #expect(try sample.findings() == every)
        sample.subjectColumn = nil
        #expect(try sample.findings() == every)
    }

    // MARK: Rows that were not drawn

    @Test func rowsMissingAndAdded() throws {
        let original = try Sample()
        let drawn = try original.drawn(Self.nonce)
        let other = try #require((0..<12).first { !drawn.contains($0) })
        var sample = original
        sample.openings.remove(at: 1)
        #expect(try sample.findings() == [.missing])
        sample.openings.append(sample.opening(Int(other)))
        sample.openings.sort { $0.index < $1.index }
        #expect(try sample.findings() == [.missing, .notDrawn], "exchanged for a true opening of another row")
        sample = original
        sample.openings.append(sample.opening(Int(other)))
        sample.openings.sort { $0.index < $1.index }
        #expect(try sample.findings() == [.notDrawn])
    }

    @Test func twiceUnorderedAndBeyond() throws {
        let original = try Sample()
        func refusal(_ change: (inout [SpotCheckOpenings.Opening]) -> Void) -> String? {
            var sample = original
            change(&sample.openings)
            return code { _ = try sample.file() }
        }
        #expect(refusal { $0.append($0[3]) } == "spot-check-rows")
        #expect(refusal { $0.swapAt(0, 1) } == "spot-check-rows")
        #expect(refusal { $0 = [] } == "spot-check-rows")
        #expect(
            refusal { $0.append(.init(index: 12, rowNumber: 1, record: $0[0].record, blinding: $0[0].blinding)) } == "spot-check-rows")
    }

    /// Names of columns are hashed with every row, and compared: they are bounded. Records are not.
    @Test func namesOfColumnsAreBounded() throws {
        let marks = "a" + String(repeating: "\u{301}", count: 31)
        func refusal(_ columns: [String], key: [String] = [], subject: String? = nil, rows: Int = 1) -> ModelError? {
            let openings = (0..<rows).map { row in
                SpotCheckOpenings.Opening(
                    index: UInt64(row), rowNumber: UInt64(row) + 1, record: columns.map { _ in marks },
                    blinding: [UInt8](repeating: 0, count: 32))
            }
            do {
                let manifest = try Manifest(dataset: "d", holder: "h", dataPointCount: 65_536, root: .emptyRoot)
                let file = try SpotCheckOpenings(
                    manifest: manifest, format: .csv, columns: columns, keyColumns: key, subjectColumn: subject, openings: openings)
                _ = try SpotCheckOpenings(parsing: file.json.canonical)
                return nil
            } catch { return error }
        }
        #expect(refusal(["a", "b"], key: ["a"], subject: "b") == nil)
        #expect(refusal([marks])?.code == "invalid-value" && refusal(["a"], key: [marks])?.code == "invalid-value")
        let long = String(repeating: "x", count: 1 << 20)
        #expect(refusal([long], rows: 8) == nil)
        #expect(refusal([long + "x"], rows: 4096)?.hint == "draw fewer rows")
    }

    @Test func anotherNonceSourceOrNumber() throws {
        let sample = try Sample()
        #expect(try !sample.findings(value: "0123456789abcdeF").isEmpty)
        #expect(try !sample.findings(source: .beacon).isEmpty)
        #expect(try !sample.findings(rows: 5).isEmpty)
        #expect(code { _ = try sample.findings(rows: 13) } == "spot-check-count")
        #expect(code { _ = try sample.findings(value: "short") } == "spot-check-value")
    }

    // MARK: The dataset

    @Test func anotherManifest() throws {
        let sample = try Sample()
        let root = try sample.world.manifest().root
        for (dataset, count, root) in [
            ("scan", 12, root), ("scans", 13, root), ("scans", 12, NodeHash.emptyRoot),
        ] as [(String, UInt64, NodeHash)] {
            let other = try Manifest(dataset: dataset, holder: "x", dataPointCount: count, root: root)
            #expect(try sample.findings(manifest: other) == [.manifest])
        }
    }

    /// Data points that a holder exchanged after the drawing, opened truly.
    @Test func dataPointsThatWereNotRegistered() throws {
        let sample = try Sample()
        var other = sample
        let row = Int(sample.openings[0].index)
        other.world.rows = []
        try other.world.commitRows(sample.world.rows.map { ($0.record, $0.subject) })
        var parts = BundleParts(sample.bundle)
        parts.dataPoints[row] = other.world.rows[row].dataPoint
        other.openings = sample.openings
        other.openings[0] = .init(
            index: UInt64(row), rowNumber: UInt64(row + 1), record: sample.records[row], blinding: other.world.rows[row].blinding.bytes)
        other.world.rows = sample.world.rows
        #expect(try other.findings(bundle: parts.bundle()) == [.manifest])
        #expect(try other.world.reasons(parts.bundle()).contains("manifest-root"), "the bundle does not hold either")
    }

    /// The registration was cosigned an hour before now.
    @Test(arguments: [(0, false), (1, true), (-1, false), (3_600, true)] as [(Int, Bool)])
    func theBeaconIsLaterThanTheRegistration(seconds: Int, isLater: Bool) throws {
        var sample = try Sample()
        let manifest = try sample.world.manifest()
        let rows = try SpotCheckDraw(source: .beacon, value: "drand", manifest: manifest, count: Self.count).rows
        sample.openings = rows.map { sample.opening(Int($0)) }
        let time = UInt64(Int(sample.world.ledgers[0].time) + seconds)
        #expect(try sample.findings(source: .beacon, value: "drand", beaconTime: time) == (isLater ? [] : [.beaconTime]))
        #expect(try sample.findings(source: .beacon, value: "drand") == [])
    }

    // MARK: The auditor's copy

    @Test func recordsThatTheAuditorDoesNotHave() throws {
        let sample = try Sample()
        let verdict = try sample.verdict()
        var compared = verdict
        compared.compare(withCopy: Set(verdict.rows.map(\.digest)))
        #expect(compared.holds)
        compared.compare(withCopy: Set(verdict.rows.dropFirst().map(\.digest)))
        #expect(compared.findings.map(\.code) == [.copy] && compared.findings[0].row == verdict.rows[0].index)
    }

    // MARK: Figures

    /// Against exact hypergeometric probabilities: what is claimed is never more.
    @Test func whatIsClaimedIsTrue() {
        for (rows, bad, drawn) in [(1_000, 10, 100), (1_000, 50, 59), (100, 1, 100), (200, 10, 30)] {
            var missed = 1.0
            for step in 0..<drawn { missed *= Double(max(0, rows - bad - step)) / Double(rows - step) }
            let claimed = Double(SpotCheckVerdict.detection(part: Double(bad) / Double(rows), rows: drawn)) / 1e6
            #expect(claimed <= 1 - missed && claimed > 0.9 * (1 - missed) - 0.4)
        }
        #expect(SpotCheckVerdict.detection(part: 0.01, rows: 300) == 950_959)
        #expect(SpotCheckVerdict.detection(part: 0.05, rows: 59) == 951_505)
        #expect(SpotCheckVerdict.excluded(rows: 300) == 9_937)
        for rows in [1, 59, 299, 65_536] {
            let part = Double(SpotCheckVerdict.excluded(rows: rows)) / 1e6
            #expect(SpotCheckVerdict.detection(part: part, rows: rows) >= 949_990, "\(rows)")
        }
    }
}
