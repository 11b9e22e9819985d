// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import TestWorkspace
import Testing

/// A table of 100,000 rows under the default schema: seconds, and less than 500 MB. Measured on two cores of a Zen 5 EPYC: commit 1.8 s and
/// 68 MB, prove 4.9 s and 212 MB, verify 0.5 s and 100 MB; the limits leave room for slower machines.
@Suite(.enabled(if: runsLongTests)) struct HolderLargeTests {
    @Test func aHundredThousandRows() throws {
        var options = TestWorkspace.Options()
        options.rows = 100_000
        options.schema = "consent-v1"
        let workspace = try TestWorkspace(options)
        let steps: [(what: String, run: () throws -> ProcessResult, seconds: Double)] = [
            (
                "commit",
                {
                    try workspace.zkconsent(
                        "dataset", "commit", "records.csv", "--name", "again", "--holder", "lab.example", "--key", "patient", "--manifest",
                        "m.json",
                        "--passphrase-file", "pass")
                }, 30
            ),
            ("prove", { try workspace.prove() }, 60), ("verify", { try workspace.verify("out.zkb") }, 15),
        ]
        for step in steps {
            let start = Date()
            let result = try step.run()
            #expect(result.status == 0, "\(step.what): \(result.errorText)")
            #expect(Date().timeIntervalSince(start) < step.seconds, "\(step.what)")
        }
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &usage)
        #expect(usage.ru_maxrss < 500_000, "the largest child had \(usage.ru_maxrss) KB")
    }
}
