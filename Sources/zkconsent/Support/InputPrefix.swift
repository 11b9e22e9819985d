// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
internal import Glibc

/// The beginning of a file, to find out its format.
enum InputPrefix {
    /// The first kilobytes of the file; a pipe is refused, since what is read from it is gone.
    static func read(_ path: String) throws(ModelError) -> [UInt8] {
        func failure(_ message: String) -> ModelError {
            ModelError("file-unreadable", message, file: path, hint: "check the path and the permissions")
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure("the file cannot be opened: \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count >= 0 else { throw failure("the file cannot be read: \(String(cString: strerror(errno)))") }
        return Array(bytes.prefix(count))
    }
}
