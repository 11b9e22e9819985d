// SPDX-License-Identifier: Apache-2.0

/// What came of one file.
package struct FileResult: Equatable, Sendable {
    /// The path as it is reported.
    package let path: String
    /// The format's name; empty for a file of none.
    package internal(set) var format: String
    /// The document that defines what is tested; empty for a file of no format.
    package internal(set) var standard: String
    /// The number of cases that hold.
    package internal(set) var passed = 0
    /// The cases that do not.
    package internal(set) var failed: [Cases.Failed] = []
    /// The cases of a file otherwise run that need what the engine does not have.
    package internal(set) var skippedCases: [Cases.Failed] = []
    /// Why the file was not run; nil if it was.
    package internal(set) var skipped: String?

    init(path: String, format: String, standard: String) {
        self.path = path
        self.format = format
        self.standard = standard
    }
}

/// What came of all files.
package struct ConformanceReport: Equatable, Sendable {
    /// The files in the order in which they were run.
    package let files: [FileResult]

    /// The number of cases that hold. Nothing skipped counts.
    package var passed: Int { files.reduce(0) { $0 + $1.passed } }
    /// The number of cases that do not hold.
    package var failed: Int { files.reduce(0) { $0 + $1.failed.count } }

    /// One line for each failing case, each skipped case and each skipped file.
    package var lines: [String] {
        files.flatMap { file in
            file.failed.map { "failed: \(file.path): \($0.name): \($0.reason)" }
                + file.skippedCases.map { "skipped: \(file.path): \($0.name): \($0.reason)" }
                + (file.skipped.map { ["skipped: \(file.path): \($0)"] } ?? [])
        }
    }

    /// The last line.
    package var summary: String { "\(passed) passed, \(failed) failed" }
}
