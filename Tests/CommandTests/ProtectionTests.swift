// SPDX-License-Identifier: Apache-2.0
import Foundation
import MerkleLog
import Stores
import TestSupport
import Testing

/// What a wrong option must not destroy: keys, stores, inputs, and the ledger's own future.
@Suite struct ProtectionTests {
    /// Expects a refusal with exit 2 and this code.
    private func expectRefusal(
        _ folder: IssuerFolder, _ arguments: [String], _ code: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let result = try folder.zkconsent(arguments + ["--json"])
        #expect(
            result.status == 2 && result.errorText.contains("\"\(code)\""), "\(arguments): \(result.status) \(result.errorText)",
            sourceLocation: sourceLocation)
    }

    @Test func missingReceiptsAreNotMadeAnewBesideALedgerWithConsents() throws {
        let folder = try IssuerFolder.initialised()
        try folder.makeCheapReceipts()
        try folder.write(smallConsents(["a", "b"]), "c.jsonl")
        let issue = ["consent", "issue", "c.jsonl", "--schema", "test-small", "--subject-receipts", "s", "--passphrase-file", "pass"]
        #expect(try folder.zkconsent(issue).status == 0)
        let other = issue + ["--receipts", "reciepts.sqlite"]
        try expectRefusal(folder, other, "receipts-missing")
        #expect(!folder.exists("reciepts.sqlite"))
        #expect(try folder.ledger().count(.consents) == 2)
        // Consents that were never issued, for another holder.
        try folder.write(smallConsents(["x"]), "c.jsonl")
        let added = try folder.zkconsent(other + ["--new-receipts"])
        #expect(added.status == 0, "\(added.errorText)")
        #expect(try folder.ledger().count(.consents) == 3)
    }

    @Test(arguments: [
        ["--output", "x.key", "--cosigner", "x.key"], ["--output", "x.key", "--cosigner", "./x.key"],
        ["--output", "x.key", "--cosigner", "x.vkey"], ["--output", "x.vkey", "--cosigner", "sub/../x.vkey.vkey"],
        ["--output", "cosigner.key"],
    ])
    func theThreeKeyFilesAreThree(_ names: [String]) throws {
        let folder = try IssuerFolder()
        for force in [[], ["--force"]] {
            try expectRefusal(folder, ["keygen", "--ledger", "L", "--passphrase-file", "pass"] + names + force, "same-file")
        }
        #expect(try folder.contents().keys.sorted() == ["pass"])
    }

    @Test func keysAreReplacedWithForceOnly() throws {
        let folder = try IssuerFolder()
        let keygen = ["keygen", "--ledger", "L", "--output", "x.key", "--passphrase-file", "pass"]
        #expect(try folder.zkconsent(keygen).status == 0)
        let before = try folder.read("x.key")
        try expectRefusal(folder, keygen, "file-exists")
        let forced = try folder.zkconsent(keygen + ["--force"])
        #expect(try forced.status == 0 && folder.read("x.key") != before, "\(forced.errorText)")
        // A name that is the same file by a link.
        try FileManager.default.linkItem(atPath: folder.path("x.key"), toPath: folder.path("link.key"))
        try expectRefusal(folder, keygen + ["--cosigner", "link.key", "--force"], "output-is-input")
    }

    @Test func forceReplacesNeitherStoresNorInputs() throws {
        let folder = try IssuerFolder.initialised()
        try folder.makeCheapReceipts()
        try folder.write(smallConsents(["a"]), "c.jsonl")
        let issue = ["consent", "issue", "c.jsonl", "--schema", "test-small", "--subject-receipts", "s", "--passphrase-file", "pass"]
        #expect(try folder.zkconsent(issue).status == 0)
        try folder.succeed("ledger", "checkpoint", "--passphrase-file", "pass")
        try FileManager.default.linkItem(atPath: folder.path("c.jsonl"), toPath: folder.path("link.jsonl"))
        let receipt = "s/a.receipt.json"
        let names = ["ledger.sqlite", "receipts.sqlite", "ledger.key", "c.jsonl", receipt]
        let before = try names.map { try folder.read($0) }
        let prove = ["ledger", "prove", "--index", "0", "--force", "--output"]
        try expectRefusal(folder, prove + ["ledger.sqlite"], "output-is-input")
        try expectRefusal(folder, prove + ["receipts.sqlite"], "file-protected")
        try expectRefusal(folder, prove + ["ledger.key"], "file-protected")
        try expectRefusal(folder, ["ledger", "prove", "--revocations", "ledger.sqlite", "--force"], "output-is-input")
        try expectRefusal(folder, ["consent", "receipt", "withdraw", receipt, "--output", receipt, "--force"], "output-is-input")
        try expectRefusal(
            folder, ["consent", "import", "c.jsonl", "--schema", "test-small", "--output", "link.jsonl", "--force"], "output-is-input")
        try expectRefusal(
            folder, ["consent", "import", "c.jsonl", "--schema", "test-small", "--output", "ledger.sqlite", "--force"], "file-protected")
        #expect(try names.map { try folder.read($0) } == before)
        // Any other file is replaced.
        try folder.write("old", "out")
        #expect(try folder.zkconsent(prove + ["out"]).status == 0)
        #expect(try folder.read("out") != Array("old".utf8))
    }

    @Test func noCheckpointAheadOfTheClock() throws {
        let folder = try IssuerFolder.initialised()
        let checkpoint = ["ledger", "checkpoint", "--passphrase-file", "pass"]
        let soon = Int(Date().timeIntervalSince1970) + 3_600
        try expectRefusal(folder, checkpoint + ["--at", "9223372036854775807"], "usage")
        try expectRefusal(folder, checkpoint + ["--at", "2199-12-31T23:59:59Z"], "time-in-future")
        try expectRefusal(folder, checkpoint + ["--at", "\(soon)"], "time-in-future")
        let signed = try folder.zkconsent(checkpoint)
        #expect(signed.status == 0, "\(signed.errorText)")
    }
}
