// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// A run of `constant-time-probe` under valgrind.
struct Probe {
    /// What the probe and memcheck say about one case.
    struct Case: Equatable {
        let name: String
        /// Branches and addresses that depend on a secret.
        let errors: Int
        /// Words of results, and those without a secret bit.
        let words: Int
        let knownWords: Int
        /// Words without a secret bit that were declassified.
        let knownDeclassified: Int
        /// Reasons of declassification, and those the case expects.
        let reasons: String
        let expectedReasons: String

        /// Nothing leaks, and something could have: there are results or declassified values, and all of them depend on secrets.
        var holds: Bool {
            errors == 0 && knownWords == 0 && knownDeclassified == 0 && reasons == expectedReasons && (words > 0 || !reasons.isEmpty)
        }
    }

    static let suppressions = repositoryRoot.appending(path: "Tests/ConstantTimeTests/memcheck.supp")

    let cases: [Case]
    /// 0, or 99 if memcheck reported anything.
    let status: Int32
    /// Valgrind's log.
    let log: String
    /// The suppressions that were used.
    let usedSuppressions: Set<String>

    /// Runs the probe. A missing valgrind is an error.
    init(_ arguments: [String], origins: Bool = false) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "zkconsent-memcheck-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        // Names of functions are enough; valgrind does not read every compiler's debugging information.
        let program = folder.appending(path: "probe").path
        let strip = try run("strip", ["--strip-debug", "-o", program, builtProgram("constant-time-probe")])
        try #require(strip.status == 0, "\(strip.errorText)")
        let logFile = folder.appending(path: "log").path
        let options = [
            "--tool=memcheck", "--error-exitcode=99", "--error-limit=no", "--leak-check=no", "--default-suppressions=no", "-s",
            "--suppressions=\(Self.suppressions.path)", "--log-file=\(logFile)", "--track-origins=\(origins ? "yes" : "no")",
        ]
        let result = try run("valgrind", options + [program] + arguments)
        status = result.status
        try #require(
            [0, 99].contains(status),
            "valgrind is needed (Debian package valgrind; `make test` installs it): \(result.text) \(result.errorText)")
        log = try String(contentsOfFile: logFile, encoding: .utf8)
        usedSuppressions = Set(
            log.split(separator: "\n").filter { $0.contains("used_suppression:") }.compactMap { line in
                line.split(separator: " ").dropFirst(3).first.map { String($0) }
            })
        cases = try result.text.split(separator: "\n").map { line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map { String($0) }
            try #require(fields.count == 8 && fields[0] == "case", "\(line)")
            return Case(
                name: fields[1], errors: try #require(Int(fields[2])), words: try #require(Int(fields[3])),
                knownWords: try #require(Int(fields[4])), knownDeclassified: try #require(Int(fields[5])), reasons: fields[6],
                expectedReasons: fields[7])
        }
    }

    /// What valgrind wrote while a case ran.
    func log(of name: String) -> String {
        let lines = log.split(separator: "\n")
        guard let first = lines.firstIndex(where: { $0.hasSuffix("** begin \(name)") }),
            let last = lines.firstIndex(where: { $0.hasSuffix("** end \(name)") })
        else { return "nothing" }
        return lines[first...last].joined(separator: "\n")
    }
}
