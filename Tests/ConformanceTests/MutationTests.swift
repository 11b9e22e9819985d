// SPDX-License-Identifier: Apache-2.0
import Conformance
import Foundation
import TestSupport
import Testing

/// Whatever a file expects, changed in a copy, makes it fail; and no change of any kind makes the program end.
@Suite struct MutationTests {
    /// The members that hold expected values, in all formats.
    static let expected: Set<String> = [
        // Fiat-Shamir and sigma proofs
        "Output", "NargString", "Expected", "SessionId", "FinalEvaluation", "Challenge", "Coordinates", "Narg",
        // ristretto255, RFC 9380, RFC 9497
        "encoding", "output", "r", "was_square", "class", "DST_prime", "msg_prime", "uniform_bytes", "u", "P", "Q", "Q0", "Q1", "skSm",
        "pkSm",
        "groupDST", "BlindedElement", "EvaluationElement", "proof",
        // primes, Ed25519
        "p", "q", "safe_prime", "g_has_order_q", "bits", "publicKey", "signature", "valid_zip215", "valid_legacy", "equation_cofactored",
        "equation_cofactorless",
        // Wycheproof
        "result", "shared", "okm", "tag", "publicKeyDer", "numberOfTests", "n", "gx", "gy", "h",
        // FROST
        "group_public_key", "verifying_key_key", "participant_share", "hiding_nonce", "binding_nonce", "hiding_nonce_commitment",
        "binding_nonce_commitment", "binding_factor_input", "binding_factor", "sig_share", "sig", "verifying_key", "vss_commitments",
        "proof_of_knowledge", "signing_shares", "verifying_share", "signing_share", "element1", "element2",
        // COCKTAIL-DKG
        "session_tag", "context", "extension", "static_secret_keys", "static_public_keys", "ephemeral_public_key", "vss_commitment", "pop",
        "pop_intermediate", "encrypted_shares", "secret_share", "verification_share", "transcript_hash", "signer_id", "ciphertexts",
        "recovered_secret_share", "recovered_verification_share",
        // STROBE, Merlin, generators
        "state_after", "expect", "expect_last_challenge", "B", "B_blinding", "G", "H", "G_0_63", "H_7_63",
        // logs
        "wantErr", "node_hashes_by_level", "root_hash_by_size", "expected", "verified", "unverified_count", "signed_note", "origin", "size",
        "root_is_record_hash_of",
    ]

    private static let files = Result {
        let report = try ConformanceTests.report.get()
        let ran = Set(report.files.filter { $0.passed > 0 }.map(\.path))
        return try VectorFolder.files([ConformanceTests.root]).filter { ran.contains($0.path) }
    }

    /// Whether the leaf says nothing: a value beside a verdict of refusal, or an input of the same name.
    private func isIdle(_ path: [VectorValue.Step], in value: VectorValue) -> Bool {
        guard case .name(let name)? = path.last(where: { if case .name = $0 { true } else { false } }) else { return true }
        var record = value
        var holder: VectorValue?
        for step in path {
            if record.members != nil { holder = record }
            switch (record, step) {
            case (.array(let elements), .index(let index)): record = elements[index]
            case (.object(let members), .name(let name)): record = members[name] ?? .null
            default: return true
            }
        }
        guard let holder, holder.members != nil else { return false }
        if ["shared", "okm", "tag"].contains(name) { return holder["result"]?.text != "valid" }
        if ["NargString", "Narg", "Output"].contains(name) { return holder["Expected"]?.text == "reject" }
        // Names that are inputs elsewhere: of refused encodings, of proofs, of subtrees.
        if name == "encoding" { return holder["class"] != nil || holder["curve"] != nil }
        if ["proof", "size"].contains(name) { return holder["wantErr"] != nil || holder["tcId"] != nil }
        if name == "sig" { return holder["tcId"] != nil }
        if name == "SessionId" { return holder["Expected"]?.text == "reject" || holder["Statement"] != nil }
        // An empty extension is expected where there are no payloads.
        return record == .null || record == .string("") && name != "extension"
    }

    @Test func everyExpectedValueIsCompared() throws {
        var count = 0
        for file in try Self.files.get() {
            guard let json = file.json else { continue }
            let leaves = json.leaves(named: Self.expected).filter { !isIdle($0, in: json) }
            for group in batches(leaves, of: json, size: file.bytes.count) where isRun(group, of: file) {
                var changed = json
                for path in group { changed = changed.mutating(at: path[...]) }
                let report = ConformanceRun.run([VectorFile(file, content: Array(changed.written.utf8))])
                #expect(report.failed >= group.count, "\(file.path): \(group.prefix(3)), \(report.failed) of \(group.count)")
                count += group.count
            }
        }
        #expect(count > 1500)
    }

    /// Of large files, `make test` changes verdicts and shared secrets only; `make test-long` changes everything.
    private func isRun(_ group: [[VectorValue.Step]], of file: VectorFile) -> Bool {
        guard file.bytes.count > 60_000, !runsLongTests, let last = group.first?.last else { return true }
        return [.name("result"), .name("shared"), .name("okm"), .name("tag"), .name("valid_zip215")].contains(last)
    }

