// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// The frozen files of version 1 under the verifiers in Python: they have the verdict that is frozen with them.
@Suite struct FrozenPeerTests {
    /// A line of cases.tsv whose only option is the time.
    struct Case: Sendable, CustomTestStringConvertible {
        let policy, file: String
        let time: Int
        let holds: Bool
        let codes: [String]

        init?(line: Substring) {
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard columns.count > 7, columns[2].hasPrefix("--at "), columns[2].split(separator: " ").count == 2,
                let time = try? Date(String(columns[2].dropFirst(5)), strategy: .iso8601)
            else { return nil }
            (policy, file) = (columns[0], columns[1])
            self.time = Int(time.timeIntervalSince1970)
            holds = columns[3] == "0"
            codes = columns[7].split(separator: ",").map(String.init)
        }

        var testDescription: String { "\(file) at \(time)" }

        var arguments: [String] {
            let folder = vectorURL("frozen/version-1").path + "/"
            let (policyFile, bundle) = (folder + policy + ".policy.yaml", folder + file)
            if file.hasPrefix("dataset") { return ["independent_verifier.py", bundle, policyFile] }
            return [file.hasPrefix("members") ? "member_verifier.py" : "point_verifier.py", policyFile, bundle]
        }
    }

    static let cases = String(decoding: (try? vectorBytes("frozen/version-1/cases.tsv")) ?? [], as: UTF8.self)
        .split(separator: "\n").compactMap(Case.init)

    @Test func thereAreCases() {
        #expect(Self.cases.count == 59)
    }

    @Test(arguments: cases)
    func agrees(_ item: Case) throws {
        try Peer.require()
        let result = try Peer.python(item.arguments + ["--at", "\(item.time)"])
        let code = Peer.code(result.text)
        #expect(result.status == (item.holds ? 0 : 1), "\(result.text)\(result.errorText)")
        #expect(item.holds ? code == nil : code.map(item.codes.contains) == true, "\(result.text)")
    }
}
