// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Foundation
import Stores
import TestSupport
import TestWorkspace
import Testing

@Suite struct AuditorInspectTests {
    @Test func publicFilesAreRecognisedByTheirContent() throws {
        let workspace = try TestWorkspace()
        try workspace.write(workspace.bundle(context: "audit-1"), "a")
        try workspace.write(workspace.revocationList().encoded, "b")
        try workspace.write(workspace.withdrawal(row: 4, index: 3).json.canonical, "c")
        try workspace.write(workspace.datasets().dataset(named: "patients").manifest + [10], "d")
        let result = try workspace.zkconsent("inspect", "a", "b", "c", "d", "--json")
        #expect(result.status == 0, "\(result.errorText)")
        let found = try jsonLines(result.output)
        #expect(found.map { $0["kind"]?.string } == ["bundle", "revocation list", "withdrawal", "manifest"])
        #expect(found.allSatisfy { $0["verified"] == .bool(false) })
        #expect(found[0]["context"]?.string == "audit-1" && found[0]["data_points"]?.int == 20 && found[0]["dataset"]?.string == "patients")
        #expect(found[0]["tensors"]?.array?.first?["name"]?.string == "consent")
        #expect(found[2]["entry_index"]?.int == 3)
        let text = try workspace.zkconsent("inspect", "a").text
        #expect(text.contains("nothing verified") && text.contains("20 consents, 0 withdrawals"))
    }

    @Test func secretAndUnknownFilesAreRefused() throws {
        let workspace = try TestWorkspace()
        try workspace.write("{\"kind\":\"subject-receipt\",\"seed\":\"0000\"}", "receipt.json")
        let secret = try workspace.zkconsent("inspect", "receipt.json", "--json")
        #expect(secret.status == 2 && secret.output.isEmpty)
        #expect(try jsonLines(secret.errors).first?["code"]?.string == "file-secret")
        #expect(try workspace.zkconsent("inspect", "nowhere").status == 2)
        try workspace.write("PK", "short")
        try workspace.write([], "empty")
        try workspace.write(Array(workspace.bundle().prefix(100)), "cut")
        for (name, code) in [
            ("policy.yaml", "file-unknown"), ("receipts.sqlite", "file-unknown"), ("records.csv", "file-unknown"),
            ("short", "file-unknown"), ("empty", "file-unknown"), ("cut", "safetensors-truncated"),
        ] {
            let result = try workspace.zkconsent("inspect", name, "--json")
            let error = try jsonLines(result.errors).first
            #expect(result.status == 2 && error?["code"]?.string == code, "\(name): \(result.errorText)")
            for kind in ["*.zkb", "*.zkp", "*.zkr", "withdrawals and manifests"] where code == "file-unknown" {
                #expect(error?["hint"]?.string?.contains(kind) == true, "\(name): \(result.errorText)")
            }
        }
    }
}
