// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Foundation
import Groups
import Stores
import TestSupport
import Testing

/// Bad input and bad circumstances: a clear error, exit code 2, nothing lost.
@Suite struct IssuerRefusalTests {
    /// What is typed, and the code of the error; `#` stands for files that the test makes.
    static let refusals: [(line: String, code: String)] = [
        // Usage, with the nearest name.
        ("ledgr", "usage"), ("ledger shw", "usage"), ("ledger show --indx 3", "usage"), ("ledger show --log consnts", "usage"),
        ("ledger show --index 99999999999999999999", "usage"), ("ledger show --index -1", "usage"), ("ledger append", "usage"),
        ("ledger append --entries entry.hex --batch 0", "usage"), ("consent import c.jsonl --output x --format cvs", "usage"),
        ("consent revoke", "usage"), ("consent revoke --index 1 --leaf 00", "usage"), ("keygen", "usage"),
        ("consent issue c.jsonl --subject-receipts s --issuance-day tomorrow", "usage"),
        ("ledger checkpoint --at yesterday --passphrase-file pass", "usage"),
        ("ledger checkpoint --at 9223372036854775808 --passphrase-file pass", "usage"),
        // Missing, wrong, truncated files.
        ("ledger show --ledger none.sqlite", "file-not-found"), ("ledger show --ledger pass", "not-a-database"),
        ("ledger show --ledger receipts.sqlite", "wrong-store"), ("ledger fsck --ledger cut.sqlite", "not-a-database"),
        ("ledger append --entries none.hex", "file-not-found"), ("ledger append --entries bad.hex", "entry-line"),
        ("ledger append --entries version.hex", "malformed-leaf"), ("ledger append --entries empty", "empty-input"),
        ("ledger append --entries .", "file-not-regular"), ("ledger append --registry binary", "malformed-leaf"),
        ("ledger append --registry deep.json", "malformed-leaf"), ("ledger init --vkey pass --ledger x.sqlite", "verifier-keys"),
        ("ledger init --vkey binary --ledger x.sqlite", "verifier-keys"), ("ledger init", "file-exists"),
        ("ledger checkpoint --passphrase-file none", "passphrase-file"), ("ledger checkpoint --passphrase-file wrong", "wrong-passphrase"),
        ("ledger checkpoint --passphrase-file empty", "passphrase-length"),
        ("ledger checkpoint --passphrase-file long", "passphrase-length"),
        ("ledger checkpoint --passphrase-file lines", "passphrase-lines"),
        ("ledger checkpoint --key pass --passphrase-file pass", "not-a-key"),
        ("ledger checkpoint --key cut.key --passphrase-file pass", "wrong-passphrase"),
        ("ledger checkpoint --key cosigner.key --passphrase-file pass", "foreign-key"), ("ledger checkpoint", "passphrase-missing"),
        ("ledger show --index 0", "out-of-range"), ("ledger show --checkpoint", "no-checkpoint"),
        ("ledger prove --index 0", "no-checkpoint"),
        ("ledger prove --revocations x.zkr", "no-checkpoint"), ("ledger backup --output ledger.key", "file-exists"),
        ("ledger backup --output none/x", "file-not-found"),
        // Consents.
        ("consent import none --output x", "file-unreadable"), ("consent import binary --output x", "consent-format"),
        ("consent import latin1.csv --output x", "utf8"), ("consent import cut.jsonl --output x", "nothing-imported"),
        ("consent import empty --output x", "consent-format"), ("consent import array.json --output x", "consent-format"),
        ("consent import extra.jsonl --output x", "nothing-imported"),
        ("consent import c.jsonl --output x --schema consent-v2", "unknown-schema"),
        ("consent import c.jsonl --output x --schema bomb.yaml", "yaml-alias-or-tag"),
        ("consent import c.jsonl --output x --schema cut.yaml", "yaml-syntax"),
        ("consent import c.jsonl --output x --schema latin1.yaml", "yaml-utf8"),
        ("consent import c.jsonl --output x --schema test-smal", "unknown-schema"),
        ("consent import c.jsonl --schema test-small --output ledger.key", "file-exists"),
        ("consent import c.jsonl --schema test-small --output none/x", "file-not-found"),
        ("consent import c.jsonl --schema test-small --output x --default nottice=1", "unknown-attribute"),
        ("consent import c.jsonl --schema test-small --output x --default notice=1", "option-unused"),
        ("consent issue none --subject-receipts s --passphrase-file pass", "file-unreadable"),
        ("consent issue extra.jsonl --subject-receipts s --passphrase-file pass", "unknown-key"),
        ("consent issue flag.jsonl --schema test-small --subject-receipts s --passphrase-file pass", "unknown-flag"),
        ("consent issue twice.jsonl --schema test-small --subject-receipts s --passphrase-file pass", "duplicate-id"),
        ("consent issue huge.jsonl --schema test-small --subject-receipts s --passphrase-file pass", "json-number-range"),
        ("consent issue empty --schema test-small --subject-receipts s --passphrase-file pass", "empty-input"),
        ("consent issue c.jsonl --schema test-small --subject-receipts s --passphrase-file wrong", "wrong-passphrase"),
        ("consent issue c.jsonl --schema test-small --subject-receipts pass --passphrase-file pass", "folder-create"),
        ("consent issue c.jsonl --schema test-small --subject-receipts none/s --passphrase-file pass", "folder-create"),
        ("consent issue c.jsonl --schema test-small --subject-receipts s --receipts other.sqlite --passphrase-file pass", "wrong-store"),
        ("consent revoke --index 0", "out-of-range"), ("consent revoke --leaf 00", "invalid-value"),
        ("consent revoke --leaf 0000000000000000000000000000000000000000000000000000000000000000", "unknown-leaf"),
        ("consent revoke --request x --passphrase-file pass", "unknown-request"), ("consent revoke --statement flat.json", "record-kind"),
        ("consent revoke --statement binary", "json-utf8"), ("consent receipt show pass", "json-syntax"),
        ("consent receipt show none", "file-not-found"),
        ("consent receipt withdraw flat.json", "record-kind"), ("receipts backup --output x --passphrase-file wrong", "wrong-passphrase"),
        ("keygen --ledger a+b --output x.key --cosigner y.key --passphrase-file pass", "ledger-name"),
        ("keygen --ledger L --output none/x.key --passphrase-file pass", "file-not-found"),
        ("init issuer --ledger L --path pass/x --passphrase-file pass", "folder-create"),
        ("init auditor --path a --ledger-vkey pass", "verifier-keys"),
    ]

