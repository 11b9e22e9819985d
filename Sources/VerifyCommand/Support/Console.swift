// SPDX-License-Identifier: Apache-2.0
public import ConsentModel
internal import Foundation

/// Where commands print: results to standard output, everything else to standard error.
public struct Console: Sendable {
    /// Whether results and errors are JSON.
    public let isJSON: Bool
    /// Whether progress is shown: standard error is a terminal, and results are for people.
    public let showsProgress: Bool

    /// A console in the mode of the command's `--json` flag.
    public init(json: Bool) {
        isJSON = json
        showsProgress = !json && isatty(STDERR_FILENO) == 1
    }

    /// Prints a result: `text` for people, `json` as one line for machines.
    public func result(_ text: @autoclosure () -> String, _ json: @autoclosure () -> JSONValue) {
        Self.write(isJSON ? String(decoding: json().canonical, as: UTF8.self) : text(), to: .standardOutput)
    }

    /// Prints a remark for people to standard error.
    public func note(_ text: String) {
        if !isJSON { Self.write(text, to: .standardError) }
    }

    /// Shows how far a long step has come; the line is overwritten by the next.
    public func progress(_ text: String) {
        if showsProgress { FileHandle.standardError.write(Data("\r\u{1b}[K\(text)".utf8)) }
    }

    /// Ends a line of progress.
    public func endProgress() {
        if showsProgress { FileHandle.standardError.write(Data("\r\u{1b}[K".utf8)) }
    }

    /// Prints an error to standard error: one line for people (and the hint on the next), one JSON object for machines.
    public func error(_ error: ModelError) {
        if isJSON {
            Self.write(String(decoding: error.json.canonical, as: UTF8.self), to: .standardError)
        } else {
            var plain = error
            plain.hint = nil
            Self.write("error: \(plain)" + (error.hint.map { "\nhint: \($0)" } ?? ""), to: .standardError)
        }
    }

    private static func write(_ text: String, to handle: FileHandle) {
        // A closed pipe at the other end is the reader's decision, not an error.
        try? handle.write(contentsOf: Data((text + "\n").utf8))
    }
}
