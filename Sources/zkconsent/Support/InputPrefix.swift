// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel

/// The beginning of a file, to find out its format.
enum InputPrefix {
    /// The first kilobytes of the file; a pipe is refused, since what is read from it is gone.
    static func read(_ path: String) throws(ModelError) -> [UInt8] { try InputFile.prefix(path, count: 4_096) }
}
