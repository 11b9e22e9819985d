// SPDX-License-Identifier: Apache-2.0
import Conformance
import Foundation
import TestSupport
import Testing

/// The project's copy of the vectors: everything holds, as many cases as ever, and nothing else is skipped.
@Suite struct ConformanceTests {
    static let root = vectorURL("").path.trimmingSlash
    static let report = Result { ConformanceRun.run(try VectorFolder.files([root])) }

    private struct Expected: Decodable {
        let passed: Int
        let skipped: [String]
    }

    @Test func everythingHolds() throws {
        let report = try Self.report.get()
        #expect(report.failed == 0, "\(report.lines.filter { $0.hasPrefix("failed") })")
        #expect(report.summary == "\(report.passed) passed, 0 failed")
    }

    /// Fewer cases, or a file skipped that was run before, is a failure. `vectors/expected-counts.json` is changed by hand with the vectors.
    @Test func countsAreThoseCommitted() throws {
        let expected: [String: Expected] = try vectorJSON("expected-counts.json")
        let folders = try Self.report.get().folders(below: Self.root)
        #expect(Set(folders.keys) == Set(expected.keys))
        for (name, folder) in folders {
            #expect(folder.passed == expected[name]?.passed, "\(name)")
            #expect(folder.skipped == expected[name]?.skipped, "\(name)")
        }
    }

    @Test func thePageIsWhatTheCommandPrints() throws {
        let page = try String(contentsOf: repositoryRoot.appending(path: "docs/conformance.md"), encoding: .utf8)
        #expect(try page == Self.report.get().markdown(root: Self.root))
    }

    /// Names and folders do not matter: every file that stands alone gives the same result under another name.
    @Test func formatsAreRecognisedByContent() throws {
        for (position, file) in try VectorFolder.files([Self.root]).enumerated() where !Self.hasNeighbours(file) {
            let renamed = ConformanceRun.run([VectorFile(path: "f\(position).bin", bytes: file.bytes)]).files[0]
            let original = try Self.report.get().files[position]
            #expect(renamed.passed == original.passed && renamed.skipped == original.skipped, "\(file.path)")
        }
    }

    /// Whether a file is run with what lies beside it: keys, tiles, proofs.
    static func hasNeighbours(_ file: VectorFile) -> Bool { file.path.contains("/15-") || file.path.hasSuffix("derived_challenges.json") }

    @Test func damagedAndEmptyFilesOfAKnownFormatFail() throws {
        var tried = 0
        for file in try VectorFolder.files([Self.root]) where file.json != nil && !Self.hasNeighbours(file) {
            guard let original = try Self.report.get().files.first(where: { $0.path == file.path }), original.passed > 0 else { continue }
            let half = VectorFile(path: file.path, bytes: Array(file.bytes[..<(file.bytes.count - file.bytes.count / 8)]))
            #expect(ConformanceRun.run([half]).failed > 0, "\(file.path)")
            tried += 1
        }
        #expect(tried > 300)
        for text in [
            #"{"algorithm":"EDDSA","numberOfTests":0,"testGroups":[{"type":"EddsaVerify","tests":[]}]}"#,
            #"{"algorithm":"EDDSA","numberOfTests":0,"testGroups":[]}"#, #"{"numberOfTests":88}"#, "[]", "{}",
            #"{"ciphersuite":"P256_XMD:SHA-256_SSWU_NU_","dst":"x","randomOracle":false,"vectors":[]}"#,
            #"{"ciphersuite":"COCKTAIL(P-256, SHA-256)","seed":"","vectors":[]}"#,
            #"[{"identifier":"P256-SHA256","groupDST":"","mode":0,"vectors":[]}]"#,
            #"{"DST":"x","hash":"SHA256","name":"expand_message_xmd","k":128,"tests":[]}"#,
            "index,secret key,public key,aux_rand,message,signature,verification result,comment\n",
        ] {
            let report = ConformanceRun.run([VectorFile(path: "empty", bytes: Array(text.utf8))])
            #expect(report.failed > 0 && report.passed == 0, "\(text)")
        }
    }

    /// Line ends, a byte order mark and unknown members change nothing.
    @Test(arguments: ["07-bip340/test-vectors.csv", "05-primes-modp-ffdhe/rfc3526.txt", "04-rfc9497-voprf-dleq/P256-SHA256.json"])
    func textIsReadWithoutItsDress(_ name: String) throws {
        let bytes = Array(try Data(contentsOf: vectorURL(name))).filter { $0 != 0x0d }
        let plain = ConformanceRun.run([VectorFile(path: name, bytes: bytes)])
        #expect(plain.passed > 0 && plain.failed == 0)
        let crlf = bytes.flatMap { $0 == 0x0a ? [0x0d, 0x0a] : [$0] }
        for dressed in [[0xef, 0xbb, 0xbf] + bytes, crlf, [0xef, 0xbb, 0xbf] + crlf] {
            let report = ConformanceRun.run([VectorFile(path: name, bytes: dressed)])
            #expect(report.passed == plain.passed && report.failed == 0, "\(report.lines.prefix(3))")
        }
    }

