// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
internal import ConsentVerifier
internal import Foundation
internal import MerkleLog
internal import Primitives

/// The folder in which an auditor remembers the largest tree seen of each log: one small JSON file for each, replaced in one step
/// (docs/formats.md, Ledger memory). One process at a time uses it.
final class MemoryFolder {
    private static let version = FormatVersion(1, of: "a ledger memory")
    private let path: String
    private let descriptor: Int32
    private var saved = LedgerMemory()

    /// Takes the folder's lock, waiting for another verification to end.
    ///
    /// - Parameter waiting: called before it waits.
    /// - Throws: `memory-folder` when the folder or its lock cannot be used.
    init(_ path: String, waiting: () -> Void) throws(ModelError) {
        self.path = path
        let lock = path + "/.lock"
        let descriptor = open(lock, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw ModelError(
                "memory-folder", "the memory of ledgers cannot be locked: \(String(cString: strerror(errno)))", file: lock,
                hint: "make the folder and check its permissions, or use --no-memory")
        }
        self.descriptor = descriptor
        guard flock(descriptor, LOCK_EX | LOCK_NB) != 0 else { return }
        waiting()
        var result = flock(descriptor, LOCK_EX)
        while result != 0 && errno == EINTR { result = flock(descriptor, LOCK_EX) }
        guard result == 0 else {
            throw ModelError("memory-folder", "the memory of ledgers cannot be locked: \(String(cString: strerror(errno)))", file: lock)
        }
    }

    deinit {
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// What is remembered of these logs.
    ///
    /// - Throws: `memory-damaged`, `format-newer` or `format-trial` naming the file, and what reading it throws: a memory that cannot be read is never taken for an empty one.
    func load(origins: [String]) throws(ModelError) -> LedgerMemory {
        var heads: [String: LedgerMemory.Head] = [:]
        for origin in origins {
            let file = self.file(of: origin)
            do {
                let bytes = try InputFile.read(file, limit: 1 << 16)
                heads[origin] = try Self.head(parsing: bytes, origin: origin)
            } catch  where error.code == "file-not-found" {
                continue
            } catch  where error.code.hasPrefix("format-") {
                throw error.inFile(file)
            } catch {
                throw ModelError(
                    "memory-damaged", "what was remembered of \(origin) cannot be used: \(error.message)", file: file,
                    position: error.position, hint: "restore the file from a backup; deleting it forgets which withdrawals were seen")
            }
        }
        saved = LedgerMemory(heads: heads)
        return saved
    }

    /// Writes what has changed since it was loaded or saved.
    func save(_ memory: LedgerMemory) throws(ModelError) {
        for (origin, head) in memory.heads.sorted(by: { $0.key < $1.key }) where saved.heads[origin] != head {
            try OutputFile.write(Self.json(head, origin: origin).canonical, to: file(of: origin), force: true)
        }
        saved = memory
    }

    /// The file of a log: the first 32 hex digits of SHA-256 of its origin.
    private func file(of origin: String) -> String {
        path + "/" + Hex.encode(Array(SHA256.hash(Array(origin.utf8)).prefix(16))) + ".json"
    }

    private static func json(_ head: LedgerMemory.Head, origin: String) -> JSONValue {
        .object([
            "kind": .string("ledger-memory"), "origin": .string(origin), "root": .string(Hex.encode(head.root)),
            "size": .integer(Int64(clamping: head.size)), "version": Self.version.json,
        ])
    }

    private static func head(parsing bytes: [UInt8], origin: String) throws(ModelError) -> LedgerMemory.Head {
        let json = try JSONValue(parsing: bytes, limits: .init(byteCount: 1 << 16, depth: 1, nodeCount: 16))
        guard json["kind"]?.string == "ledger-memory", let found = json["version"]?.uint else {
            throw ModelError("memory-damaged", "it is not a ledger memory")
        }
        try version.check(Int(clamping: found))
        guard json["origin"]?.string.map({ Array($0.utf8) }) == Array(origin.utf8) else {
            throw ModelError("memory-damaged", "it is the memory of another log")
        }
        guard let size = json["size"]?.uint, let text = json["root"]?.string, let root = try? Hex.decode(text),
            root.count == 32, json.object?.count == 5
        else { throw ModelError("memory-damaged", "its size or root is malformed") }
        return LedgerMemory.Head(size: size, root: root)
    }
}
