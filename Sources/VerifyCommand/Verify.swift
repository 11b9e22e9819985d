// SPDX-License-Identifier: Apache-2.0
public import ArgumentParser
internal import AuditReport
internal import ConsentModel
internal import ConsentVerifier
internal import Foundation

/// `verify`: judges bundles under the auditor's policy, offline.
public struct Verify: ConsoleCommand {
    /// Name and help.
    public static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check bundles and point proofs under your own policy, offline.",
        discussion: """
            Everything comes from your policy: a bundle never chooses what is checked. The
            exit code is 0 if every bundle holds, 1 if one does not, 2 if an input cannot
            be used.

            The largest list of withdrawals seen of each ledger is remembered, in the
            folder ledgers/ beside the policy if there is one, and a shorter or different
            one is refused from then on. Several files are judged under the newest list
            that any of them carries, whatever their order.

            Under an as_of policy, what was withdrawn after the policy's last day does not
            end a proof: newer lists and the statements of --also-revoked are counted as
            "withdrawn since". Use --revoked-in-time for a statement of which you know
            yourself that it was made by that day.

            Examples:
              \(Program.tool) verify patients.zkb --policy policy.yaml
              \(Program.tool) verify bundles/ --policy policy.yaml --report report.json
              \(Program.tool) verify bundles/ --policy policy.yaml --rows rows.csv
              \(Program.tool) verify - --policy policy.yaml --json < patients.zkb
              \(Program.tool) verify old.zkb --policy policy.yaml \\
                --revocations newest.zkr --also-revoked withdrawal.json
            """)

    /// The bundles.
    @Argument(
        help: ArgumentHelp(
            "Bundles and point proofs: files, folders (every *.zkb and *.zkp), or - for standard input.", valueName: "bundle"))
    public var bundles: [String]

    /// The policy.
    @Option(help: ArgumentHelp("Your policy, a YAML file.", valueName: "policy.yaml"))
    public var policy: String

    /// Where the report goes.
    @Option(help: ArgumentHelp("Write an audit report (JSON) of this run.", valueName: "file.json"))
    public var report: String?

    /// Where the page goes.
    @Option(help: ArgumentHelp("Write the report as one HTML page too.", valueName: "file.html"))
    public var html: String?

    /// Where the test results go.
    @Option(help: ArgumentHelp("Write the results as JUnit XML too, for build servers.", valueName: "file.xml"))
    public var junit: String?

    /// Where the rows go.
    @Option(
        help: ArgumentHelp(
            "Write a table of the data points of what holds: commitment, entry, revealed values.", valueName: "file.csv"))
    public var rows: String?

    /// The time.
    @Option(help: ArgumentHelp("Judge as of this time: RFC 3339, or seconds since 1970. Default: now.", valueName: "time"))
    public var at: String?

    /// What the auditor has besides.
    @OptionGroup public var evidence: EvidenceOptions

    /// Overwriting.
    @Flag(help: "Replace existing reports.")
    public var force = false

    /// The common options.
    @OptionGroup public var output: OutputOptions

    /// The parser makes it.
    public init() {}

    /// Refuses one file for two reports.
    public func validate() throws {
        let outputs = [report, html, junit, rows].compactMap { $0 }
        if Set(outputs).count < outputs.count { throw ValidationError("--report, --html, --junit and --rows: two name one file") }
    }

    /// Verifies.
    public func run(_ console: Console) throws {
        let now = Timestamp(seconds: UInt64(max(0, Date().timeIntervalSince1970)))
        let judgedAt = try time() ?? now
        let policy = try Policy.load(path: self.policy)
        let files = try evidence.files(policy)
        let sources = try BundleSources(bundles)
        let inputs = sources.paths + [self.policy] + evidence.inputs
        var reportFile = try outputFile(report, inputs)
        var pageFile = try outputFile(html, inputs)
        var resultsFile = try outputFile(junit, inputs)
        var rowList: RowList?
        if let file = try outputFile(rows, inputs) { rowList = try RowList(file, policy: policy) }

        var run = try Verification(
            policy: policy, evidence: files, now: judgedAt.seconds, memory: try evidence.memoryFolder(policy: self.policy, console))
        var outcome = AuditReport(
            policy: policy, policyFile: self.policy, judgedAt: judgedAt, madeAt: now, program: "zkconsent \(Program.version)")
        try run.loadMemory()
        let paths = sources.paths
        run.survey(paths) { console.progress("looking for withdrawals in \($0 + 1) of \(paths.count): \(paths[$0])") }
        // The rows of one file at a time are kept.
        run.isKeepingColumns = rows != nil
        let capacity = rows == nil ? BundleBatch.capacity : 1
        for start in stride(from: 0, to: paths.count, by: capacity) {
            let chunk = paths[start..<min(start + capacity, paths.count)]
            let results = try run.verify(chunk, isHashing: report != nil || html != nil || console.isJSON) { number in
                if paths.count > 1 { console.progress("verifying \(number + 1) of \(paths.count): \(paths[number])") }
            }
            console.endProgress()
            for result in results {
                outcome.results.append(result)
                if case .unreadable(let error) = result.outcome { console.error(error) }
                if result.holds, let columns = run.columns { try rowList?.append(columns, of: result.file) }
                if result.verdict != nil || console.isJSON { console.result(outcome.text(of: result), outcome.json(of: result)) }
            }
        }
        for file in run.evidence.unused.sorted() { console.note("note: \(file) concerns none of these bundles") }
        if let file = reportFile.take() { try Self.write(outcome.json.canonical + [UInt8(ascii: "\n")], to: file) }
        if let file = pageFile.take() { try Self.write(Array(outcome.html.utf8), to: file) }
        if let list = rowList.take() {
            console.note("\(rows ?? ""): \(list.count) data points")
            try list.commit()
        }
        if let file = resultsFile.take() { try Self.write(Array(outcome.junit.utf8), to: file) }
        try finish(outcome, console)
    }

    /// The file of a report, begun before the work, so that a wrong path is told at once.
    private func outputFile(_ path: String?, _ inputs: [String]) throws(ModelError) -> OutputFile? {
        guard let path else { return nil }
        try OutputFile.check(path, isNoneOf: inputs)
        return try OutputFile(path, force: force)
    }

    private static func write(_ bytes: [UInt8], to file: consuming OutputFile) throws(ModelError) {
        var file = file
        try file.append(bytes)
        try file.commit()
    }

    /// The summary of several bundles, the standing remark, and the exit code.
    private func finish(_ outcome: AuditReport, _ console: Console) throws {
        let held = outcome.results.count { $0.holds }
        let unreadable = outcome.results.count { $0.verdict == nil }
        if outcome.results.count > 1 {
            let refused = outcome.results.count - held - unreadable
            console.note("\(held) hold, \(refused) do not hold, \(unreadable) cannot be judged")
        }
        if held > 0 { console.note(ProofMeaning.short) }
        if unreadable > 0 { throw ExitCode(2) }
        if held < outcome.results.count { throw CommandFailure.doesNotHold }
    }

    private func time() throws(ModelError) -> Timestamp? {
        guard let at else { return nil }
        guard let time = Timestamp(at) else {
            throw ModelError("invalid-time", "--at \(at) is no time", hint: "write 2026-06-30T12:00:00Z or seconds since 1970")
        }
        return time
    }
}
