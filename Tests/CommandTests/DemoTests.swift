// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Foundation
import TestSupport
import Testing

/// `zkconsent demo`: its verdicts are real, so an altered file makes it fail.
@Suite struct DemoTests {
    /// A table of 4,720 rows: enough for the rows that the story names.
    private func table() throws -> (folder: URL, path: String) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "zkconsent-demo-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let text = "number,value\n" + (1...4_720).map { "\($0),\($0 % 7)\n" }.joined()
        try Data(text.utf8).write(to: folder.appending(path: "table.csv"))
        return (folder, folder.appending(path: "table.csv").path)
    }

    @Test func everyVerdictIsTheExpectedOne() throws {
        let (folder, path) = try table()
        defer { try? FileManager.default.removeItem(at: folder) }
        let result = try run(builtProgram("zkconsent"), ["demo", "--json", "--records", path], in: folder)
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        let steps = try jsonLines(result.output)
        #expect(steps.count == 36)
        for step in steps {
            let members = try #require(step.object)
            #expect(Set(members.keys) == ["step", "expected", "verdict", "seconds", "bytes"])
            #expect(members["expected"] == members["verdict"])
        }
        let verdicts = steps.compactMap { $0["verdict"]?.string }
        #expect(verdicts.count { $0 == "holds" } == 3)
        #expect(verdicts.count { $0.hasPrefix("does not hold") } == 5)
        #expect(verdicts.count { $0.hasPrefix("refused: row") } == 3)
    }

    @Test func anAlteredBundleMakesItFail() throws {
        let (folder, path) = try table()
        defer { try? FileManager.default.removeItem(at: folder) }
        let result = try run(builtProgram("zkconsent"), ["demo", "--json", "--alter-bundle", "--records", path], in: folder)
        #expect(result.status == 1, "\(result.errorText)")
        let verify = try #require(try jsonLines(result.output).first { $0["step"]?.string == "verify" })
        #expect(verify["expected"]?.string == "holds" && verify["verdict"]?.string != "holds")
    }

    @Test func recordsThatAreNotThereAreAnError() throws {
        let folder = FileManager.default.temporaryDirectory
        let result = try run(builtProgram("zkconsent"), ["demo", "--records", "/nowhere/table.csv"], in: folder)
        #expect(result.status == 2)
        #expect(result.errorText.contains("/nowhere/table.csv"))
    }
}
