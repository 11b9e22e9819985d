// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Foundation
import Issuance
import MerkleLog
import Primitives
import TestSupport
import Testing

/// The promise of docs/formats.md: what was made in version 1 of the formats is read by every later program and judged as it was then.
@Suite struct FrozenTests {
    static let folder = vectorURL("frozen/version-1")

    /// A line of cases.tsv (scripts/make-frozen).
    struct Case: Sendable, CustomTestStringConvertible {
        let policy, file: String
        let options: [String]
        let status: Int32
        let dataPoints, consents, withdrawnSince: Int?
        let findings: [String]

        init?(_ line: Substring) {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 8, let status = Int32(fields[3]) else { return nil }
            (policy, file, self.status) = (fields[0], fields[1], status)
            options = fields[2].split(separator: " ").map(String.init)
            (dataPoints, consents, withdrawnSince) = (Int(fields[4]), Int(fields[5]), Int(fields[6]))
            findings = fields[7].split(separator: ",").map(String.init)
        }

        var testDescription: String { ([file, "under", policy] + options).joined(separator: " ") }
    }

    static let cases = String(decoding: (try? vectorBytes("frozen/version-1/cases.tsv")) ?? [], as: UTF8.self)
        .split(separator: "\n").compactMap(Case.init)

    private func verify(_ arguments: [String], in folder: URL = folder) throws -> ProcessResult {
        try run(builtProgram("zkconsent-verify"), arguments, in: folder)
    }

    @Test(arguments: cases) func isJudgedAsItWas(_ frozen: Case) throws {
        let result = try verify([frozen.file, "--policy", frozen.policy + ".policy.yaml", "--no-memory", "--json"] + frozen.options)
        #expect(result.status == frozen.status, "\(result.text)\(result.errorText)")
        let line = try #require(try jsonLines(result.output).first)
        #expect(line["verdict"]?.string == (frozen.status == 0 ? "holds" : "does-not-hold"))
        #expect(line["data_points"]?.int == frozen.dataPoints && line["distinct_consents"]?.int == frozen.consents)
        #expect(line["withdrawn_since"]?["consents"]?.int == frozen.withdrawnSince)
        #expect(line["findings"]?.array?.compactMap { $0["code"]?.string } == frozen.findings)
    }

    /// Every kind of proof that the programs make has a frozen one that holds.
    @Test func everyKindIsFrozen() throws {
        var kinds: Set<String> = []
        for frozen in Self.cases where frozen.status == 0 {
            let text = String(decoding: try vectorBytes("frozen/version-1/" + frozen.file), as: UTF8.self)
            let form = try #require(text.firstMatch(of: /form\\?":\\?"([a-z-]+\/[0-9]+)/))
            kinds.insert(String(form.output.1))
        }
        #expect(kinds == ["dataset/1", "dataset-schemas/1", "point/1", "member/1"])
        #expect(Self.cases.count == 77)
    }

    /// Frozen files are never made again. A file may be added: then the digest here changes with it.
    @Test func nothingFrozenWasChanged() throws {
        let sums = try vectorBytes("frozen/version-1/SHA256SUMS")
        var listed: Set<String> = ["SHA256SUMS"]
        for line in String(decoding: sums, as: UTF8.self).split(separator: "\n") {
            let name = String(line.dropFirst(66))
            let digest = SHA256.hash(try vectorBytes("frozen/version-1/" + name))
            #expect(Hex.encode(digest) == line.prefix(64), "\(name)")
            listed.insert(name)
        }
        #expect(Set(try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)) == listed)
        #expect(Hex.encode(SHA256.hash(sums)) == "029ba8697533b04ab59b81fd4dd1b3ffca84f4daec7b3b86b2db7a6a6cc2474e")
    }

    // MARK: Files that are no proofs

    /// Of a CSV table by a nonce, and of JSON lines without a key by a beacon.
    @Test(
        arguments: [
            "openings.json --bundle dataset.zkb --policy dataset.policy.yaml --rows 3 --nonce frozen-nonce-0123456789",
            "letters.openings.json --bundle dataset-letters.zkb --policy dataset-letters.policy.yaml --rows 2 --beacon 8f1b2c"
                + " --beacon-time 2026-07-01T12:00:01Z",
        ]) func openingsOfASpotCheck(check: String) throws
    {
        let result = try verify(
            ["spot-check", "verify"] + check.split(separator: " ").map(String.init) + ["--at", "2026-07-01T12:01:00Z", "--json"])
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        #expect(try jsonLines(result.output).first?["holds"] == .bool(true))
    }

