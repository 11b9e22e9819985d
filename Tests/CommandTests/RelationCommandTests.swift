// SPDX-License-Identifier: Apache-2.0
import Circuits
import ConsentModel
import Foundation
import Groups
import TestSupport
import Testing

/// `zkconsent relation`.
@Suite struct RelationCommandTests {
    /// A folder of its own.
    final class Folder {
        let url = FileManager.default.temporaryDirectory.appending(path: "zkconsent-relation-\(UUID().uuidString)")

        init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
        deinit { try? FileManager.default.removeItem(at: url) }

        func write(_ text: String, _ name: String) throws { try Data(text.utf8).write(to: url.appending(path: name)) }
        func read(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: url.appending(path: name))) }
        func relation(_ arguments: String...) throws -> ProcessResult {
            try run(builtProgram("zkconsent"), ["relation"] + arguments, in: url)
        }
    }

    /// Values and witness of `pedersen_commitment` over a group.
    static func write<G: Group>(_ group: G.Type, _ folder: Folder) throws {
        let h = G.vartimeMultiScalarMul([G.Scalar(UInt64(99))], [G.generator])
        let c = G.vartimeMultiScalarMul([G.Scalar(UInt64(3)), G.Scalar(UInt64(4))], [G.generator, h])
        try folder.write("{\"H\": \"\(hex(G.encode([h])))\", \"C\": \"\(hex(G.encode([c])))\"}", "values.json")
        try folder.write("{\"m\": 3, \"r\": 4}", "witness.json")
    }

    static let suites: [(String, @Sendable (Folder) throws -> Void)] = [
        ("ristretto255", { try write(Ristretto255.self, $0) }), ("P256", { try write(P256.self, $0) }),
        ("BLS12381", { try write(BLS12381G1.self, $0) }), ("secp256k1", { try write(Secp256k1.self, $0) }),
        ("ffdhe2048", { try write(SafePrimeGroup<SafePrimes.FFDHE2048>.self, $0) }),
    ]

    @Test(arguments: suites.indices) func provesAndVerifies(_ index: Int) throws {
        let (suite, write) = Self.suites[index]
        let folder = try Folder()
        try write(folder)
        for form in ["batchable", "compact"] {
            let common = ["pedersen_commitment", "--values", "values.json", "--suite", suite, "--form", form]
            let proved = try run(
                builtProgram("zkconsent"), ["relation", "prove"] + common + ["--witness", "witness.json", "-o", form, "--json"],
                in: folder.url)
            #expect(proved.status == 0, "\(proved.errorText)")
            #expect(
                proved.text.contains(
                    "\"tag\":\"pedersen_commitment-\(form == "compact" ? "CMPT" : "DSFS")-with-sigma-proofs_Shake128_\(suite)\""))
            let verify = ["relation", "verify", common[0], form] + common.dropFirst()
            #expect(try run(builtProgram("zkconsent"), verify, in: folder.url).status == 0)
            for wrong in [["--session", "other"], ["--session-id", String(repeating: "0", count: 64)]] {
                let result = try run(builtProgram("zkconsent"), verify + wrong, in: folder.url)
                #expect(result.status == 1 && result.text == "does not hold: pedersen_commitment over \(suite)\n", "\(result.errorText)")
            }
            // Every byte of the proof counts, and its length.
            let proof = try folder.read(form)
            for damaged in [Array(proof.dropLast()), proof + [0], proof.indices.map { $0 == proof.count - 1 ? proof[$0] ^ 1 : proof[$0] }] {
                try Data(damaged).write(to: folder.url.appending(path: form))
                let result = try run(builtProgram("zkconsent"), verify, in: folder.url)
                #expect(result.status == 1)
                let isSaid = result.errorText.contains(
                    "\(form): \(damaged.count) bytes; a \(form) proof of this relation over \(suite) has")
                #expect(isSaid == (damaged.count != proof.count), "\(result.errorText)")
            }
        }
    }

    @Test func refusals() throws {
        let folder = try Folder()
        try Self.write(Ristretto255.self, folder)
        try folder.write("{\"m\": 3, \"r\": 5}", "wrong.json")
        let name = "pedersen_commitment"
        let wrong = try folder.relation("prove", name, "--values", "values.json", "--witness", "wrong.json", "-o", "p")
        #expect(wrong.status == 1 && wrong.text.hasPrefix("refused"), "\(wrong.errorText)")
        #expect(!FileManager.default.fileExists(atPath: folder.url.appending(path: "p").path))

        // Nothing is overwritten: neither a proof without --force, nor an input with it.
        try folder.write("precious", "p")
        for (arguments, code) in [
            (["-o", "p"], "file-exists"), (["-o", "witness.json", "--force"], "output-is-input"),
            (["-o", "values.json", "--force"], "output-is-input"),
        ] {
            let result = try run(
                builtProgram("zkconsent"),
                ["relation", "prove", name, "--values", "values.json", "--witness", "witness.json", "--json"] + arguments, in: folder.url)
            #expect(result.status == 2 && result.errorText.contains("\"\(code)\""), "\(result.errorText)")
        }
        #expect(try folder.read("p") == Array("precious".utf8))

        for (arguments, words) in [
            (["show", "pedersen_comitment"], "did you mean pedersen_commitment?"), (["show", "absent.relation"], "file-not-found"),
            (["verify", name, "p", "--suite", "P265"], "did you mean P256?"),
            (["verify", name, "p", "--suite", "toy1019"], "unknown-suite"),
            (["verify", name, "p", "--suite", ""], "known: ristretto255, P256"), (["show", name, "--suite", "none"], "unknown-suite"),
            (["verify", name, "p"], "the value of H is missing"), (["verify", name, "p"], "the file of --values"),
            (["verify", name, "p", "--values", "values.json", "--session", ""], "--session is empty"),
            (["verify", name, "p", "--values", "values.json", "--session-id", "00"], "64 hex digits"),
            (["verify", name, "p", "--values", "values.json", "--session", "a", "--session-id", "00"], "exclude each other"),
            (["prove", name, "--values", "values.json", "--witness", "values.json", "-o", "q"], "belongs into the values file"),
        ] {
            let result = try run(builtProgram("zkconsent"), ["relation"] + arguments + ["--json"], in: folder.url)
            #expect(result.status == 2 && result.errorText.contains(words), "\(arguments): \(result.errorText)")
        }
        try folder.write("Relation r(X):\n  Witness: x\n  Equations:\n    X = x * H\n", "r.relation")
        let shown = try folder.relation("show", "r.relation")
        #expect(shown.status == 2)
        #expect(shown.errorText.hasPrefix("    X = x * H\n            ^\nerror: r.relation:4:13: H is not declared"), "\(shown.errorText)")
    }

    @Test func everyRelationIsShown() throws {
        let folder = try Folder()
        let list = try folder.relation("show")
        #expect(list.text.split(separator: "\n").map(String.init) == Circuits.relationNames)
        try folder.write("{\"k\": 1, \"f\": 2, \"d\": 3, \"t\": 2}", "point.json")
        let shown = try folder.relation("show", "consent_point", "--values", "point.json", "--json")
        #expect(shown.status == 0, "\(shown.errorText)")
        let json = try JSONValue(parsing: [UInt8](shown.output))
        #expect(json["equations"]?.int == 2 && json["terms"]?.int == 7 && json["image_terms"]?.int == 8)
        #expect(json["proof_bytes"]?["P256"]?["batchable"]?.int == 2 * 33 + 6 * 32)
        try folder.write(json["notation"]?.string ?? "", "again.relation")
        let again = try JSONValue(parsing: [UInt8](try folder.relation("show", "again.relation", "--json").output))
        #expect(again["index_notation"] == json["index_notation"] && again["notation"] == json["notation"])
    }
}