    /// What the engine does not have is skipped, case by case, and named; a name that does not exist fails.
    @Test func casesOfOtherGroupsAreSkippedByName() throws {
        func run(_ text: String) -> ConformanceReport { ConformanceRun.run([VectorFile(path: "f", bytes: Array(text.utf8))]) }
        let suite = #"{"ciphersuite":"P384_XMD:SHA-384_SSWU_NU_","dst":"x","randomOracle":false,"vectors":[{}]}"#
        #expect(run(suite).lines == ["skipped: f: a suite of RFC 9380 over a curve that the engine does not have"])
        #expect(run(suite.replacing("P384", with: "P385")).failed == 1)
        let mixed =
            #"[{"identifier":"P384-SHA384","groupDST":"","mode":0,"vectors":[{}]},{"identifier":"P256-SHA256","groupDST":"","mode":0,"vectors":[{}]}]"#
        #expect(run(mixed).failed == 1)
        #expect(
            run(mixed).lines.contains("skipped: f: P384-SHA384 mode 0 #0: a suite of RFC 9497 over a group that the engine does not have"))
        #expect(run(mixed.replacing("P384-SHA384", with: "P384-SHA385")).failed == 2)
    }

    @Test func unusablePathsThrow() throws {
        #expect(throws: VectorPathError.self) { try VectorFolder.files(["/nonexistent/path"]) }
        let folder = FileManager.default.temporaryDirectory.appending(path: "zkconsent-conformance-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        // A link out of the folder is not followed.
        try FileManager.default.createSymbolicLink(
            at: folder.appending(path: "link"), withDestinationURL: vectorURL("07-bip340"))
        #expect(try VectorFolder.files([folder.path]).isEmpty)
        // Opening a pipe would wait for ever.
        let pipe = folder.appending(path: "pipe")
        #expect(mkfifo(pipe.path, 0o600) == 0)
        for path in [pipe.path, "/dev/zero", "/dev/null", ""] {
            #expect(throws: VectorPathError.self) { try VectorFolder.files([path]) }
        }
    }

    /// Names that differ in their Unicode normalisation only are two files, and both are run.
    @Test func namesOfFilesAreTheirBytes() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "zkconsent-conformance-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let holds = try Data(contentsOf: vectorURL("07-bip340/test-vectors.csv"))
        for (name, content) in [("cafe\u{301}", holds), ("caf\u{e9}", Data("[]".utf8))] {
            #expect(FileManager.default.createFile(atPath: folder + "/" + name, contents: content))
        }
        let report = ConformanceRun.run(try VectorFolder.files([folder]))
        #expect(report.files.count == 2 && report.passed > 0 && report.failed > 0)
    }

    /// The values of the example protocol's witness are elements of its field; others are refused, and none ends the program.
    @Test func witnessesOfTheExampleProtocol() throws {
        let bytes = [UInt8](try Data(contentsOf: vectorURL("01-cfrg-sigma-fiat-shamir/fiatShamirShake128Vectors.json")))
        let records = try #require(VectorFile(path: "f", bytes: bytes).json?.elements)
        let record = try #require(records.first { $0["Witness"] != nil && $0["Function"]?.text == "Sumcheck" })
        func run(_ witness: [VectorValue]) throws -> FileResult {
            var members = try #require(record.members)
            members["Witness"] = .array(witness)
            let text = VectorValue.array([.object(members)]).written
            return ConformanceRun.run([VectorFile(path: "f", bytes: Array(text.utf8))]).files[0]
        }
        let witness = try #require(record["Witness"]?.elements)
        #expect(try run(witness).passed == 1)
        for (first, second) in [("5", "18446744073709551615"), ("2147483647", "2"), ("1", "2147483649")] {
            for values in [[VectorValue.number(first), .number(second)], [.string(first), .string(second)]] {
                let result = try run(values + witness.dropFirst(2))
                #expect(result.passed == 0 && result.failed.map(\.reason) == ["a value of Witness is not below p"])
            }
        }
    }

    /// A file that several paths lead to is one file: no case is counted twice.
    @Test func filesAreTakenOnce() throws {
        let folder = vectorURL("07-bip340").path.trimmingSlash
        let once = try VectorFolder.files([folder]).map(\.path)
        for paths in [[folder, folder], [folder, folder + "/", folder + "/../07-bip340"], [folder, folder + "/test-vectors.csv"]] {
            #expect(try VectorFolder.files(paths).map(\.path) == once)
        }
    }
}

extension String {
    /// The path without a slash at its end.
    var trimmingSlash: String { hasSuffix("/") ? String(dropLast()) : self }
}