    private static func prepared() throws -> IssuerFolder {
        let folder = try IssuerFolder.initialised()
        try folder.makeCheapReceipts()
        try folder.write("wrong\n", "wrong")
        try folder.write("", "empty")
        try folder.write(String(repeating: "x", count: 1_025), "long")
        try folder.write("a\nb\n", "lines")
        try folder.write([0xff, 0xfe, 0, 1], "binary")
        try folder.write(Array(try folder.read("ledger.sqlite").prefix(10)), "cut.sqlite")
        try folder.write(Array(try folder.read("ledger.key").dropLast()), "cut.key")
        try folder.write("00\n", "bad.hex")
        try folder.write(String(repeating: "0", count: 236), "version.hex")
        try folder.write("0101" + String(repeating: "0", count: 232), "entry.hex")
        try folder.write(String(repeating: "[", count: 50_000), "deep.json")
        let consent = smallConsents(["c-1"])
        try folder.write(consent, "c.jsonl")
        try folder.write(String(consent.dropLast(20)), "cut.jsonl")
        try folder.write(consent + consent, "twice.jsonl")
        try folder.write(consent.replacing("ScientificResearch", with: "ScientificResarch"), "flag.jsonl")
        try folder.write(consent.replacing("\"age\":40", with: "\"age\":1e400"), "huge.jsonl")
        try folder.write(Array("id,subject,controller,record,not_before,expires\nc,".utf8) + [0xe9], "latin1.csv")
        try folder.write("[\(consent)]", "array.json")
        try folder.write(consent.replacing("\"age\"", with: "\"agge\""), "extra.jsonl")
        try folder.write("{\"kind\":\"other\"}", "flat.json")
        try folder.write(try folder.read("ledger.sqlite"), "other.sqlite")
        try folder.write("schema: x\na: &a [x, x]\nb: [*a, *a]\n", "bomb.yaml")
        try folder.write("schema: [", "cut.yaml")
        try folder.write(Array("schema: ".utf8) + [0xe9], "latin1.yaml")
        return folder
    }

    @Test func everyRefusalIsClearAndChangesNothing() throws {
        let folder = try Self.prepared()
        func kept() throws -> [String: [UInt8]] {
            // Locks and logs of SQLite come and go; empty folders are no loss.
            try folder.contents().filter { name, bytes in
                ![".lock", "-wal", "-shm"].contains { name.hasSuffix($0) } && !(bytes.isEmpty && name != "empty")
            }
        }
        let before = try kept()
        for (line, code) in Self.refusals {
            let words = line.split(separator: " ").map(String.init)
            let result = try run("setsid", ["-w", builtProgram("zkconsent")] + words + ["--json"], in: folder.url)
            #expect(result.status == 2, "\(line): \(result.errorText)")
            #expect(result.text.isEmpty, "\(line): \(result.text)")
            let last = result.errorText.split(separator: "\n").last.map { Array($0.utf8) } ?? []
            let error = try? JSONValue(parsing: last)
            #expect(error?["code"]?.string == code, "\(line): \(result.errorText)")
            #expect(error?["message"]?.string?.isEmpty == false)
            #expect(try kept() == before, "\(line) changed something")
        }
        // For people too.
        let plain = try folder.zkconsent("ledger", "shw")
        #expect(plain.status == 2 && plain.errorText.contains("hint: did you mean show?"))
    }

