// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Foundation
import TestSupport
import TestWorkspace
import Testing

@Suite struct AuditorMemoryTests {
    /// A workspace with `old.zkb`, made before two withdrawals, and `new.zkb`, whose rows are not affected, made after.
    private func twoBundles() throws -> TestWorkspace {
        var options = TestWorkspace.Options()
        options.rows = 3
        let workspace = try TestWorkspace(options)
        try workspace.write(workspace.bundle(), "old.zkb")
        try workspace.withdraw([2])
        try workspace.write(workspace.bundle(dishonestly: true), "new.zkb")
        return workspace
    }

    private func codes(_ result: ProcessResult) throws -> [[String]] {
        try jsonLines(result.output).map { ($0["findings"]?.array ?? []).compactMap { $0["code"]?.string } }
    }

    private func memoryFiles(_ workspace: TestWorkspace, _ folder: String = "ledgers") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: workspace.path(folder)).filter { $0.hasSuffix(".json") }
    }

    @Test func aShorterListIsRefusedInALaterRun() throws {
        let workspace = try twoBundles()
        #expect(try codes(workspace.verify("old.zkb", "--memory", "seen", "--json")) == [[]])
        #expect(
            try codes(workspace.verify("new.zkb", "--memory", "seen", "--json")) == [["revoked"]],
            "it grows whether the bundle holds or not")
        let rolledBack = try workspace.verify("old.zkb", "--memory", "seen", "--json")
        #expect(rolledBack.status == 1)
        #expect(try codes(rolledBack) == [["rollback"]])
        #expect(try workspace.verify("old.zkb", "--no-memory").status == 0)
        try workspace.write(workspace.revocationList().encoded, "newest.zkr")
        #expect(try codes(workspace.verify("old.zkb", "--memory", "seen", "--revocations", "newest.zkr", "--json")) == [["revoked"]])
        #expect(try memoryFiles(workspace, "seen").count == 1)
    }

    @Test func theFolderBesideThePolicyIsUsedIfItExists() throws {
        let workspace = try twoBundles()
        #expect(try workspace.verify("new.zkb").status == 1)
        #expect(try workspace.verify("old.zkb").status == 0, "nothing is remembered without a folder")
        try FileManager.default.createDirectory(atPath: workspace.path("ledgers"), withIntermediateDirectories: false)
        for files in [["new.zkb", "old.zkb"], ["old.zkb", "new.zkb"]] {
            let judged = try codes(workspace.verify(files[0], files[1], "--json"))
            #expect(judged == [["revoked"], ["revoked"]], "the newest list counts for both")
        }
        let file = try #require(try memoryFiles(workspace).first)
        let memory = try JSONValue(parsing: workspace.read("ledgers/\(file)"))
        #expect(memory["origin"]?.string == "hospital.example/consent/revocations" && memory["size"]?.int == 1)
        #expect(memory.object?.keys.sorted() == ["kind", "origin", "root", "size", "version"])
    }

    /// One of several files is standard input: it is read once.
    @Test func ofSeveralFilesTheNewestListCounts() throws {
        let workspace = try twoBundles()
        let arguments = ["verify", "--policy", "policy.yaml", "--at", "\(TestWorkspace.now)", "--json"]
        for (files, input) in [(["-", "new.zkb"], "old.zkb"), (["old.zkb", "-"], "new.zkb")] {
            let content = Data(try workspace.read(input))
            let result = try run(builtProgram("zkconsent"), arguments + files, input: content, in: workspace.folder)
            #expect(result.status == 1)
            #expect(try codes(result) == [["revoked"], ["revoked"]])
        }
        #expect(try workspace.verify("old.zkb").status == 0, "by itself")
        try workspace.write(Array("nothing".utf8), "broken.zkb")
        let three = try workspace.verify("old.zkb", "broken.zkb", "missing.zkb", "--json")
        #expect(three.status == 2)
        let verdicts = try jsonLines(three.output).map { $0["verdict"]?.string }
        #expect(verdicts == ["holds", "unreadable", "unreadable"], "what cannot be read has no part in it")
    }

    @Test func pointProofsOfEveryKindAreJudgedUnderTheNewestList() throws {
        let workspace = try TestWorkspace()
        try workspace.writePointPolicy()
        let files = [("points.zkb", ["--points"]), ("members.zkb", ["--unlinkable"]), ("one.zkp", ["--row", "2"])]
        for (name, extra) in files { #expect(try workspace.prove(extra, output: name).status == 0) }
        try workspace.withdraw([2])
        #expect(try workspace.prove(["--row", "3"], output: "zz.zkp").status == 0)
        for (name, _) in files {
            #expect(try codes(workspace.verify(name, "--json")) == [[]], "by itself")
            let both = try codes(workspace.verify(name, "zz.zkp", "--json"))
            #expect(both.count == 2 && both[0] == (name == "members.zkb" ? ["set"] : ["revoked"]) && both[1] == [], "\(both)")
        }
    }

    /// A list that is dated ahead ends its own file, whatever the order, and is no list that another falls short of.
    @Test(arguments: [false, true]) func aListThatIsAheadEndsNoOtherFile(isFirst: Bool) throws {
        var options = TestWorkspace.Options()
        options.rows = 3
        let workspace = try TestWorkspace(options)
        try workspace.write(workspace.bundle(), "now.zkb")
        try workspace.withdraw([2], now: TestWorkspace.now + 10_000)
        try workspace.write(workspace.bundle(dishonestly: true, now: TestWorkspace.now + 10_000), "ahead.zkb")
        let files = isFirst ? ["ahead.zkb", "now.zkb"] : ["now.zkb", "ahead.zkb"]
        let judged = try codes(workspace.verify(files[0], files[1], "--json"))
        #expect(judged[isFirst ? 1 : 0] == [] && judged[isFirst ? 0 : 1] == ["stale", "revoked"], "\(judged)")
    }

    @Test func aDamagedMemoryIsAnErrorThatNamesTheFile() throws {
        let workspace = try twoBundles()
        try FileManager.default.createDirectory(atPath: workspace.path("ledgers"), withIntermediateDirectories: false)
        #expect(try workspace.verify("new.zkb").status == 1)
        let file = "ledgers/" + (try #require(try memoryFiles(workspace).first))
        let good = try workspace.read(file)
        let text = String(decoding: good, as: UTF8.self)
        let damaged = [
            [], Array(good.dropLast()), good + [0x7d], Array("{}".utf8),
            Array(text.replacingOccurrences(of: "\"size\":1", with: "\"size\":-1").utf8),
            Array(text.replacingOccurrences(of: "hospital", with: "hospitaI").utf8),
            Array(text.replacingOccurrences(of: "\"root\":\"", with: "\"root\":\"00").utf8),
        ]
        for bytes in damaged {
            try workspace.write(bytes, file)
            let result = try workspace.verify("old.zkb", "--json")
            #expect(result.status == 2, "\(String(decoding: bytes, as: UTF8.self))")
            let error = try jsonLines(result.errors).first
            #expect(error?["code"]?.string == "memory-damaged" && error?["file"]?.string?.hasSuffix(file) == true)
            #expect(try workspace.read(file) == bytes, "it is left as it is")
        }
        for (version, code) in [(0, "format-trial"), (2, "format-newer")] {
            try workspace.write(Array(text.replacingOccurrences(of: "\"version\":1", with: "\"version\":\(version)").utf8), file)
            let result = try workspace.verify("old.zkb", "--json")
            let error = try jsonLines(result.errors).first
            #expect(result.status == 2 && error?["code"]?.string == code && error?["file"]?.string?.hasSuffix(file) == true)
        }
    }

    /// The second of two runs waits, and then knows what the first has written.
    @Test func aRunWaitsForTheOneThatHoldsTheMemory() throws {
        let workspace = try twoBundles()
        for folder in ["first", "seen"] {
            try FileManager.default.createDirectory(atPath: workspace.path(folder), withIntermediateDirectories: false)
        }
        #expect(try workspace.verify("new.zkb", "--memory", "first").status == 1)
        let file = try #require(try memoryFiles(workspace, "first").first)
        let lock = open(workspace.path("seen/.lock"), O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        try #require(lock >= 0 && flock(lock, LOCK_EX) == 0)
        let second = Process()
        let errors = Pipe()
        second.executableURL = URL(filePath: builtProgram("zkconsent"))
        second.arguments = ["verify", "old.zkb", "--policy", "policy.yaml", "--at", "\(TestWorkspace.now)", "--memory", "seen"]
        second.currentDirectoryURL = workspace.folder
        second.standardOutput = FileHandle.nullDevice
        second.standardError = errors
        try second.run()
        var said = Data()
        while !String(decoding: said, as: UTF8.self).contains("waiting for another verification") {
            let more = errors.fileHandleForReading.availableData
            if more.isEmpty { break }
            said += more
        }
        #expect(second.isRunning, "\(String(decoding: said, as: UTF8.self))")
        try FileManager.default.copyItem(atPath: workspace.path("first/\(file)"), toPath: workspace.path("seen/\(file)"))
        flock(lock, LOCK_UN)
        close(lock)
        said += try errors.fileHandleForReading.readToEnd() ?? Data()
        second.waitUntilExit()
        #expect(second.terminationStatus == 1, "rollback: \(String(decoding: said, as: UTF8.self))")
        #expect(try workspace.read("seen/\(file)") == workspace.read("first/\(file)"))
    }
}