    @Test func aSubjectsReceiptAndWithdrawal() throws {
        let receipt = try SubjectReceipt(parsing: vectorBytes("frozen/version-1/subject.receipt.json"), file: "subject.receipt.json")
        let statement = try vectorBytes("frozen/version-1/withdrawal.json")
        let signed = try receipt.withdrawal().json.canonical + [10]
        #expect(signed == statement, "what is signed, and how, is the same")
        try WithdrawalStatement(parsing: statement, file: "withdrawal.json").verify(entry: receipt.entry)
        let proof = ["--proof", "entry-4.tlog-proof", "--vkey", "hospital.vkey"]
        let result = try run(builtProgram("zkconsent"), ["consent", "receipt", "verify", "subject.receipt.json"] + proof, in: Self.folder)
        #expect(result.status == 0, "\(result.errorText)")
    }

    @Test(
        arguments: [
            ("ledger.key", "hospital.example/consent", 0x01), ("cosigner.key", "hospital.example/consent/cosigner", 0x04),
        ] as [(String, String, UInt8)])
    func aSealedSigningKey(file: String, name: String, type: UInt8) throws {
        let passphrase = Array(try vectorBytes("frozen/version-1/passphrase").dropLast())
        let key = try SigningKeyFile(opening: vectorBytes("frozen/version-1/" + file), passphrase: passphrase.span)
        let (keyName, keyType) = (key.name, key.type)
        #expect(keyName == name && keyType.rawValue == type)
    }

    /// An auditor who has seen the later list of withdrawals is not shown the shorter one any more.
    @Test func aLedgerMemory() throws {
        let name = String(Hex.encode(SHA256.hash(Array("hospital.example/consent/revocations".utf8))).prefix(32)) + ".json"
        let folder = FileManager.default.temporaryDirectory.appending(path: "zkconsent-frozen-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.copyItem(at: Self.folder.appending(path: name), to: folder.appending(path: name))
        let point = ["point.zkp", "--policy", "point.policy.yaml", "--memory", folder.path, "--json"]
        let later = try verify(point + ["--at", "2026-08-01T12:01:00Z", "--revocations", "revocations.zkr"])
        #expect(later.status == 0, "\(later.text)\(later.errorText)")
        let shorter = try verify(point + ["--at", "2026-07-01T12:01:00Z"])
        #expect(shorter.status == 1)
        #expect(try jsonLines(shorter.output).first?["findings"]?.array?.compactMap { $0["code"]?.string } == ["rollback"])
        let remembered = Array(try Data(contentsOf: folder.appending(path: name)))
        #expect(try remembered == vectorBytes("frozen/version-1/" + name))
    }

    /// The schema that a policy names by a path is beside the policy, wherever the auditor stands.
    @Test func aSchemaBesideThePolicy() throws {
        let files = [Self.folder.appending(path: "dataset-file.zkb").path, Self.folder.appending(path: "dataset-file.policy.yaml").path]
        let result = try verify(
            [files[0], "--policy", files[1], "--at", "2026-07-01T12:01:00Z", "--no-memory"], in: FileManager.default.temporaryDirectory)
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
    }

    // MARK: Version 0

    /// What was made before the formats were frozen is refused by name.
    @Test(arguments: ["dataset.zkb", "point.zkp", "revocations.zkr"]) func versionZeroIsRefusedByName(file: String) throws {
        let old = vectorURL("frozen/version-0").appending(path: file).path
        let evidence = file.hasSuffix("zkr") ? ["dataset.zkb", "--revocations", old] : [old]
        let policy = file.hasSuffix("zkp") ? "point.policy.yaml" : "dataset.policy.yaml"
        let result = try verify(evidence + ["--policy", policy, "--no-memory", "--json"])
        #expect(result.status == 2)
        let error = try #require(try jsonLines(result.errors).first)
        #expect(error["code"]?.string == "format-trial" && error["file"]?.string?.hasSuffix(file) == true)
        #expect(error["hint"]?.string == "it has to be made again, by whoever made it")
    }
}
