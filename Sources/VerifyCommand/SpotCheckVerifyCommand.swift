// SPDX-License-Identifier: Apache-2.0
public import ArgumentParser
internal import AuditReport
internal import ConsentImport
internal import ConsentModel
internal import ConsentVerifier
internal import Foundation

/// `spot-check verify`: the auditor's side.
public struct SpotCheckVerifyCommand: ConsoleCommand {
    /// Name and help.
    public static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check the rows that a holder opened: record against commitment against consent.",
        discussion: """
            The bundle is verified under your policy too, as by verify: see there for
            lists of withdrawals and the memory of ledgers. Exactly the drawn rows must be
            opened, and each data point must open to the record that is shown. With
            --records every opened record must be in your own copy of the data. The exit
            code is 0 if all holds, 1 if not, 2 if an input cannot be used.

            A policy that links by subject only says whose consent covers a row, and the
            data points say which column that is: give --subject-column.

            With --beacon-time the dataset must have been registered before: look the time
            of the beacon up yourself.

            Examples:
              \(Program.spotCheck) verify openings.json --bundle study.zkb \\
                --policy policy.yaml --nonce 5d0c... --rows 300
              \(Program.spotCheck) verify openings.json --bundle study.zkb \\
                --policy policy.yaml --beacon 8f1b2c... --rows 300 \\
                --beacon-time 2026-07-01T12:00:00Z --records copy.csv
            """)

    /// The openings.
    @Argument(help: ArgumentHelp("What the holder opened.", valueName: "openings.json"))
    public var openings: String

    /// The bundle.
    @Option(help: ArgumentHelp("The bundle of the dataset.", valueName: "bundle"))
    public var bundle: String

    /// The policy.
    @Option(help: ArgumentHelp("Your policy, a YAML file.", valueName: "policy.yaml"))
    public var policy: String

    /// The value.
    @OptionGroup public var options: SpotCheckOptions

    /// When the beacon became known.
    @Option(help: ArgumentHelp("When the beacon's value became known: RFC 3339, or seconds since 1970.", valueName: "time"))
    public var beaconTime: String?

    /// The data subjects.
    @Option(
        help: ArgumentHelp(
            "The column that names the data subjects, as you know it. Without it you have the holder's word.", valueName: "name"))
    public var subjectColumn: String?

    /// The auditor's copy.
    @Option(help: ArgumentHelp("Your own copy of the data, CSV or JSON lines.", valueName: "file"))
    public var records: String?

    /// The time.
    @Option(help: ArgumentHelp("Judge the bundle as of this time. Default: now.", valueName: "time"))
    public var at: String?

    /// What the auditor has besides.
    @OptionGroup public var evidence: EvidenceOptions

    /// Where the report goes.
    @Option(help: ArgumentHelp("Write a report (JSON) too.", valueName: "file.json"))
    public var report: String?

    /// Overwriting.
    @Flag(help: "Replace an existing report.")
    public var force = false

    /// The common options.
    @OptionGroup public var output: OutputOptions

    /// The parser makes it.
    public init() {}

    /// Refuses a time without a beacon.
    public func validate() throws {
        if beaconTime != nil, options.beacon == nil { throw ValidationError("--beacon-time needs --beacon") }
    }

    /// Checks.
    public func run(_ console: Console) throws {
        let now = Timestamp(seconds: UInt64(max(0, Date().timeIntervalSince1970)))
        let judgedAt = try time(at, "--at") ?? now
        let knownAt = try time(beaconTime, "--beacon-time")
        let (source, value) = try options.drawn()
        let policy = try Policy.load(path: self.policy)
        let files = try evidence.files(policy)
        let opened = try SpotCheckOpenings(
            parsing: try InputFile.read(openings, limit: SpotCheckOpenings.byteCountLimit), file: openings)
        var reportFile: OutputFile?
        if let report {
            try OutputFile.check(report, isNoneOf: [openings, bundle, self.policy] + (records.map { [$0] } ?? []) + evidence.inputs)
            reportFile = try OutputFile(report, isSecret: true, force: force)
        }
        var run = try Verification(
            policy: policy, evidence: files, now: judgedAt.seconds, memory: try evidence.memoryFolder(policy: self.policy, console))
        let (result, parsed) = try run.verifyDataset(bundle)
        for file in run.evidence.unused.sorted() { console.note("note: \(file) does not concern this bundle") }
        let check = SpotCheck(
            source: source, value: value, count: options.rows, beaconTime: knownAt?.seconds,
            subjectColumn: subjectColumn)
        var verdict = try check.verify(parsed, openings: opened, policy: policy)
        if let records { verdict.compare(withCopy: try Self.digests(of: records, opened, verdict)) }
        // Only now: what cannot be judged teaches nothing.
        try run.saveMemory()
        let audit = AuditReport(
            policy: policy, policyFile: self.policy, judgedAt: judgedAt, madeAt: now, program: "zkconsent \(Program.version)")
        let spotCheck = SpotCheckReport(verdict: verdict, hasCopy: records != nil)
        let holds = result.holds && verdict.holds
        let json = JSONValue.object(
            spotCheck.json.merging([
                "bundle": audit.json(of: result), "holds": .bool(holds), "judged_at": .string(judgedAt.rfc3339),
                "made_at": .string(now.rfc3339), "openings": .string(openings), "policy": .string(self.policy),
                "program": .string(audit.program),
            ]) { $1 })
        if var file = reportFile.take() {
            try file.append(json.canonical + [UInt8(ascii: "\n")])
            try file.commit()
        }
        console.result(spotCheck.text + "\n" + audit.text(of: result), json)
        if !holds { throw CommandFailure.doesNotHold }
    }

    /// The digests of the opened records that are in the auditor's copy.
    private static func digests(
        of path: String, _ openings: SpotCheckOpenings, _ verdict: SpotCheckVerdict
    ) throws(ModelError) -> Set<[UInt8]> {
        let wanted = Set(verdict.rows.map(\.digest))
        let table = RecordTable(dataset: verdict.dataset, keyColumns: openings.keyColumns, subjectColumn: openings.subjectColumn)
        var found: Set<[UInt8]> = []
        do throws(ModelError) {
            let format: RecordFormat = openings.format == .csv ? .csv : .jsonl
            var reader = try RecordReader(try ByteSource(path: path), format: format, table: table)
            while let record = try reader.next() {
                if wanted.contains(record.digest) { found.insert(record.digest) }
            }
        } catch {
            throw error.inFile(path)
        }
        return found
    }

    private func time(_ text: String?, _ option: String) throws(ModelError) -> Timestamp? {
        guard let text else { return nil }
        guard let time = Timestamp(text) else {
            throw ModelError("invalid-time", "\(option) \(text) is no time", hint: "write 2026-06-30T12:00:00Z or seconds since 1970")
        }
        return time
    }
}

/// The spot check group of the auditor's program; `zkconsent dataset spot-check` has `open` besides.
public struct SpotCheckCommand: ParsableCommand {
    /// Name and help.
    public static let configuration = CommandConfiguration(
        commandName: "spot-check", abstract: "Draw rows of a dataset that its holder has to open, and check what it opened.",
        subcommands: [SpotCheckDrawCommand.self, SpotCheckVerifyCommand.self])

    /// The parser makes it.
    public init() {}
}
