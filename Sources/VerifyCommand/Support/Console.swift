// SPDX-License-Identifier: Apache-2.0
public import ConsentModel
internal import Foundation
internal import Synchronization

/// Where commands print: results to standard output, everything else to standard error.
public struct Console: Sendable {
    /// Whether results and errors are JSON.
    public let isJSON: Bool
    /// Whether progress is shown: standard error is a terminal, and results are for people.
    public let showsProgress: Bool
    private let results = ResultOutput()

    /// A console in the mode of the command's `--json` flag.
    public init(json: Bool) {
        isJSON = json
        showsProgress = !json && isatty(STDERR_FILENO) == 1
    }

    /// Prints a result: `text` for people, in which no name from a file steers the terminal, `json` as one line for machines.
    public func result(_ text: @autoclosure () -> String, _ json: @autoclosure () -> JSONValue) {
        results.write(isJSON ? String(decoding: json().canonical, as: UTF8.self) + "\n" : text().printableLines + "\n")
    }

    /// Prints bytes that are the result as they are: a proof, a signed note, a table.
    public func result(bytes: [UInt8]) {
        results.write(bytes)
    }

    /// Whether every result was written.
    ///
    /// - Throws: `output`, when standard output is full or broken. A closed pipe is the reader's decision, not an error.
    public func checkResults() throws(ModelError) {
        guard let number = results.failure else { return }
        throw ModelError(
            "output", "the results could not be written to standard output: \(String(cString: strerror(number)))",
            hint: "what the command did stands; only its printed results are incomplete")
    }

    /// Prints a remark for people to standard error.
    public func note(_ text: String) {
        if !isJSON { Self.write(text.printableLines, to: .standardError) }
    }

    /// Shows how far a long step has come; the line is overwritten by the next.
    public func progress(_ text: String) {
        if showsProgress { FileHandle.standardError.write(Data("\r\u{1b}[K\(text.printable)".utf8)) }
    }

    /// Ends a line of progress.
    public func endProgress() {
        if showsProgress { FileHandle.standardError.write(Data("\r\u{1b}[K".utf8)) }
    }

    /// Prints an error to standard error: one line for people (and the hint on the next), one JSON object for machines, with `members` beside the error's.
    public func error(_ error: ModelError, members: [String: JSONValue] = [:]) {
        if isJSON {
            let json = JSONValue.object((error.json.object ?? [:]).merging(members) { own, _ in own })
            Self.write(json.canonicalText, to: .standardError)
        } else {
            var plain = error
            plain.hint = nil
            let lines = ("error: \(plain)" + (error.hint.map { "\nhint: \($0)" } ?? "")).split(
                separator: "\n", omittingEmptySubsequences: false)
            Self.write(lines.map { String($0).printable }.joined(separator: "\n"), to: .standardError)
        }
    }

    private static func write(_ text: String, to handle: FileHandle) {
        // There is nowhere left to say that standard error is broken.
        try? handle.write(contentsOf: Data((text + "\n").utf8))
    }
}

/// Standard output, with a memory of the first failure.
private final class ResultOutput: Sendable {
    private let firstFailure = Mutex<Int32?>(nil)

    /// The `errno` of the first write that failed, but for a closed pipe.
    var failure: Int32? { firstFailure.withLock { $0 } }

    func write(_ text: String) {
        write(Array(text.utf8))
    }

    func write(_ bytes: [UInt8]) {
        var offset = 0
        bytes.withUnsafeBytes { bytes in
            while offset < bytes.count {
                let count = Foundation.write(STDOUT_FILENO, bytes.baseAddress! + offset, bytes.count - offset)
                let number = errno
                if count < 0 && number == EINTR { continue }
                guard count > 0 else {
                    if number != EPIPE { firstFailure.withLock { $0 = $0 ?? number } }
                    return
                }
                offset += count
            }
        }
    }
}