    @Test func aLedgerHasOneWriter() throws {
        let folder = try Self.prepared()
        let ledger = try folder.ledger(.writing)
        let result = try folder.zkconsent("ledger", "append", "--entries", "entry.hex", "--json")
        #expect(result.status == 2 && result.errorText.contains("store-in-use"), "\(result.errorText)")
        try folder.succeed("ledger", "show")
        #expect(try ledger.count(.consents) == 0)
    }

    /// In a folder that cannot be written: what was closed needs files beside it, a log that was left behind too, and a backup does not.
    @Test(.enabled(if: (try? asNobody([builtProgram("zkconsent"), "--version"]).status) == 0))
    func aFolderThatCannotBeWritten() throws {
        let folder = try IssuerFolder.initialised()
        for name in ["closed", "log", "backup", "mine"] {
            try FileManager.default.createDirectory(atPath: folder.path(name), withIntermediateDirectories: false)
        }
        func copy(_ name: String, to place: String) throws {
            try FileManager.default.copyItem(atPath: folder.path(name), toPath: folder.path("\(place)/\(name)"))
        }
        try copy("ledger.sqlite", to: "closed")
        try folder.succeed("ledger", "backup", "--output", "backup/ledger.sqlite")
        let writer = try folder.ledger(.writing)
        try writer.append([Array("{\"a\":1}".utf8)], to: .registry)
        for name in ["ledger.sqlite", "ledger.sqlite-wal"] { try copy(name, to: "log") }
        for name in ["closed", "log", "backup"] { #expect(chmod(folder.path(name), 0o555) == 0) }
        defer { for name in ["closed", "log", "backup"] { chmod(folder.path(name), 0o755) } }
        func show(_ name: String) throws -> ProcessResult {
            try Self.asNobody([builtProgram("zkconsent"), "ledger", "show", "--ledger", "\(name)/ledger.sqlite", "--json"], in: folder.url)
        }
        for name in ["closed", "log"] {
            let result = try show(name)
            let error = try JSONValue(parsing: Array(result.errors.split(separator: 10).last ?? Data()))
            #expect(result.status == 2 && error["code"]?.string == "folder-not-writable", "\(result.errorText)")
            #expect(error["hint"]?.string?.contains("with its -wal file") == true)
        }
        #expect(try show("backup").status == 0)
        // What the hint says.
        #expect(chmod(folder.path("mine"), 0o777) == 0)
        #expect(try Self.asNobody(["cp", "log/ledger.sqlite", "log/ledger.sqlite-wal", "mine"], in: folder.url).status == 0)
        let copied = try show("mine")
        #expect(copied.status == 0 && copied.text.contains("\"size\":1"), "\(copied.errorText)")
        withExtendedLifetime(writer) {}
    }

    /// Runs a program as a user whom permissions bind.
    private static func asNobody(_ words: [String], in folder: URL? = nil) throws -> ProcessResult {
        let user = geteuid() == 0 ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : []
        return try run("env", user + words, in: folder)
    }

    /// Entries with commitments that are no elements are appended, for a ledger is restored as it was, but not without a word.
    @Test func entriesWithoutACommitmentAreTold() throws {
        let folder = try Self.prepared()
        let head = "0101" + String(repeating: "0", count: 40)
        let (none, element) = (String(repeating: "f", count: 64), hex(Suite.encode([Suite.generator])))
        let tag = String(repeating: "1", count: 64)
        try folder.write([element + element, element + none, none + element].map { head + $0 + tag + "\n" }.joined(), "mixed.hex")
        let result = try folder.zkconsent("ledger", "append", "--entries", "mixed.hex")
        #expect(result.status == 0 && result.text == "0\n1\n2\n")
        let note = "of 2 of the entries K or C is no element, or the identity; proofs that need it will be refused. The first is on line 2"
        #expect(result.errorText.contains(note), "\(result.errorText)")
        try folder.write(head + element + element + String(repeating: "2", count: 64) + "\n", "good.hex")
        #expect(try folder.zkconsent("ledger", "append", "--entries", "good.hex").errorText.isEmpty)
        let identity = String(repeating: "0", count: 64)
        try folder.write(head + element + identity + String(repeating: "3", count: 64) + "\n", "identity.hex")
        let lines = try folder.zkconsent("ledger", "append", "--entries", "identity.hex", "--json").text
        #expect(lines.contains("\"unprovable\":true") && lines.contains("\"index\":4"), "\(lines)")
    }

    @Test func resultsThatCannotBePrintedAreAnError() throws {
        let folder = try Self.prepared()
        let result = try run("sh", ["-c", "\(builtProgram("zkconsent")) ledger append --entries entry.hex > /dev/full"], in: folder.url)
        #expect(result.status == 2 && result.errorText.contains("what the command did stands"), "\(result.errorText)")
        // It was appended: --resume tells where.
        #expect(try folder.succeed("ledger", "append", "--entries", "entry.hex", "--resume").text == "0\n")
        let closed = try run("sh", ["-c", "\(builtProgram("zkconsent")) ledger show | true"], in: folder.url)
        #expect(closed.status == 0 && closed.errors.isEmpty)
    }

    /// A disk that gets full at every stage of issuing: nothing is lost, and with space the same command finishes.
    @Test(.enabled(if: getuid() == 0, "needs the right to mount a file system"))
    func aFullDiskLosesNothing() throws {
        let folder = try IssuerFolder()
        guard try run("mount", ["-t", "tmpfs", "-o", "size=768k", "tmpfs", folder.url.path]).status == 0 else { return }
        defer { _ = try? run("umount", [folder.url.path]) }
        try folder.write("correct horse battery staple\n", "pass")
        try folder.succeed("init", "issuer", "--ledger", "L", "--passphrase-file", "pass")
        try folder.makeCheapReceipts()
        let ids = (0..<400).map { "c-\($0)" }
        try folder.write(smallConsents(ids), "c.jsonl")
        let issue = [
            "consent", "issue", "c.jsonl", "--schema", "test-small", "--subject-receipts", "s", "--batch", "8", "--passphrase-file", "pass",
        ]
        var acknowledged: [Substring] = []
        var refusals = 0
        for size in stride(from: 768, to: 12_000, by: 96) where acknowledged.count < ids.count {
            try #require(try run("mount", ["-o", "remount,size=\(size)k", folder.url.path]).status == 0)
            let result = try folder.zkconsent(issue)
            // What was acknowledged before is acknowledged again, at the same place.
            let lines = result.text.split(separator: "\n")
            #expect(lines.starts(with: acknowledged.prefix(lines.count)))
            if lines.count > acknowledged.count { acknowledged = lines }
            if result.status == 0 { break }
            refusals += 1
            #expect(
                result.status == 2 && result.errorText.contains("No space left") || result.errorText.contains("no space left"),
                "\(result.errorText)")
            #expect(try folder.zkconsent("ledger", "fsck").text == "ok\n")
        }
        #expect(acknowledged.count == ids.count && refusals > 3)
        try expectIssued(ids, in: folder, subjects: "s", schema: "test-small")
    }

