// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// A file that appears under its name complete or not at all.
///
/// The bytes go to a temporary file in the same folder, which ``commit()`` flushes to the disk and renames; then the folder is flushed too.
/// A value that is dropped without a commit, on any error, removes the temporary file.
public struct OutputFile: ~Copyable {
    /// The name under which the file will appear.
    public let path: String
    /// The descriptor of the temporary file.
    package let descriptor: Int32
    /// The path of the temporary file.
    package let temporaryPath: String
    /// Whether an existing file may be replaced.
    private let isSecret: Bool
    private let force: Bool
    private var buffer: [UInt8] = []
    private var isCommitted = false
    /// How many bytes have been appended.
    public private(set) var byteCount = 0

    private static let bufferLimit = 1 << 16

    /// Creates the temporary file.
    ///
    /// - Parameters:
    ///   - path: Where the file will appear.
    ///   - isSecret: Mode 0600, otherwise 0644 less the umask.
    ///   - force: Whether an existing regular file may be replaced; a store or a sealed file never is.
    ///   - replacesKey: With `force`, whether a sealed file may be replaced too: for the making of keys.
    /// - Throws: `file-exists`, `file-protected`, `file-not-regular` (a folder, a device, `-`), `file-not-found` (no such folder), `file-permission`, `disk-full`,
    ///   `file-create`.
    public init(
        _ path: String, isSecret: Bool = false, force: Bool = false, replacesKey: Bool = false
    ) throws(ModelError) {
        try Self.checkDestination(path, force: force, replacesKey: replacesKey)
        let name = path.split(separator: "/").last.map(String.init) ?? ""
        var generator = SystemRandomNumberGenerator()
        // A name of at most 255 bytes: the folder's limit.
        let suffix = ".tmp-" + String(generator.next(), radix: 36)
        let temporaryPath = Self.folder(of: path) + "/." + String(decoding: name.utf8.prefix(200), as: UTF8.self) + suffix
        let descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, isSecret ? 0o600 : 0o644)
        guard descriptor >= 0 else { throw .system("create", errno, path) }
        TemporaryFiles.add(temporaryPath)
        self.path = path
        self.temporaryPath = temporaryPath
        self.descriptor = descriptor
        self.force = force
        self.isSecret = isSecret
    }

    deinit {
        close(descriptor)
        if !isCommitted { unlink(temporaryPath) }
        TemporaryFiles.remove(temporaryPath)
    }

    /// Writes a whole file in one call.
    ///
    /// - Throws: As the initialiser, ``append(_:)-span`` and ``commit()``.
    public static func write(
        _ bytes: [UInt8], to path: String, isSecret: Bool = false, force: Bool = false, replacesKey: Bool = false
    ) throws(ModelError) {
        var file = try OutputFile(path, isSecret: isSecret, force: force, replacesKey: replacesKey)
        try file.append(bytes.span)
        try file.commit()
    }

    /// Appends `bytes`. Small pieces are gathered; a large one goes to the file at once.
    ///
    /// - Throws: `disk-full`, `file-write`.
    public mutating func append(_ bytes: Span<UInt8>) throws(ModelError) {
        byteCount += bytes.count
        if buffer.count + bytes.count <= Self.bufferLimit {
            bytes.withUnsafeBufferPointer { buffer.append(contentsOf: $0) }
            return
        }
        try flush()
        try writeAll(bytes)
    }

    /// Appends `bytes`.
    ///
    /// - Throws: `disk-full`, `file-write`.
    public mutating func append(_ bytes: [UInt8]) throws(ModelError) {
        try append(bytes.span)
    }

    /// Makes the file appear under its name, durably.
    ///
    /// - Throws: `file-exists` when somebody created `path` meanwhile and `force` is off; `disk-full`, `file-write`, `file-rename`.
    public consuming func commit() throws(ModelError) {
        try flush()
        guard fsync(descriptor) == 0 else { throw .system("write", errno, path) }
        try rename()
        isCommitted = true
        let folder = open(Self.folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        // The file is in place and complete; a folder that cannot be flushed (some network file systems) is a failure only for a secret, on whose
        // presence after a crash its writer builds.
        let isFlushed = folder >= 0 && fsync(folder) == 0
        let number = errno
        if folder >= 0 { close(folder) }
        guard isFlushed || !isSecret else { throw .system("write", number, path) }
    }

    /// Renames the temporary file; without `force` in one step that fails when `path` exists.
    private func rename() throws(ModelError) {
        if !force {
            // A hard link fails when its name exists; a rename would replace the file.
            if link(temporaryPath, path) == 0 {
                unlink(temporaryPath)
                return
            }
            guard errno != EEXIST else { throw .system("rename", EEXIST, path) }
            // A file system without hard links: the check and the rename are two steps.
            try Self.checkDestination(path, force: false, replacesKey: false)
        }
        guard Glibc.rename(temporaryPath, path) == 0 else { throw .system("rename", errno, path) }
    }

    private mutating func flush() throws(ModelError) {
        guard !buffer.isEmpty else { return }
        try writeAll(buffer.span)
        buffer.removeAll(keepingCapacity: true)
    }

    private func writeAll(_ bytes: Span<UInt8>) throws(ModelError) {
        var number: Int32 = 0
        bytes.withUnsafeBytes { bytes in
            var offset = 0
            while offset < bytes.count {
                let count = Glibc.write(descriptor, bytes.baseAddress! + offset, bytes.count - offset)
                if count < 0 && errno == EINTR { continue }
                guard count >= 0 else {
                    number = errno
                    return
                }
                offset += count
            }
        }
        guard number == 0 else { throw .system("write", number, path) }
    }

    /// Refuses a destination that may not be replaced.
    private static func checkDestination(_ path: String, force: Bool, replacesKey: Bool) throws(ModelError) {
        guard path != "-" else {
            throw .files(
                "file-not-regular", "this output cannot go to standard output (-)", path,
                hint: "name a file; one of that name is written ./-")
        }
        guard !path.isEmpty, !path.hasSuffix("/") else {
            throw .files("file-not-regular", "a file name is needed", path, hint: "name a file in an existing folder")
        }
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        let kind = status.st_mode & S_IFMT
        guard kind == S_IFREG || kind == S_IFLNK else {
            throw .files("file-not-regular", "the path exists and is not a regular file", path, hint: "choose another name")
        }
        guard force else {
            throw .files("file-exists", "the file exists", path, hint: "use --force to overwrite it")
        }
        let protection = Self.protection(of: path)
        guard protection == nil || protection == .sealed && replacesKey else {
            throw .files(
                "file-protected", "the file is a store or a sealed file, which --force does not overwrite", path,
                hint: "choose another name")
        }
    }

    /// The folder part of `path`, `.` when there is none.
    private static func folder(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
