// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import ConsentModel
internal import MerkleLog
internal import Primitives
internal import Stores
internal import VerifyCommand

/// `zkconsent ledger prove`.
struct LedgerProve: WorkspaceCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove",
        abstract: "Proofs about the logs: inclusion, consistency, the list of revocations.",
        discussion: """
            All proofs lead to the latest checkpoint. Inclusion is a C2SP tlog-proof;
            consistency is the body of a C2SP tlog-witness request ("old SIZE", the hashes
            in base64, an empty line, the checkpoint); a revocation list (*.zkr) is what
            zkconsent verify --revocations takes.

            Examples:
              zkconsent ledger prove --index 17 --output entry-17.tlog-proof
              zkconsent ledger prove --log registry --index 0
              zkconsent ledger prove --log revocations --consistency 120
              zkconsent ledger prove --revocations hospital.zkr --from 120
            """)

    @OptionGroup var ledger: LedgerOptions
    @Option(
        name: .customLong("log"),
        help: ArgumentHelp("The log: \(LedgerLog.names.joined(separator: ", ")). Default: consents.", valueName: "log"),
        transform: LedgerLog.argument)
    var chosenLog: LedgerLog?
    @Option(help: "Prove that the leaf at this index is in the log.")
    var index: Int?
    @Option(help: ArgumentHelp("Prove that the leaf with this hash is in the log.", valueName: "hex"))
    var leaf: String?
    @Option(help: ArgumentHelp("Prove that the log extends itself at this size.", valueName: "size"))
    var consistency: Int?
    @Option(help: ArgumentHelp("Write the list of revocations, with its checkpoint.", valueName: "file"))
    var revocations: String?
    @Option(help: ArgumentHelp("With --revocations: the size of the older list that it extends.", valueName: "size"))
    var from = 0
    @Option(name: .customLong("output"), help: ArgumentHelp("Where the proof goes instead of standard output.", valueName: "file"))
    var destination: String?
    @Flag(help: "Overwrite existing files.")
    var force = false
    @OptionGroup var output: OutputOptions

    func validate() throws {
        let asked = [index != nil, leaf != nil, consistency != nil, revocations != nil].count { $0 }
        guard asked == 1 else { throw ValidationError("give one of --index, --leaf, --consistency and --revocations") }
        guard from == 0 || revocations != nil else { throw ValidationError("--from goes with --revocations") }
        if revocations != nil {
            if destination != nil { throw ValidationError("--revocations names the file of the list; --output is for the other proofs") }
            guard chosenLog ?? .revocations == .revocations else { throw ValidationError("--revocations is about the revocations log") }
        }
        guard from >= 0 else { throw ValidationError("--from is 0 or more") }
    }

    private var log: LedgerLog { chosenLog ?? .consents }

    func work(_ console: Console) throws {
        if let path = revocations ?? destination { try OutputFile.check(path, isNoneOf: [ledger.path]) }
        let store = try LedgerStore.open(at: ledger.path, for: .reading)
        if let revocations { return try writeRevocations(to: revocations, store, console) }
        let checkpoint = try store.signedCheckpoint(log)
        let proof = try consistency.map { try consistencyProof(from: $0, checkpoint, store) } ?? inclusionProof(checkpoint, store)
        if let destination {
            try OutputFile.write(proof, to: destination, force: force)
            console.result(destination, .object(["output": .string(destination)]))
        } else if console.isJSON {
            console.result("", .object(["proof": .string(String(decoding: proof, as: UTF8.self))]))
        } else {
            console.result(bytes: proof)
        }
    }

    private func inclusionProof(_ checkpoint: StoredCheckpoint, _ store: LedgerStore) throws -> [UInt8] {
        let index = try index ?? indexOfLeaf(store)
        // A leaf that does not exist is another matter than one that is not covered yet.
        _ = try store.leaves(log, at: [index])
        guard index < checkpoint.size else {
            throw ModelError(
                "not-issued", "the leaf \(index) is not covered by the latest checkpoint, which has \(checkpoint.size) leaves",
                hint: "run: zkconsent ledger checkpoint")
        }
        let inclusion = try store.inclusionProof(log, index: index, size: checkpoint.size)
        return try LogProof(inclusion: inclusion, checkpoint: UnverifiedCheckpoint(bytes: checkpoint.note)).bytes
    }

    private func indexOfLeaf(_ store: LedgerStore) throws -> Int {
        let hash = try LeafHash(argument: leaf ?? "")
        guard let index = try store.index(of: hash, in: log) else {
            throw ModelError("unknown-leaf", "the \(log.rawValue) log has no leaf with this hash")
        }
        return index
    }

    private func consistencyProof(from size: Int, _ checkpoint: StoredCheckpoint, _ store: LedgerStore) throws -> [UInt8] {
        let proof = try store.consistencyProof(log, from: size, to: checkpoint.size)
        let lines = ["old \(size)"] + proof.hashes.map { Base64.encode($0.bytes) }
        return Array((lines.joined(separator: "\n") + "\n\n").utf8) + checkpoint.note
    }

    private func writeRevocations(to path: String, _ store: LedgerStore, _ console: Console) throws {
        let checkpoint = try store.signedCheckpoint(.revocations)
        let hashes = try from == 0 ? [] : store.consistencyProof(.revocations, from: from, to: checkpoint.size).hashes
        guard let column = BytesColumn(try store.revocationColumn(size: checkpoint.size), rowByteCount: Bundle.revocationByteCount) else {
            throw StoreError.damagedLog(log: .revocations, reason: "an entry is not \(Bundle.revocationByteCount) bytes")
        }
        let list = try RevocationList(
            origin: store.name, checkpoint: checkpoint.text, fromSize: from, consistency: hashes.map(\.bytes), revocations: column)
        var file = try OutputFile(path, force: force)
        try list.write(to: &file)
        try file.commit()
        console.result(path, .object(["output": .string(path), "revocations": .integer(Int64(checkpoint.size))]))
    }
}

extension LeafHash {
    /// A leaf hash given on the command line: 64 hex digits.
    init(argument: String) throws(ModelError) {
        guard let bytes = try? Hex.decode(argument), let hash = try? LeafHash(bytes) else {
            throw ModelError("invalid-value", "a leaf hash has 64 hex digits")
        }
        self = hash
    }
}
