// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Foundation
import Groups
import MerkleLog
import Stores
import TestSupport
import Testing

/// Each command of the issuer and the data subject as a new user would type it, in an empty folder.
@Suite struct IssuerCommandTests {
    static let commands: [[String]] = [
        [], ["consent"], ["consent", "import"], ["consent", "issue"], ["consent", "receipt"], ["consent", "receipt", "show"],
        ["consent", "receipt", "verify"], ["consent", "receipt", "withdraw"], ["consent", "revoke"], ["init"], ["init", "auditor"],
        ["init", "holder"],
        ["init", "issuer"], ["keygen"], ["ledger"], ["ledger", "append"], ["ledger", "backup"], ["ledger", "checkpoint"],
        ["ledger", "fsck"],
        ["ledger", "init"], ["ledger", "prove"], ["ledger", "show"], ["policy"], ["policy", "check"], ["policy", "show"],
        ["receipts", "backup"],
    ]

    @Test func aloneItSaysWhatToType() throws {
        let folder = try IssuerFolder()
        let result = try folder.succeed()
        #expect(result.text.split(separator: "\n").count == 5)
        for word in ["issuer", "holder", "auditor"] { #expect(result.text.contains("zkconsent init \(word)")) }
        let version = try folder.succeed("--version").text
        #expect(version.hasPrefix("zkconsent ") && version.contains("zkconsent-bundle/1"))
        #expect(version.contains("kernel: \(Kernel.current.rawValue)"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["pass"])
    }

    @Test(arguments: commands) func everyCommandExplainsItself(command: [String]) throws {
        let folder = try IssuerFolder()
        let result = try folder.zkconsent(command + ["--help"])
        #expect(result.status == 0 && result.text.contains("Example"), "\(command): \(result.text)")
    }

    @Test func aWorkspaceForEachRole() throws {
        let folder = try IssuerFolder()
        let issuer = try folder.succeed("init", "issuer", "--ledger", "h.example/c", "--path", "i", "--passphrase-file", "pass")
        #expect(issuer.text == "i/ledger.key\ni/cosigner.key\ni/ledger.vkey\ni/ledger.sqlite\ni/export\n")
        for name in ["i/ledger.key", "i/cosigner.key"] { #expect(try folder.mode(name) == 0o600) }
        let keys = String(decoding: try folder.read("i/ledger.vkey"), as: UTF8.self).split(separator: "\n")
        #expect(keys.count == 5 && keys[0].hasPrefix("h.example/c+"))

        try folder.succeed("init", "holder", "--path", "h", "--passphrase-file", "pass")
        for name in ["h/receipts.sqlite", "h/datasets.sqlite"] { #expect(try folder.mode(name) == 0o600) }
        #expect(folder.exists("h/bundles"))

        try folder.succeed("init", "auditor", "--path", "a", "--ledger-vkey", "i/ledger.vkey")
        let policy = try Policy.load(path: folder.path("a/policy.yaml"))
        #expect(policy.acceptance.ledgers.first?.origin == "h.example/c")
        #expect(policy.acceptance.ledgers.first?.key.text == String(keys[0]))
        #expect(folder.exists("a/ledgers") && folder.exists("a/reports"))
        try folder.succeed("init", "auditor", "--path", "b")
        #expect(String(decoding: try folder.read("b/policy.yaml"), as: UTF8.self).contains("Paste the issuer's keys here"))

        // Nothing is overwritten, and nothing half made.
        let before = try folder.contents()
        for again in [
            ["init", "issuer", "--ledger", "x", "--path", "i", "--passphrase-file", "pass"],
            ["init", "holder", "--path", "h", "--passphrase-file", "pass"],
            ["init", "auditor", "--path", "a"],
        ] {
            let result = try folder.zkconsent(again)
            #expect(result.status == 2 && result.errorText.contains("exists"), "\(again): \(result.errorText)")
        }
        #expect(try folder.contents() == before)
        try folder.succeed("init", "auditor", "--path", "a", "--force")
    }

    @Test func keysAndALedgerForThem() throws {
        let folder = try IssuerFolder()
        let made = try folder.succeed("keygen", "--ledger", "L", "--output", "my.key", "--passphrase-file", "pass", "--json")
        #expect(try JSONValue(parsing: Array(made.output.dropLast()))["ledger"]?.string == "L")
        for name in ["my.key", "cosigner.key"] { #expect(try folder.mode(name) == 0o600) }
        #expect(try folder.zkconsent("keygen", "--ledger", "L", "--output", "my.key", "--passphrase-file", "pass").status == 2)
        try folder.succeed("ledger", "init", "--vkey", "my.vkey")
        let signed = try folder.succeed(
            "ledger", "checkpoint", "--key", "my.key", "--passphrase-file", "pass", "--at", "2026-07-01T12:00:00Z", "--json")
        let lines = try signed.text.split(separator: "\n").map { try JSONValue(parsing: Array($0.utf8)) }
        #expect(lines.map { $0["origin"]?.string } == ["L/consents", "L/revocations", "L/registry"])
        #expect(lines.allSatisfy { $0["time"] == .integer(1_782_907_200) })
        let back = try folder.zkconsent(
            "ledger", "checkpoint", "--key", "my.key", "--passphrase-file", "pass", "--at", "1782907199", "--json")
        #expect(back.status == 2 && back.errorText.contains("clock-went-back"))
    }

    @Test func theRegistryTakesManifests() throws {
        let folder = try IssuerFolder.initialised()
        let manifest = try Manifest(dataset: "d", holder: "h", dataPointCount: 1, root: LeafHash(entry: [1]).node)
        try folder.write(manifest.leaf + [10], "m.json")
        #expect(try folder.succeed("ledger", "append", "--registry", "m.json").text == "0\n")
        let again = try folder.zkconsent("ledger", "append", "--registry", "m.json")
        #expect(again.status == 2 && again.text.isEmpty && again.errorText.contains("m.json:1:1") && again.errorText.contains("--resume"))
        #expect(try folder.succeed("ledger", "append", "--registry", "m.json", "--resume").text == "0\n")
        #expect(try folder.succeed("ledger", "show", "--log", "registry", "--index", "0").text.contains("\"dataset\":\"d\""))
        try folder.write("{\"b\":1, \"a\":2}\n", "loose.json")
        #expect(try folder.zkconsent("ledger", "append", "--registry", "loose.json").errorText.contains("RFC 8785"))
    }

    /// A receipt that names the ledger in other bytes, which Swift calls equal: what it signs for would be refused by every auditor.
    @Test func aReceiptOfAnotherSpelling() throws {
        let folder = try IssuerFolder()
        try folder.succeed("init", "issuer", "--ledger", "klinik.example/K", "--passphrase-file", "pass")
        try folder.write(
            """
            id,subject,controller,record,purposes,data_categories,not_before,expires
            c-1,p/1,https://h.example,\(String(repeating: "01", count: 32)),ScientificResearch,Health,2026-01-01,2026-12-31

            """, "consents.csv")
        try folder.succeed("consent", "import", "consents.csv", "--output", "consents.jsonl")
        try folder.succeed("consent", "issue", "consents.jsonl", "--subject-receipts", "subjects", "--passphrase-file", "pass")
        try folder.succeed("ledger", "checkpoint", "--passphrase-file", "pass")
        try folder.succeed("ledger", "prove", "--index", "0", "--output", "entry.proof")
        let receipt = try #require(String(validating: folder.read("subjects/c-1.receipt.json"), as: UTF8.self))
        try folder.write(receipt.replacing("/K/", with: "/\u{212a}/"), "other.json")
        for (file, status) in [("subjects/c-1.receipt.json", Int32(0)), ("other.json", 1)] {
            for place in [["--ledger", "ledger.sqlite"], ["--proof", "entry.proof", "--vkey", "ledger.vkey"]] {
                let result = try folder.zkconsent(["consent", "receipt", "verify", file] + place)
                #expect(result.status == status && result.text.contains("of another ledger") == (status == 1), "\(result.errorText)")
            }
        }
        try folder.succeed("consent", "receipt", "withdraw", "other.json", "--output", "w.json")
        let revoked = try folder.zkconsent("consent", "revoke", "--statement", "w.json")
        #expect(revoked.status != 0 && revoked.errorText.contains("not of this ledger"), "\(revoked.errorText)")
    }

    @Test func fromConsentsToWithdrawal() throws {
        let folder = try IssuerFolder.initialised()
        try folder.write(
            """
            id,subject,controller,record,purposes,data_categories,not_before,expires
            c-1,p/1,https://h.example,\(String(repeating: "01", count: 32)),ScientificResearch;Marketing,Health,2026-01-01,2026-12-31
            c-2,p/2,https://h.example,\(String(repeating: "02", count: 32)),ScientificResearch,Health,2026-01-01,2026-12-31
            c-3,p/3,https://h.example,\(String(repeating: "03", count: 32)),ScientificResarch,Health,2026-01-01,2026-12-31
            c-4,p/4,https://h.example,\(String(repeating: "04", count: 32)),,,2026-01-01,2026-12-31

            """, "consents.csv")
        let strict = try folder.zkconsent("consent", "import", "consents.csv", "--output", "consents.jsonl", "--strict")
        #expect(strict.status == 2 && !folder.exists("consents.jsonl"))
        let imported = try folder.succeed("consent", "import", "consents.csv", "--output", "consents.jsonl")
        #expect(
            imported.errorText.contains("refused c-3: consents.csv:4:1:") && imported.errorText.contains("did you mean ScientificResearch?")
        )
        #expect(try folder.mode("consents.jsonl") == 0o600)
        #expect(try folder.succeed("consent", "import", "consents.csv", "--output", "-").output == Data(folder.read("consents.jsonl")))

        let issue = [
            "consent", "issue", "consents.jsonl", "--subject-receipts", "subjects", "--passphrase-file", "pass", "--issuance-day", "today",
        ]
        let issued = try folder.zkconsent(issue)
        #expect(issued.status == 0 && issued.text == "0\tc-1\n1\tc-2\n2\tc-4\n", "\(issued.errorText)")
        #expect(try folder.zkconsent(issue).text == issued.text)
        #expect(try folder.mode("receipts.sqlite") == 0o600 && folder.mode("subjects/c-1.receipt.json") == 0o600)
        try expectIssued(["c-1", "c-2", "c-4"], in: folder, subjects: "subjects", schema: "consent-v1")

        let receipt = "subjects/c-2.receipt.json"
        let early = try folder.zkconsent("consent", "receipt", "verify", receipt, "--ledger", "ledger.sqlite")
        #expect(early.status == 1 && early.text.contains("no checkpoint covers it"))
        try folder.succeed("ledger", "checkpoint", "--passphrase-file", "pass")
        try folder.succeed("ledger", "prove", "--index", "1", "--output", "entry.proof")
        let holds = try folder.succeed("consent", "receipt", "verify", receipt, "--proof", "entry.proof", "--vkey", "ledger.vkey")
        #expect(holds.text.hasPrefix("holds: entry 1 of \(IssuerFolder.ledgerName)/consents"))
        let other = try folder.zkconsent(
            "consent", "receipt", "verify", "subjects/c-1.receipt.json", "--proof", "entry.proof", "--vkey", "ledger.vkey", "--json")
        #expect(other.status == 1 && other.text.contains("\"holds\":false"))
        let leaf = hex(LeafHash(entry: try folder.ledger().leaves(.consents, at: [1])[0]).bytes)
        #expect(try folder.succeed("ledger", "prove", "--leaf", leaf).output == Data(folder.read("entry.proof")))
        #expect(try folder.succeed("consent", "receipt", "show", receipt).text.contains(leaf))

        try folder.succeed("consent", "receipt", "withdraw", receipt, "--output", "w.json")
        #expect(try folder.succeed("consent", "revoke", "--statement", "w.json").text == "0\n")
        #expect(try folder.succeed("consent", "revoke", "--statement", "w.json").text == "0\n")
        #expect(try folder.succeed("consent", "revoke", "--request", "c-1", "--passphrase-file", "pass").text == "1\n")
        #expect(try folder.succeed("consent", "revoke", "--index", "2").text == "2\n")
        #expect(try folder.succeed("consent", "revoke", "--leaf", leaf).text == "0\n")
        let unsigned = try folder.succeed("consent", "receipt", "verify", receipt, "--ledger", "ledger.sqlite").text
        #expect(unsigned.contains("withdrawn (revocation 0)"))
        try folder.succeed("ledger", "checkpoint", "--passphrase-file", "pass")
        try folder.succeed("ledger", "prove", "--revocations", "r.zkr", "--from", "1")
        let list = try RevocationList.parse(folder.read("r.zkr"))
        #expect(list.origin == IssuerFolder.ledgerName && list.revocations.count == 3 && list.fromSize == 1 && !list.consistency.isEmpty)
        let consistency = try folder.succeed("ledger", "prove", "--log", "revocations", "--consistency", "1").text
        #expect(consistency.hasPrefix("old 1\n") && consistency.contains("\n\n\(IssuerFolder.ledgerName)/revocations\n3\n"))
        #expect(try folder.succeed("ledger", "show").text.split(separator: "\n").count == 3)
        #expect(try folder.succeed("ledger", "show", "--index", "1").text.contains("revoked at: 0"))
        let latest = try folder.ledger().latestCheckpoint(.consents)
        #expect(try folder.succeed("ledger", "show", "--checkpoint").text == latest?.text)

        #expect(try folder.succeed("ledger", "fsck").text == "ok\n")
        try folder.succeed("ledger", "backup", "--output", "ledger-copy.sqlite")
        #expect(try folder.succeed("ledger", "fsck", "--ledger", "ledger-copy.sqlite").text == "ok\n")
        try folder.succeed("receipts", "backup", "--output", "receipts-copy.sqlite", "--passphrase-file", "pass")
        #expect(try folder.mode("receipts-copy.sqlite") == 0o600)
        #expect(try folder.zkconsent("receipts", "backup", "--output", "receipts-copy.sqlite", "--passphrase-file", "pass").status == 2)
    }

    /// For machines too, a refusal says which consent it is of, and for people what to do about it.
    @Test func refusalsOfAnImportNameTheConsent() throws {
        let folder = try IssuerFolder()
        try folder.write("patient,value\np-1,a\np-2,b\n", "records.csv")
        let columns = "id,subject,controller,record_key,purposes,not_before,expires"
        try folder.write(
            "\(columns)\nc-1,p/1,h,1,ScientificResearch,2026-01-01,2026-12-31\n"
                + "f-2,p/2,h,p-2,ScientificResearch,2026-01-01,2026-12-31\n,p/2,h,2,ScientificResearch,01/01/2026,2026-12-31\n",
            "consents.csv")
        let options = ["--records", "records.csv", "--dataset", "d", "--output", "-"]
        let machine = try folder.zkconsent(["consent", "import", "consents.csv", "--json"] + options)
        #expect(machine.status == 0)
        let refusals = try machine.errorText.split(separator: "\n").map { try JSONValue(parsing: Array($0.utf8)) }
        #expect(refusals.map { $0["id"] } == [.string("f-2"), .null] && refusals.allSatisfy { $0["partial"] == .bool(false) })
        #expect(refusals.map { $0["code"]?.string } == ["record-key-unknown", "invalid-value"])
        #expect(refusals.map { $0["hint"]?.string?.contains("--key") } == [true, false])
        #expect(refusals[1]["message"]?.string?.hasPrefix("not_before is no date") == true)
        let people = try folder.zkconsent(["consent", "import", "consents.csv"] + options)
        #expect(people.errorText.contains("refused f-2: consents.csv:3:1: ") && people.errorText.contains("--key"))

        try folder.write(
            """
            {"resourceType":"Consent","id":"f-1","status":"active","patient":{"reference":"Patient/1"},"organization":[{"reference":"h"}],\
            "scope":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"research"}]},\
            "category":[{"text":"x"}],"policy":[{"uri":"n"}],"provision":{"type":"permit","period":{"start":"2026-01-01","end":"2026-12-31"},\
            "purpose":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActReason","code":"HRESCH"}]}}

            """, "consent.ndjson")
        for (more, hint) in [
            ([], "--all-records-of-subject"), (["--all-records-of-subject"], "--subject-column"),
            (["--all-records-of-subject", "--subject-column", "patient"], nil),
        ] as [([String], String?)] {
            let result = try folder.zkconsent(["consent", "import", "consent.ndjson", "--json"] + options + more)
            let first = try #require(result.errorText.split(separator: "\n").first)
            let refusal = try JSONValue(parsing: Array(first.utf8))
            #expect(result.status == 2 && refusal["code"]?.string == "record-missing" && refusal["id"]?.string == "f-1")
            #expect(hint.map { refusal["hint"]?.string?.contains($0) == true } ?? (refusal["hint"] == .null), "\(result.errorText)")
        }

        // A consent that is imported with fewer days than it has.
        let data =
            "\"data\":[{\"meaning\":\"instance\",\"reference\":{\"identifier\":{\"system\":\"urn:zkconsent:record\","
            + "\"value\":\"\(String(repeating: "0a", count: 32))\"}}}],\"purpose\""
        let consent = String(decoding: try folder.read("consent.ndjson"), as: UTF8.self)
        try folder.write(
            consent.replacing("2026-12-31", with: "2050-12-31").replacing("\"purpose\"", with: data), "long.ndjson")
        let long = try folder.zkconsent("consent", "import", "long.ndjson", "--json", "--output", "-")
        let leftOut = try long.errorText.split(separator: "\n").map { try JSONValue(parsing: Array($0.utf8)) }
        #expect(long.status == 0 && long.text.contains("\"id\":\"f-1\""), "\(long.errorText)")
        #expect(leftOut.map { $0["code"]?.string } == ["calendar-clamped"] && leftOut.map { $0["partial"] } == [.bool(true)])
    }

    @Test func recordsAreJoinedByKey() throws {
        let folder = try IssuerFolder()
        try folder.write("patient,value\n1,a\n2,b\n", "records.csv")
        try folder.write(
            "id,subject,controller,record_key,purposes,not_before,expires\nc-1,p/1,h,1,ScientificResearch,2026-01-01,2026-12-31\n"
                + "c-2,p/2,h,3,ScientificResearch,2026-01-01,2026-12-31\n", "consents.csv")
        let result = try folder.succeed(
            "consent", "import", "consents.csv", "--records", "records.csv", "--dataset", "d", "--key", "patient", "--output", "-", "--json"
        )
        #expect(result.text.split(separator: "\n").count == 1)
        #expect(result.errorText.contains("record-key-unknown"))
    }

    @Test func shufflingKeepsEveryRequest() throws {
        let folder = try IssuerFolder.initialised()
        try folder.makeCheapReceipts()
        let ids = (0..<30).map { "c-\($0)" }
        try folder.write(smallConsents(ids), "c.jsonl")
        let result = try folder.succeed(
            "consent", "issue", "c.jsonl", "--subject-receipts", "s", "--schema", "test-small", "--shuffle", "--batch", "7",
            "--passphrase-file", "pass")
        let issued = result.text.split(separator: "\n").map { String($0.split(separator: "\t")[1]) }
        #expect(Set(issued) == Set(ids) && issued != ids)
        try expectIssued(ids, in: folder, subjects: "s", schema: "test-small")
    }
}
