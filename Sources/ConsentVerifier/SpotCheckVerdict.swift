// SPDX-License-Identifier: Apache-2.0
public import ConsentModel
internal import Foundation

/// The answer to a spot check.
public struct SpotCheckVerdict: Sendable {
    /// What is wrong.
    public struct Finding: Sendable, Hashable {
        /// What was checked; the raw values are stable across releases.
        public enum Code: String, Sendable, CaseIterable {
            /// The dataset is not shown to have been registered before the beacon's value was known.
            case beaconTime = "beacon-time"
            /// The openings are of another dataset, or the bundle's data points are not those of its manifest.
            case manifest
            /// A drawn row is not opened.
            case missing
            /// A row is opened that was not drawn.
            case notDrawn = "not-drawn"
            /// A data point does not open to the record that is shown.
            case opening
            /// Two rows open to one record.
            case repeated
            /// The data subjects are named by another column than the auditor's.
            case subjectColumn = "subject-column"
            /// A record is not in the auditor's own copy of the data.
            case copy
        }

        /// What was checked.
        public let code: Code
        /// What is wrong, one sentence.
        public let message: String
        /// The row concerned, from 0.
        public let row: UInt64?
    }

    /// A row that was opened.
    public struct Row: Sendable, Hashable {
        /// The row in the manifest and in bundles, from 0.
        public let index: UInt64
        /// Its number in the file that was committed, as the holder says; part of the record only without key columns.
        public let rowNumber: UInt64
        /// The ledger of the entry that covers it.
        public let ledger: String
        /// The leaf index of that entry.
        public let entryIndex: UInt64
        /// Its leaf hash.
        public let leaf: [UInt8]
        /// The digest of the shown record, 32 bytes.
        public let digest: [UInt8]
    }

    /// What was drawn, and from what.
    public let draw: SpotCheckDraw
    /// The name of the dataset in its manifest.
    public let dataset: String
    /// When the beacon's value became known, seconds since 1970, as the auditor found out.
    public let beaconTime: UInt64?
    /// The columns that name a record, as the holder says; none if the row number does.
    public let keyColumns: [String]
    /// The column that names the data subject, as the holder says; `nil` if the data points commit to none.
    public let subjectColumn: String?
    /// Whether the auditor gave that column too.
    public let isSubjectColumnKnown: Bool
    /// Why the check failed; empty if it did not.
    public private(set) var findings: [Finding] = []
    /// The rows that were opened.
    public internal(set) var rows: [Row] = []

    init(
        draw: SpotCheckDraw, dataset: String, beaconTime: UInt64?, keyColumns: [String], subjectColumn: String?, isSubjectColumnKnown: Bool
    ) {
        self.draw = draw
        self.dataset = dataset
        self.beaconTime = beaconTime
        self.keyColumns = keyColumns
        self.subjectColumn = subjectColumn
        self.isSubjectColumnKnown = isSubjectColumnKnown
    }

    /// Whether every check passed.
    public var holds: Bool { findings.isEmpty }

    mutating func add(_ code: Finding.Code, _ message: String, row: UInt64? = nil) {
        findings.append(Finding(code: code, message: message, row: row))
    }

    /// The digests of opened records that `digests`, those of the auditor's own copy, must contain; a finding for each that is missing.
    public mutating func compare(withCopy digests: Set<[UInt8]>) {
        for row in rows where !digests.contains(row.digest) {
            add(.copy, "the record of row \(row.index) is not in your copy of the data", row: row.index)
        }
    }

    // MARK: What it says

    /// The least probability, in millionths and rounded down, that the check fails if a part of `percent` hundredths of the rows, at least one, is not as
    /// the holder says: `1 - (1 - f)^k`; drawing without replacement misses no more often.
    public func detection(percent: Int) -> Int {
        guard UInt64(draw.count) < draw.dataPoints else { return 1_000_000 }
        return Self.detection(part: Double(percent) / 100, rows: draw.count)
    }

    /// The least part of the rows, in millionths and rounded up, that is excluded with 95 % confidence: `1 - 0.05^(1/k)`; 0 if all rows are opened.
    public var excluded: Int {
        UInt64(draw.count) < draw.dataPoints ? Self.excluded(rows: draw.count) : 0
    }

    package static func detection(part: Double, rows: Int) -> Int {
        max(0, Int((1e6 * (1 - pow(1 - part, Double(rows))) - 1e-6).rounded(.down)))
    }

    package static func excluded(rows: Int) -> Int {
        min(1_000_000, Int((1e6 * (1 - pow(0.05, 1 / Double(rows))) + 1e-6).rounded(.up)))
    }
}
