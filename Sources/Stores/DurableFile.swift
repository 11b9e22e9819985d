// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
internal import Foundation
internal import Glibc

/// File operations whose effect survives a loss of power.
enum DurableFile {
    /// The absolute path of `path` with the links of its folder, and of itself if it exists, resolved.
    ///
    /// Two names of one store must have one lock file.
    static func resolved(_ path: String) throws(StoreError) -> String {
        if let real = realPath(path) { return real }
        let url = URL(fileURLWithPath: path)
        guard let folder = realPath(url.deletingLastPathComponent().path) else {
            throw .notFound(path: url.deletingLastPathComponent().path)
        }
        return (folder == "/" ? "" : folder) + "/" + url.lastPathComponent
    }

    /// Whether something is at `path`.
    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// Whether `path` is a file with contents: no folder, pipe or device, opening which could hang or have effects.
    static func isRegular(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// Whether this process can read the file at `path`, but make none beside it.
    static func allowsNoFileBeside(_ path: String) -> Bool {
        access(path, R_OK) == 0 && access(URL(fileURLWithPath: path).deletingLastPathComponent().path, W_OK) != 0
    }

    /// The length of the file in bytes, or `nil` if there is none.
    static func byteCount(_ path: String) -> Int? {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : nil
    }

    /// Makes an empty file that nobody else has; `mode` is further limited by the process's mask.
    static func createExclusively(_ path: String, mode: mode_t) throws(StoreError) {
        let descriptor = Glibc.open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, mode)
        guard descriptor >= 0 else {
            if errno == EEXIST { throw .alreadyExists(path: path) }
            throw failure(path, "creating it")
        }
        close(descriptor)
        TemporaryFiles.add(path)
    }

    /// Forces the contents of a file, or the names in a folder, to the disk.
    static func sync(_ path: String) throws(StoreError) {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path, "opening it") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure(path, "fsync") }
    }

    /// Gives the complete file `temporary` its final name, durably, unless the name is taken.
    static func publish(_ temporary: String, as path: String) throws(StoreError) {
        try sync(temporary)
        guard link(temporary, path) == 0 else {
            if errno == EEXIST { throw .alreadyExists(path: path) }
            throw failure(path, "giving it its name")
        }
        unlink(temporary)
        try sync(URL(fileURLWithPath: path).deletingLastPathComponent().path)
    }

    /// Removes a database that was never published, with its side files. Failing to is harmless.
    static func discard(_ temporary: String) {
        for suffix in ["", "-wal", "-shm", "-journal"] { unlink(temporary + suffix) }
        TemporaryFiles.remove(temporary)
    }

    /// An unused name next to `path`.
    static func temporaryName(for path: String) -> String {
        "\(path).tmp-\(getpid())-\(UInt32.random(in: .min ... .max))"
    }

    private static func realPath(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    private static func failure(_ path: String, _ operation: String) -> StoreError {
        errno == ENOSPC ? .diskFull(path: path) : .io(path: path, operation: operation, errno: errno)
    }
}
