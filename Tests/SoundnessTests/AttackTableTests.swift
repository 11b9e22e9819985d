// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// Every test that docs/attacks.md and docs/security.md name exists.
@Suite struct AttackTableTests {
    @Test(arguments: ["attacks", "security"]) func theTestsExist(document: String) throws {
        let sources = try testSources()
        let text = try String(contentsOf: repositoryRoot.appending(path: "docs/\(document).md"), encoding: .utf8)
        var count = 0
        for match in text.matches(of: /`([A-Z][A-Za-z0-9]*Tests)\/([A-Za-z0-9]+)`/) {
            count += 1
            let exists = sources.contains { $0.contains("struct \(match.1) ") && $0.contains("func \(match.2)(") }
            #expect(exists, "\(match.1)/\(match.2)")
        }
        #expect(count > 50, "the document names tests")
    }

    private func testSources() throws -> [String] {
        var sources: [String] = []
        let files = FileManager.default.enumerator(at: repositoryRoot.appending(path: "Tests"), includingPropertiesForKeys: nil)
        while let file = files?.nextObject() as? URL {
            if file.pathExtension == "swift" { sources.append(try String(contentsOf: file, encoding: .utf8)) }
        }
        return sources
    }
}
