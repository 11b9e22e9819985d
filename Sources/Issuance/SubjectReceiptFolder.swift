// SPDX-License-Identifier: Apache-2.0
internal import CKernels
public import ConsentModel
internal import Glibc
internal import Primitives

/// The folder that gets the subject receipts of a run, one file each, to be handed to the data subjects and then deleted.
///
/// Before the entries of a batch are appended, their withdrawal keys go to one file `*.pending`; after, each gets a file of its own with the index, and
/// the pending file goes. So whenever the process dies, the key of every entry in the ledger is in this folder. All files have mode 0600.
public struct SubjectReceiptFolder: Sendable {
    /// The folder.
    public let path: String

    /// The longest pending file in bytes.
    static let pendingByteCountLimit = 1 << 30

    /// A folder; it is made if it is not there.
    ///
    /// - Throws: `folder-create`.
    public init(_ path: String) throws(ModelError) {
        self.path = path.hasSuffix("/") && path.count > 1 ? String(path.dropLast()) : path
        var status = stat()
        if mkdir(path, 0o700) != 0, errno != EEXIST { throw Self.failure("folder-create", "the folder cannot be made", path) }
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw ModelError("folder-create", "this is not a folder", file: path, hint: "name a folder for the subject receipts")
        }
    }

    // MARK: Receipts

    /// The name of the receipt of a request: the id where it is a plain name, with other bytes as `%` and two hex digits; of a long id, its hash.
    public static func fileName(request id: String) -> String {
        var name = ""
        for byte in id.utf8 {
            let isPlain =
                byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || (byte == UInt8(ascii: ".") && !name.isEmpty)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
            name += isPlain ? String(UnicodeScalar(byte)) : "%" + Hex.encode([byte])
        }
        // A percent sign is never written for itself, so that no id looks like a hash.
        if name.utf8.count > 180 { name = "%sha256-" + Hex.encode(SHA256.hash(Array(id.utf8))) }
        return name + ".receipt.json"
    }

    /// Whether the receipt of a request is there.
    func hasReceipt(request id: String) -> Bool {
        var status = stat()
        return lstat(file(Self.fileName(request: id)), &status) == 0
    }

    /// Writes receipts that are not there yet; they are on the disk when this returns.
    ///
    /// All are flushed by one call for the file system: 256 files took 15 ms, and with one fsync each 850 ms.
    /// - Throws: `receipt-conflict` when another receipt has the name; `disk-full` and the like.
    func write(_ receipts: [SubjectReceipt]) throws(ModelError) {
        var names: [String] = []
        for receipt in receipts {
            let name = Self.fileName(request: receipt.id)
            let text = receipt.json.canonical + [UInt8(ascii: "\n")]
            if hasReceipt(request: receipt.id) {
                guard try InputFile.read(file(name), limit: SubjectReceipt.byteCountLimit) == text else {
                    throw ModelError(
                        "receipt-conflict", "the file is the receipt of another entry", file: file(name),
                        hint: "use another folder for the receipts of another ledger")
                }
            } else {
                try writeUnsynced(text, to: Self.temporaryName(name))
                names.append(name)
            }
        }
        guard !names.isEmpty else { return }
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw Self.failure("folder-read", "the folder cannot be opened", path) }
        defer { close(folder) }
        guard zk_sync_filesystem(folder) == 0 else { throw Self.failure("file-write", "the receipts cannot be flushed", path) }
        for name in names {
            // The ledger's lock makes this process the only writer of receipts of its origin.
            guard rename(file(Self.temporaryName(name)), file(name)) == 0 else {
                throw Self.failure("file-rename", "the receipt cannot be named", file(name))
            }
        }
        guard fsync(folder) == 0 else { throw Self.failure("file-write", "the receipts cannot be flushed", path) }
    }

    /// The same name each time, so that what an interrupted run left is overwritten by the next.
    private static func temporaryName(_ name: String) -> String { ".\(name).tmp" }

    private func writeUnsynced(_ bytes: [UInt8], to name: String) throws(ModelError) {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
        var descriptor = open(file(name), flags, 0o600)
        if descriptor < 0 && errno == EEXIST {
            // What an interrupted run left, or somebody else's file: never written into.
            unlink(file(name))
            descriptor = open(file(name), flags, 0o600)
        }
        guard descriptor >= 0 else { throw Self.failure("file-create", "the receipt cannot be written", file(name)) }
        defer { close(descriptor) }
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + offset, bytes.count - offset) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw Self.failure("file-write", "the receipt cannot be written", file(name)) }
            offset += count
        }
    }

    // MARK: Pending batches

    /// The pending files, in the order of their names.
    func pendingFiles() throws(ModelError) -> [String] {
        try names().filter { $0.hasSuffix(".pending") && !$0.hasPrefix(".") }.map(file).sorted()
    }

    /// The names of all files.
    private func names() throws(ModelError) -> [String] {
        guard let folder = opendir(path) else { throw Self.failure("folder-read", "the folder cannot be read", path) }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            names.append(withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
        }
        return names
    }

    /// Removes what a killed run was writing: files that never got their names. Keys that were to be in one are of no entry.
    func removeTemporaries() throws(ModelError) {
        for name in try names() where name.hasPrefix(".") && (name.contains(".pending.tmp-") || name.hasSuffix(".receipt.json.tmp")) {
            unlink(file(name))
        }
    }

    /// Writes the keys of a batch; they are on the disk when this returns.
    func writePending(_ keys: [PendingKey]) throws(ModelError) -> String {
        var number: UInt64 = 0
        var name = ""
        repeat {
            number = .random(in: .min ... .max)
            name = file("batch-\(String(number, radix: 36)).pending")
        } while access(name, F_OK) == 0
        var output = try OutputFile(name, isSecret: true)
        for key in keys { try output.append(key.json.canonical + [UInt8(ascii: "\n")]) }
        try output.commit()
        return name
    }

    /// Reads a pending file.
    func readPending(_ name: String) throws(ModelError) -> [PendingKey] {
        let bytes = try InputFile.read(name, limit: Self.pendingByteCountLimit)
        var keys: [PendingKey] = []
        for (number, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
            do {
                keys.append(try PendingKey(parsing: Array(line)))
            } catch {
                throw ModelError(error.code, error.message, file: name, position: .line(number + 1, column: 1), hint: error.hint)
            }
        }
        return keys
    }

    /// Removes a pending file, durably.
    func removePending(_ name: String) throws(ModelError) {
        guard unlink(name) == 0 || errno == ENOENT else { throw Self.failure("file-remove", "the file cannot be removed", name) }
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        _ = fsync(folder)
        close(folder)
    }

    private func file(_ name: String) -> String { path + "/" + name }

    private static func failure(_ code: String, _ message: String, _ path: String) -> ModelError {
        let number = errno
        return ModelError(
            number == ENOSPC || number == EDQUOT ? "disk-full" : code, "\(message): \(String(cString: strerror(number)))", file: path,
            hint: number == ENOSPC || number == EDQUOT ? "make space, then repeat the command" : "check the path and the permissions")
    }
}
