// SPDX-License-Identifier: Apache-2.0
internal import Cores
internal import Glibc

/// Reads a file whole, with a limit.
///
/// The bytes are read into one allocation and not mapped: a mapped file that somebody shortens kills the reader with SIGBUS, and a file
/// that changes after its checks would be judged by bytes that were never checked.
public enum InputFile {
    /// The bytes of the regular file at `path`.
    ///
    /// - Parameters:
    ///   - path: Any path; a symbolic link is followed. `-` has no special meaning here.
    ///   - limit: The largest size accepted, in bytes.
    /// - Throws: `file-not-found`, `file-permission`, `file-not-regular`, `file-too-large`, `file-changed` (the size changed while
    ///   it was read), `file-read`.
    public static func read(_ path: String, limit: Int) throws(ModelError) -> [UInt8] {
        let (descriptor, size) = try openRegular(path, hint: "name a file")
        defer { close(descriptor) }
        guard size <= limit else {
            throw .files("file-too-large", "the file has \(size) bytes, more than the limit of \(limit)", path)
        }
        var failure: ModelError?
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            let result = Result { () throws(ModelError) in try fill(buffer, upTo: size, from: descriptor, path: path) }
            switch result {
            case .success: count = size
            case .failure(let error): (failure, count) = (error, 0)
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// The first bytes of the regular file at `path`, at most `count`: to find out the format of a file that is then opened once more. What is read from a pipe
    /// would be gone.
    ///
    /// - Throws: `file-not-found`, `file-permission`, `file-not-regular`, `file-read`.
    public static func prefix(_ path: String, count: Int = 4_096) throws(ModelError) -> [UInt8] {
        let (descriptor, _) = try openRegular(path, hint: "it is read more than once: save it to a file, and name that")
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: count)
        var read = pread(descriptor, &bytes, count, 0)
        while read < 0 && errno == EINTR { read = pread(descriptor, &bytes, count, 0) }
        guard read >= 0 else { throw .system("read", errno, path) }
        return Array(bytes.prefix(read))
    }

    /// Opens a regular file for reading; the caller closes it.
    private static func openRegular(_ path: String, hint: String) throws(ModelError) -> (descriptor: Int32, size: Int) {
        // O_NONBLOCK: opening a named pipe must not wait for a writer. It has no effect on a regular file.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .system("open", errno, path) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let number = errno
            close(descriptor)
            throw .system("read", number, path)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            let isFolder = status.st_mode & S_IFMT == S_IFDIR
            throw .files("file-not-regular", isFolder ? "this is a folder" : "this is not a regular file", path, hint: hint)
        }
        return (descriptor, Int(status.st_size))
    }

    /// Parts that are worth a processor of their own, in bytes.
    private static let partByteCount = 1 << 22

    /// Reads exactly `size` bytes, on all cores, and checks that the file ends there.
    private static func fill(
        _ buffer: UnsafeMutableBufferPointer<UInt8>, upTo size: Int, from descriptor: Int32, path: String
    ) throws(ModelError) {
        nonisolated(unsafe) let buffer = buffer
        preferLargePages(UnsafeMutableRawBufferPointer(buffer))
        let failures = Parallel.map(size, minimum: partByteCount) { range -> ModelError? in
            do throws(ModelError) {
                try fill(buffer, range, from: descriptor, path: path)
                return nil
            } catch {
                return error
            }
        }
        if let failure = failures.lazy.compactMap({ $0 }).first { throw failure }
        var extra: UInt8 = 0
        var count = pread(descriptor, &extra, 1, off_t(size))
        while count < 0 && errno == EINTR { count = pread(descriptor, &extra, 1, off_t(size)) }
        guard count <= 0 else { throw changed(path) }
    }

    private static func fill(
        _ buffer: UnsafeMutableBufferPointer<UInt8>, _ range: Range<Int>, from descriptor: Int32, path: String
    ) throws(ModelError) {
        guard let base = buffer.baseAddress else { return }
        var offset = range.lowerBound
        while offset < range.upperBound {
            let count = pread(descriptor, base + offset, range.upperBound - offset, off_t(offset))
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw .system("read", errno, path) }
            guard count > 0 else { throw changed(path) }
            offset += count
        }
    }

    /// Fresh memory of many megabytes costs a page fault for each 4 KB, about as much as reading them; the system may refuse.
    private static func preferLargePages(_ buffer: UnsafeMutableRawBufferPointer) {
        let page = 1 << 21
        guard buffer.count >= 4 * page, let base = buffer.baseAddress else { return }
        let skipped = (page - Int(bitPattern: base) % page) % page
        _ = madvise(base + skipped, (buffer.count - skipped) / page * page, MADV_HUGEPAGE)
    }

    private static func changed(_ path: String) -> ModelError {
        .files("file-changed", "the size of the file changed while it was read", path, hint: "try again when nothing writes to it")
    }
}
