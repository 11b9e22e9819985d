// SPDX-License-Identifier: Apache-2.0
import Foundation
import Secrets
import TestSupport
import Testing

/// No branch and no address depends on a secret: docs/security.md, section "Constant time".
@Suite struct ConstantTimeTests {
    @Test func noSecretDecidesABranchOrAnAddress() throws {
        let arguments = runsLongTests ? ["run", "--long"] : ["run"]
        let probe = try Probe(arguments)
        for found in probe.cases where !found.holds {
            let again = try Probe(["run", found.name], origins: true)
            Issue.record("\(found)\n\(again.log(of: found.name))")
        }
        #expect(probe.status == 0, "a report of memcheck outside of all cases:\n\(probe.log)")
        let listed = try run(builtProgram("constant-time-probe"), ["list"]).text.split(separator: "\n").map { $0.split(separator: "\t") }
        let expected = listed.filter { runsLongTests || $0[1] == "short" }.map { String($0[0]) }
        #expect(probe.cases.map(\.name) == expected && Set(expected).count == expected.count, "every case ran, once")
        let used = Set(probe.cases.flatMap { $0.reasons.split(separator: ",").map { String($0) } })
        #expect(used == Set(Declassification.allCases.map { "\($0)" }), "every reason of declassification occurs")
        #expect(try probe.usedSuppressions.isSubset(of: Self.suppressionNames()))
        // What the runtime does to its own memory depends on its version and on the number of types.
        #expect(probe.usedSuppressions.isSuperset(of: ["gcmTag", "scrypt"]), "no suppression without need")
    }

    /// The test of the test: mistakes on purpose are found, their correct counterparts are not.
    @Test func plantedLeaksAreFound() throws {
        let probe = try Probe(["planted"])
        #expect(probe.status == 99)
        let cases = Dictionary(uniqueKeysWithValues: probe.cases.map { ($0.name, $0) })
        #expect(cases.count == 7)
        for name in ["planted/branch", "planted/address", "planted/swift-branch", "planted/swift-address"] {
            let found = try #require(cases[name])
            #expect(found.errors > 0 && !found.holds, "\(found)")
            #expect(probe.log(of: name).contains("depends on uninitialised") || probe.log(of: name).contains("Use of uninitialised"))
        }
        for name in ["planted/clean", "planted/declassified"] {
            let found = try #require(cases[name])
            #expect(found.holds, "\(found)")
        }
        // A case without secrets proves nothing, and is not taken for one that holds.
        let empty = try #require(cases["planted/no-secret"])
        #expect(empty.errors == 0 && empty.words == empty.knownWords && empty.knownDeclassified > 0)
        #expect(!empty.holds && empty.reasons != empty.expectedReasons)
    }

    @Test func outsideOfValgrindTheProbeRefuses() throws {
        let result = try run(builtProgram("constant-time-probe"), ["run"])
        #expect(result.status == 2 && result.text.hasPrefix("error"))
    }

    // MARK: The document

    /// docs/security.md lists every declassification and suppression, each with its reason.
    @Test func theDocumentListsEveryDeclassification() throws {
        let text = try String(contentsOf: repositoryRoot.appending(path: "docs/security.md"), encoding: .utf8)
        let section = try #require(text.components(separatedBy: "## Constant time\n").dropFirst().first).components(separatedBy: "\n##")[0]
        let rows = section.split(separator: "\n").filter { $0.hasPrefix("| `") }.map { line in
            line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
        #expect(rows.allSatisfy { $0.count == 3 && !$0[2].isEmpty })
        let names = rows.compactMap { $0.first?.trimmingCharacters(in: ["`"]) }
        #expect(try names == Declassification.allCases.map { "\($0)" } + Self.suppressionNames())
    }

    /// The names in the suppression file, in order.
    private static func suppressionNames() throws -> [String] {
        let lines = try String(contentsOf: Probe.suppressions, encoding: .utf8).split(separator: "\n")
        return lines.indices.filter { lines[$0] == "{" }.map { lines[$0 + 1].trimmingCharacters(in: .whitespaces) }
    }
}
