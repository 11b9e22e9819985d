// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import ConsentModel
internal import MerkleLog
internal import Primitives
internal import Stores
internal import VerifyCommand

/// `zkconsent ledger append`.
struct LedgerAppend: WorkspaceCommand {
    static let configuration = CommandConfiguration(
        commandName: "append",
        abstract: "Append registry lines or entries.",
        discussion: """
            Prints the index of each leaf, one a line, when it is on the disk: that is the
            acknowledgement. Leaves that are in the log already are refused, or with
            --resume acknowledged with the index they have, so that an interrupted run can
            be repeated. A malformed manifest is refused.

            Examples:
              zkconsent ledger append --registry manifest.json
              zkconsent ledger append --entries entries.hex --batch 1000 --resume
            """)

    @OptionGroup var ledger: LedgerOptions
    @Option(help: ArgumentHelp("Registry leaves: RFC 8785 JSON, one object a line, such as a dataset's manifest.", valueName: "file"))
    var registry: String?
    @Option(help: ArgumentHelp("Consent entries: 236 hex digits a line.", valueName: "file"))
    var entries: String?
    @Option(help: "Leaves in one transaction.")
    var batch = 256
    @Flag(help: "Go on after leaves that are in the log already.")
    var resume = false
    @OptionGroup var output: OutputOptions

    /// The largest input in bytes.
    private static let byteCountLimit = 1 << 30

    func validate() throws {
        guard (registry == nil) != (entries == nil) else { throw ValidationError("give --registry FILE or --entries FILE") }
        guard (1...1_000_000).contains(batch) else { throw ValidationError("--batch is 1 to 1000000") }
    }

    func work(_ console: Console) throws {
        let log: LedgerLog = registry == nil ? .consents : .registry
        let path = registry ?? entries ?? ""
        let leaves = try Self.lines(path, log)
        let store = try LedgerStore.open(at: ledger.path, for: .writing)
        var unprovable: [Int] = []
        defer { note(unprovable, console) }
        try Interrupt.finishing {
            for start in stride(from: 0, to: leaves.count, by: batch) {
                try Interrupt.check()
                let part = Array(leaves[start..<min(start + batch, leaves.count)])
                let indices = try append(part, to: log, of: store, firstLine: start + 1)
                let found = Set(log == .consents ? Entry.unprovable(try part.map { try Entry(parsing: $0) }) : [])
                for position in part.indices {
                    let hash = Hex.encode(LeafHash(entry: part[position]).bytes)
                    var result: [String: JSONValue] = ["index": .integer(Int64(indices[position])), "leaf": .string(hash)]
                    if found.contains(position) { result["unprovable"] = .bool(true) }
                    console.result("\(indices[position])", .object(result))
                }
                unprovable += found.sorted().map { start + 1 + $0 }
                console.progress("\(start + part.count) of \(leaves.count)")
            }
            console.endProgress()
        }
    }

    /// Says on which lines there were entries that some proofs cannot be about. They are appended all the same: a ledger may have had them before it was
    /// restored.
    private func note(_ lines: [Int], _ console: Console) {
        guard let first = lines.first else { return }
        console.note(
            "of \(lines.count) of the entries K or C is no element, or the identity; proofs that need it will be refused. The first is on line \(first)"
        )
    }

    private func append(_ leaves: [[UInt8]], to log: LedgerLog, of store: LedgerStore, firstLine: Int) throws -> [Int] {
        var indices = resume ? try store.indices(of: leaves.map { LeafHash(entry: $0) }, in: log) : leaves.map { _ in nil }
        let missing = indices.indices.filter { indices[$0] == nil }
        if !missing.isEmpty {
            do {
                let range = try store.append(missing.map { leaves[$0] }, to: log)
                for (offset, position) in missing.enumerated() { indices[position] = range.lowerBound + offset }
            } catch {
                throw Self.located(error, path: registry ?? entries, firstLine: firstLine, positions: missing)
            }
        }
        return indices.compactMap { $0 }
    }

    /// The refusal of a leaf, with its line.
    private static func located(_ error: StoreError, path: String?, firstLine: Int, positions: [Int]) -> ModelError {
        let position: Int
        switch error {
        case .malformedLeaf(_, let found, _), .duplicateLeaf(_, let found, _), .repeatedLeaf(_, let found, _): position = found
        default: return error.modelError
        }
        var refused = error.modelError
        refused.file = path
        refused.position = .line(firstLine + positions[position], column: 1)
        if case .duplicateLeaf = error { refused.hint = "after an interrupted run: --resume" }
        return refused
    }

    /// The leaves in a file.
    private static func lines(_ path: String, _ log: LedgerLog) throws(ModelError) -> [[UInt8]] {
        let bytes = try InputFile.read(path, limit: byteCountLimit)
        var leaves: [[UInt8]] = []
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            leaves.append(Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line))
        }
        if leaves.last?.isEmpty == true { leaves.removeLast() }
        guard !leaves.isEmpty else { throw ModelError("empty-input", "the file has no line", file: path) }
        guard log == .consents else {
            for index in leaves.indices { try checkManifest(leaves[index], line: index + 1, path) }
            return leaves
        }
        for index in leaves.indices {
            guard leaves[index].count == 2 * Entry.byteCount, let entry = try? Hex.decode(String(decoding: leaves[index], as: UTF8.self))
            else {
                throw ModelError(
                    "entry-line", "the line is not an entry of \(2 * Entry.byteCount) hex digits", file: path,
                    position: .line(index + 1, column: 1))
            }
            leaves[index] = entry
        }
        return leaves
    }

    /// Refuses a registry line that says that it is a manifest and is none. The store judges the form of other lines.
    private static func checkManifest(_ leaf: [UInt8], line: Int, _ path: String) throws(ModelError) {
        guard let json = try? JSONValue(parsing: leaf), json["kind"]?.string == "manifest" else { return }
        do {
            _ = try Manifest(parsing: leaf)
        } catch {
            throw ModelError(
                error.code, error.message, file: path, position: .line(line, column: 1),
                hint: error.hint ?? "zkconsent dataset show NAME --manifest FILE writes the manifest of a committed dataset")
        }
    }
}