    /// The smallest session of a file of COCKTAIL-DKG, which is too large to be changed everywhere: every fifth value of it.
    @Test func everyValueOfAKeyGenerationIsCompared() throws {
        for name in ["p256-sha256", "ristretto255-sha512", "secp256k1-sha256"] {
            let url = vectorURL("10-schnorr-frost-vrf/cocktail-dkg-\(name).json")
            guard case .object(var members)? = VectorValue(parsing: Array(try Data(contentsOf: url))) else { continue }
            members["vectors"] = .array(Array(members["vectors"]?.elements?.prefix(1) ?? []))
            let json = VectorValue.object(members)
            let leaves = json.leaves(named: ["vectors", "seed", "derivation"])
            #expect(leaves.count > 60)
            for (index, path) in leaves.enumerated() where runsLongTests || index % 5 == 0 {
                let changed = json.mutating(at: path[...])
                let report = ConformanceRun.run([VectorFile(path: name, bytes: Array(changed.written.utf8))])
                #expect(report.failed > 0, "\(name) \(path)")
            }
        }
    }

    /// Leaves that are changed in one run: one of each record, since every record is a case; others alone.
    private func batches(_ leaves: [[VectorValue.Step]], of json: VectorValue, size: Int) -> [[[VectorValue.Step]]] {
        var batches: [String: [[VectorValue.Step]]] = [:]
        var alone: [[[VectorValue.Step]]] = []
        for path in leaves {
            let names = path.compactMap { step -> String? in if case .name(let name) = step { name } else { nil } }
            let indices = path.compactMap { step -> Int? in if case .index(let index) = step { index } else { nil } }
            if json.elements != nil, indices.count >= 1, path.first == .index(indices[0]) {
                batches[names.joined(separator: "/") + indices.dropFirst().map(String.init).joined(separator: ","), default: []].append(
                    path)
            } else if names.starts(with: ["testGroups", "tests"]) {
                batches[names.joined(separator: "/"), default: []].append(path)
            } else {
                alone.append([path])
            }
        }
        if !runsLongTests {
            var generator = SplitMix(state: UInt64(size))
            alone = Array(alone.shuffled(using: &generator).prefix(6))
        }
        if runsLongTests, size > 60_000 {
            var generator = SplitMix(state: UInt64(size))
            alone = Array(alone.shuffled(using: &generator).prefix(200))
        }
        return batches.sorted { $0.key < $1.key }.map(\.value) + alone
    }

    /// Lines of text formats: each field of each line, each file of a log.
    @Test func textFormatsAreCompared() throws {
        for file in try Self.files.get() where file.json == nil {
            guard let text = file.text, text.contains("\n") else { continue }
            let isTable = text.hasPrefix("index,")
            guard isTable || text.contains("\nP = ") || text.utf8.count > 100_000 else { continue }
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            let step = runsLongTests ? 1 : max(1, lines.count / 12)
            for index in stride(from: isTable ? 1 : 0, to: lines.count, by: step) where lines[index].utf8.count > 40 {
                var changed = lines.map(String.init)
                if isTable {
                    changed[index] =
                        changed[index].contains(",TRUE,")
                        ? changed[index].replacingOccurrences(of: ",TRUE,", with: ",FALSE,")
                        : changed[index].replacingOccurrences(of: ",FALSE,", with: ",TRUE,")
                } else {
                    guard let place = changed[index].lastIndex(where: { $0.isHexDigit }), !changed[index].hasPrefix("#") else { continue }
                    let digit = changed[index][place]
                    changed[index].replaceSubrange(place...place, with: digit == "1" ? "2" : "1")
                }
                let report = ConformanceRun.run([VectorFile(path: file.path, bytes: Array(changed.joined(separator: "\n").utf8))])
                #expect(report.failed > 0, "\(file.path) line \(index + 1)")
            }
        }
    }

    /// Random damage of every file: any verdict, but never an end of the program.
    @Test func noDamageTraps() throws {
        var generator = SplitMix(state: 7)
        for file in try Self.files.get() where file.bytes.count < 20_000 || runsLongTests {
            for _ in 0..<(runsLongTests ? 40 : 1) {
                var bytes = file.bytes
                for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
                    let place = Int.random(in: 0..<bytes.count, using: &generator)
                    switch Int.random(in: 0..<4, using: &generator) {
                    case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                    case 1: bytes.remove(at: place)
                    case 2: bytes.insert(UInt8(ascii: "9"), at: place)
                    default: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...40, using: &generator)))
                    }
                }
                _ = ConformanceRun.run([VectorFile(path: file.path, bytes: bytes)])
            }
            guard let json = file.json else { continue }
            // Leaves of another type, length or size.
            let places = json.leaves(named: Self.expected.union(["tests", "vectors", "inputs", "config"]))
            for place in places.shuffled(using: &generator).prefix(runsLongTests ? 60 : 1) {
                for other in [VectorValue.null, .array([]), .number("18446744073709551615"), .string(""), .string("0"), .object([:])] {
                    let changed = json.replacing(at: place[...], with: other)
                    _ = ConformanceRun.run([VectorFile(path: file.path, bytes: Array(changed.written.utf8))])
                }
            }
        }
    }
}

extension VectorValue {
    /// The value with another part at this place.
    fileprivate func replacing(at path: ArraySlice<Step>, with other: VectorValue) -> VectorValue {
        guard let step = path.first else { return other }
        switch (self, step) {
        case (.array(var elements), .index(let index)):
            elements[index] = elements[index].replacing(at: path.dropFirst(), with: other)
            return .array(elements)
        case (.object(var members), .name(let name)):
            members[name] = members[name]?.replacing(at: path.dropFirst(), with: other)
            return .object(members)
        default: return self
        }
    }
}
