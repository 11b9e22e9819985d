// SPDX-License-Identifier: Apache-2.0
internal import Glibc

extension OutputFile {
    /// Refuses an output that is one of the command's own inputs under whatever name (the same device and inode), also where files may be replaced.
    ///
    /// - Parameters:
    ///   - path: Where a file is about to appear; nothing is refused while nothing is there.
    ///   - inputs: Files that the command reads; those that do not exist are passed over.
    /// - Throws: `output-is-input`.
    public static func check(_ path: String, isNoneOf inputs: [String]) throws(ModelError) {
        var output = stat()
        guard stat(path, &output) == 0 else { return }
        for input in inputs {
            var status = stat()
            guard stat(input, &status) == 0, status.st_dev == output.st_dev, status.st_ino == output.st_ino else { continue }
            throw .files("output-is-input", "the output is a file that the command reads", path, hint: "choose another name")
        }
    }

    /// What the file at `path` is protected as; `nil` for any other file, and where it cannot be read.
    static func protection(of path: String) -> Protection? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var prefix = [UInt8](repeating: 0, count: 17)
        let count = prefix.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        let text = prefix.prefix(max(0, count))
        return Protection.allCases.first { text.starts(with: $0.rawValue.utf8) }
    }

    /// What is not replaced: how such files begin.
    enum Protection: String, CaseIterable {
        case store = "SQLite format 3"
        case sealed = "zkconsent/sealed/"
    }
}