    /// SIGINT while it issues: the present batch is finished and printed, the exit code is 130, and the next run does the rest.
    @Test(arguments: [SIGINT, SIGTERM]) func interruptedAndContinued(signal: Int32) throws {
        let folder = try IssuerFolder.initialised()
        try folder.makeCheapReceipts()
        let ids = (0..<300).map { "c-\($0)" }
        try folder.write(smallConsents(ids), "c.jsonl")
        let issue = [
            "consent", "issue", "c.jsonl", "--schema", "test-small", "--subject-receipts", "s", "--batch", "2", "--passphrase-file", "pass",
        ]
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: builtProgram("zkconsent"))
        process.arguments = issue
        process.currentDirectoryURL = folder.url
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        var output = pipe.fileHandleForReading.availableData
        kill(process.processIdentifier, signal)
        while case let part = pipe.fileHandleForReading.availableData, !part.isEmpty { output += part }
        process.waitUntilExit()
        #expect(process.terminationReason == .exit && process.terminationStatus == 128 + signal)
        let printed = String(decoding: output, as: UTF8.self).split(separator: "\n").count
        #expect(printed > 0 && printed < ids.count)
        #expect(try folder.ledger().count(.consents) == printed)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("s")).count == printed)
        #expect(try folder.zkconsent(issue).status == 0)
        try expectIssued(ids, in: folder, subjects: "s", schema: "test-small")
    }

    @Test func nobodyElseReadsThePassphraseFromArguments() throws {
        let folder = try IssuerFolder()
        let help = try folder.zkconsent("init", "issuer", "--help").text
        #expect(!help.contains("--passphrase ") && help.contains("--passphrase-file"))
        // A pipe is good too.
        let result = try run(
            "bash", ["-c", "\(builtProgram("zkconsent")) init holder --path h --passphrase-file <(printf secret)"], in: folder.url)
        #expect(result.status == 0, "\(result.errorText)")
    }
}
