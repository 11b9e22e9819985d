// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Foundation
import MerkleLog
import Secrets
import Stores
import TestSupport
import Testing

/// Kills the program (SIGKILL) while it acknowledges. What was acknowledged must be there, and whatever is left must be a sound ledger that extends
/// every checkpoint it gave out. At least three of four kills must fall between the first and the last acknowledgement: the suite prints how many did.
@Suite(.serialized) struct CrashTests {
    static let rounds = runsLongTests ? 200 : 20

    @Test func appendedLeavesSurviveKills() throws {
        let harness = try CrashHarness()
        var random = SplitMix(state: 7)
        let perRound = 600
        var all: [[UInt8]] = []
        for round in 0..<Self.rounds {
            let leaves = (0..<perRound).map { _ in randomEntry(&random) }
            all += leaves
            try harness.folder.write(leaves.map { hex($0) + "\n" }.joined(), "entries-\(round).hex")
            let printed = try harness.runAndKill(
                ["ledger", "append", "--entries", "entries-\(round).hex", "--batch", "3"], lines: perRound, using: &random)
            let ledger = try harness.survivors()
            for (position, line) in printed.enumerated() {
                let index = try #require(Int(line))
                #expect(try ledger.leaves(.consents, at: [index]) == [leaves[position]], "acknowledged leaf \(index) is missing")
            }
        }
        try harness.expectEnoughKills(rounds: Self.rounds, "ledger append")
        for round in 0..<Self.rounds { try harness.folder.succeed("ledger", "append", "--entries", "entries-\(round).hex", "--resume") }
        let ledger = try harness.survivors()
        #expect(Set(try ledger.leaves(.consents, 0..<ledger.count(.consents))) == Set(all))
        #expect(try ledger.count(.consents) == all.count)
    }

    @Test func issuedConsentsSurviveKills() throws {
        let harness = try CrashHarness()
        try harness.folder.makeCheapReceipts()
        var random = SplitMix(state: 8)
        let perRound = 60
        func issue(_ round: Int) -> [String] {
            [
                "consent", "issue", "consents-\(round).jsonl", "--subject-receipts", "subjects", "--schema", "test-small", "--batch", "2",
                "--passphrase-file", "pass",
            ]
        }
        var requests: [String] = []
        for round in 0..<Self.rounds {
            let ids = (0..<perRound).map { "r\(round)-\($0)" }
            requests += ids
            try harness.folder.write(smallConsents(ids), "consents-\(round).jsonl")
            let printed = try harness.runAndKill(issue(round), lines: perRound, using: &random)
            let ledger = try harness.survivors()
            for (position, line) in printed.enumerated() {
                let parts = line.split(separator: "\t")
                let index = try #require(Int(parts[0]))
                #expect(parts[1] == ids[position])
                // The subject's receipt was on the disk before the acknowledgement.
                let subject = try SubjectReceipt(parsing: harness.folder.read("subjects/\(ids[position]).receipt.json"))
                #expect(try ledger.leaves(.consents, at: [index]) == [subject.entry.bytes], "acknowledged entry \(index) is missing")
            }
        }
        try harness.expectEnoughKills(rounds: Self.rounds, "consent issue")
        for round in 0..<Self.rounds {
            let result = try harness.folder.zkconsent(issue(round))
            #expect(result.status == 0, "\(result.errorText)")
            #expect(result.text.split(separator: "\n").count == perRound)
        }
        _ = try harness.survivors()
        try expectIssued(requests, in: harness.folder, subjects: "subjects", schema: "test-small")
    }

    private func randomEntry(_ random: inout SplitMix) -> [UInt8] {
        [1, 1, 0, 0, 0, 0] + (0..<112).map { _ in UInt8.random(in: 0...255, using: &random) }
    }
}

/// A ledger with keys at hand, the last checkpoint seen, and the kills so far.
final class CrashHarness {
    let folder: IssuerFolder
    private let key: Ed25519SigningKey
    private let cosigner: Ed25519SigningKey
    private var seen: StoredCheckpoint?
    private var killsBetween = 0
    private var kills = 0

    init() throws {
        folder = try IssuerFolder()
        key = try Ed25519SigningKey()
        cosigner = try Ed25519SigningKey()
        _ = try LedgerStore.create(
            at: folder.path("ledger.sqlite"), name: IssuerFolder.ledgerName, issuerKey: key.publicKey, cosignerKey: cosigner.publicKey)
    }

    /// Runs the program and kills it at a random moment after a random one of its first three quarters of lines. Returns the lines printed.
    func runAndKill(_ arguments: [String], lines: Int, using random: inout SplitMix) throws -> [Substring] {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: builtProgram("zkconsent"))
        process.arguments = arguments
        process.currentDirectoryURL = folder.url
        process.standardOutput = pipe
        let errors = folder.path("errors.txt")
        try Data().write(to: URL(filePath: errors))
        process.standardError = try FileHandle(forWritingTo: URL(filePath: errors))
        try process.run()
        let target = Int.random(in: 1...lines * 3 / 4, using: &random)
        var output = Data()
        var isAlive = true
        while isAlive {
            let part = pipe.fileHandleForReading.availableData
            isAlive = !part.isEmpty
            output += part
            if isAlive, output.count(where: { $0 == 10 }) >= target {
                usleep(UInt32.random(in: 0...6_000, using: &random))
                kill(process.processIdentifier, SIGKILL)
                break
            }
        }
        // What is in the pipe was printed.
        while case let part = pipe.fileHandleForReading.availableData, !part.isEmpty { output += part }
        process.waitUntilExit()
        if process.terminationReason == .exit {
            let said = try String(contentsOfFile: errors, encoding: .utf8)
            #expect(process.terminationStatus == 0, "\(arguments): \(said)")
        }
        let text = String(decoding: output, as: UTF8.self)
        // A line without its end was not printed whole.
        let printed = text[..<(text.lastIndex(of: "\n") ?? text.startIndex)].split(separator: "\n")
        if process.terminationReason == .uncaughtSignal {
            kills += 1
            if !printed.isEmpty, printed.count < lines { killsBetween += 1 }
        }
        return printed
    }

    /// The ledger after a kill: sound, and an extension of the last checkpoint.
    func survivors() throws -> LedgerStore {
        let fsck = try folder.zkconsent("ledger", "fsck")
        #expect(fsck.status == 0, "\(fsck.text)\(fsck.errorText)")
        let ledger = try folder.ledger(.writing)
        let now = (seen?.time ?? 1_000) + 1
        let checkpoint = try #require(try ledger.checkpoint([.consents], issuer: key, cosigner: cosigner, now: now).first)
        let verified = try UnverifiedCheckpoint(bytes: checkpoint.note).verified(
            by: try ledger.verifierKey(of: .consents), origin: "\(ledger.name)/consents")
        #expect(verified.treeSize == UInt64(checkpoint.size) && verified.rootHash == checkpoint.root)
        if let seen, seen.size > 0 {
            let proof = try ledger.consistencyProof(.consents, from: seen.size, to: checkpoint.size)
            try proof.verify(oldRoot: seen.root, newRoot: checkpoint.root)
        }
        seen = checkpoint
        return ledger
    }

    func expectEnoughKills(rounds: Int, _ what: String) throws {
        print("\(what): \(kills) of \(rounds) runs were killed, \(killsBetween) between the first and the last acknowledgement")
        #expect(killsBetween * 4 >= rounds * 3, "too few kills between the first and the last acknowledgement")
    }
}
