// SPDX-License-Identifier: Apache-2.0
internal import Groups
internal import Transcripts

/// STROBE, Merlin, and the generators that dalek's Bulletproofs derive.
enum StrobeFormats {
    static let all = [strobe, merlin, generators, challenges]

    static let strobe = VectorFormat(
        "STROBE operations", standard: "STROBE 1.0.2", marker: "proto_string",
        recognises: { $0.json?.has("proto_string", "security", "operations") ?? false },
        run: { (file, cases) throws(CaseFailure) in
            let json = try unwrap(file.json, "JSON")
            let security = try unwrap(
                Int(exactly: json.unsigned("security")).flatMap(Strobe.Security.init), "a level of security that does not exist")
            var session = Strobe(label: Array(try json.text("proto_string").utf8), security: security)
            var previous = ""
            for (index, operation) in try json.list("operations").enumerated() {
                let name = try operation.text("name")
                let kind = "\(name) \(try operation.truth("meta"))"
                // The state goes on from a failed operation: a failure does not hide the next.
                let failure = perform(operation, name, isContinued: kind == previous, &session)
                cases.run("#\(index) \(name)") { () throws(CaseFailure) in
                    if let failure { throw failure }
                    try operation.match("state_after", session.stateBytes)
                }
                previous = kind
            }
        })

    /// Performs an operation and compares its output; the state is compared by the caller.
    private static func perform(
        _ operation: VectorValue, _ name: String, isContinued: Bool, _ session: inout Strobe
    ) -> CaseFailure? {
        do throws(CaseFailure) {
            let (meta, more) = (try operation.truth("meta"), try operation.truth("stream"))
            let input = try operation.bytes("input_data")
            try require(!more || (isContinued && name != "recv_MAC"), "an operation goes on that has not begun")
            try require(input.count <= 1 << 20, "input_data of \(input.count) bytes")
            var output: [UInt8]?
            switch name {
            case "init": try require(input.isEmpty && !meta && !more, "init has input or flags")
            case "KEY": session.key(input, meta: meta, more: more)
            case "AD": session.associate(input, meta: meta, more: more)
            case "PRF": output = session.pseudorandom(input.count, meta: meta, more: more)
            case "send_ENC": output = session.sendEncrypted(input, meta: meta, more: more)
            case "recv_ENC": output = session.receiveEncrypted(input, meta: meta, more: more)
            case "send_MAC": output = session.sendMAC(input.count, meta: meta, more: more)
            case "recv_MAC": try require(!session.receiveMAC(input, meta: meta), "a MAC is accepted that the file says is wrong")
            case "send_CLR":
                session.sendClear(input, meta: meta, more: more)
                output = input
            case "recv_CLR":
                session.receiveClear(input, meta: meta, more: more)
                output = input
            case "RATCHET": session.ratchet(input.count, meta: meta, more: more)
            default: throw CaseFailure("an operation that does not exist")
            }
            if ["PRF", "send_MAC", "RATCHET"].contains(name) {
                try require(input.allSatisfy { $0 == 0 }, "input_data stands for a length: it is zeros")
            }
            if operation["output"] != nil { try operation.match("output", try unwrap(output, "\(name) has no output")) }
            return nil
        } catch {
            return error
        }
    }

    static let merlin = VectorFormat(
        "Merlin transcripts", standard: "Merlin 1.0", marker: "protocol_label",
        records: { $0.has("id", "protocol_label") }, case: { $0["id"]?.text },
        check: { (record) throws(CaseFailure) in
            var transcript = MerlinTranscript(label: Array(try record.text("protocol_label").utf8))
            guard record["ops"] == nil else { return try replay(record, &transcript) }
            // The test of merlin's own repository, whose steps are fixed; the last challenge is given.
            let rounds = try record.integer("rounds", in: 1...10_000)
            transcript.append(message: Array("some data".utf8), label: "step1")
            var challenge: [UInt8] = []
            for _ in 0..<rounds {
                challenge = transcript.challengeBytes(label: "challenge", count: 32)
                transcript.append(message: [UInt8](repeating: 0x63, count: 1024), label: "bigdata")
                transcript.append(message: challenge, label: "challengedata")
            }
            try record.match("expect_last_challenge", challenge)
        })

    private static func replay(_ record: VectorValue, _ transcript: inout MerlinTranscript) throws(CaseFailure) {
        var count = 0
        for operation in try record.list("ops") {
            let label = Array(try operation.text("label").utf8)
            switch try operation.text("op") {
            case "append":
                let message =
                    operation["message_ascii"] != nil
                    ? Array(try operation.text("message_ascii").utf8) : try operation.bytes("message_hex")
                transcript.append(message: message, labelBytes: label)
            case "challenge":
                let challenge = transcript.challengeBytes(labelBytes: label, count: try operation.integer("len", in: 0...1 << 16))
                try operation.match("expect", challenge)
                count += 1
            default: throw CaseFailure("an operation that does not exist")
            }
        }
        try require(count > 0, "no challenge is compared")
    }

    // MARK: Challenges of range proofs

    static let challenges = VectorFormat(
        "dalek range proof challenges", standard: "dalek-cryptography/bulletproofs 2.0.0",
        recognises: { file in
            !file.neighbours.rangeProofs.isEmpty && file.records.contains { $0["challenges"]?.has("y", "z", "x", "w") ?? false }
        },
        run: { (file, cases) throws(CaseFailure) in
            for (index, record) in file.records.enumerated() {
                cases.run(record["id"]?.text ?? "#\(index)") { () throws(CaseFailure) in
                    let proof = try unwrap(file.neighbours.rangeProofs[record.text("id")], "the proof does not lie beside the file")
                    try challenges(record.member("challenges"), of: proof)
                }
            }
        })

    /// The transcript of a proof with the parts A, S, T_1, T_2, t_x, t_x_blinding, e_blinding, the pairs L, R, then a and b.
    private static func challenges(_ expected: VectorValue, of record: VectorValue) throws(CaseFailure) {
        let (n, m) = (try record.integer("n", in: 1...64), try record.integer("m", in: 1...64))
        let rounds = (n * m).trailingZeroBitCount
        let (bytes, commitments) = (try record.bytes("proof"), try record.list("commitments"))
        try require(n * m == 1 << rounds && commitments.count == m, "n or m differs")
        try require(bytes.count == 32 * (9 + 2 * rounds), "a proof of \(bytes.count) bytes")
        func part(_ index: Int) -> [UInt8] { Array(bytes[32 * index..<32 * index + 32]) }
        var transcript = MerlinTranscript(label: Array(try record.text("transcript_label").utf8))
        transcript.append(message: Array("rangeproof v1".utf8), label: "dom-sep")
        transcript.append(UInt64(n), label: "n")
        transcript.append(UInt64(m), label: "m")
        for commitment in commitments { transcript.append(message: try commitment.hexadecimal(), label: "V") }
        transcript.append(message: part(0), label: "A")
        transcript.append(message: part(1), label: "S")
        try expected.match("y", scalar(transcript.challengeBytes(label: "y", count: 64)))
        try expected.match("z", scalar(transcript.challengeBytes(label: "z", count: 64)))
        transcript.append(message: part(2), label: "T_1")
        transcript.append(message: part(3), label: "T_2")
        try expected.match("x", scalar(transcript.challengeBytes(label: "x", count: 64)))
        transcript.append(message: part(4), label: "t_x")
        transcript.append(message: part(5), label: "t_x_blinding")
        transcript.append(message: part(6), label: "e_blinding")
        try expected.match("w", scalar(transcript.challengeBytes(label: "w", count: 64)))
        transcript.append(message: Array("ipp v1".utf8), label: "dom-sep")
        transcript.append(UInt64(n * m), label: "n")
        let folds = try expected.list("u")
        try require(folds.count == rounds, "\(folds.count) challenges u")
        for round in 0..<rounds {
            transcript.append(message: part(7 + 2 * round), label: "L")
            transcript.append(message: part(8 + 2 * round), label: "R")
            let challenge = scalar(transcript.challengeBytes(label: "u", count: 64))
            try require(folds[round].hexadecimal() == challenge, "u of round \(round) differs")
        }
    }

    private static func scalar(_ wide: [UInt8]) -> [UInt8] { Ristretto255.Scalar(reducingWide: wide.span).bytes }

    // MARK: Generators

    static let generators = VectorFormat(
        "dalek generators", standard: "dalek-cryptography/bulletproofs 2.0.0", marker: "B_blinding",
        recognises: { $0.json?.has("B", "B_blinding", "G", "H") ?? false },
        run: { (file, cases) throws(CaseFailure) in
            let json = try unwrap(file.json, "JSON")
            let base = Ristretto255.encode([Ristretto255.generator])
            cases.run("B") { () throws(CaseFailure) in try json.match("B", base) }
            cases.run("B_blinding") { () throws(CaseFailure) in
                let uniform = KeccakXOF.hash(.sha3_512, base, count: 64)
                try json.match("B_blinding", Ristretto255.encode(Ristretto255.points(uniformBytes: uniform.span)))
            }
            for (name, value) in (json.members ?? [:]).sorted(by: { $0.key < $1.key }) where name != "B" && name != "B_blinding" {
                cases.run(name) { () throws(CaseFailure) in
                    let parts = name.split(separator: "_").map(String.init)
                    if parts.count == 3, let party = UInt32(parts[1]), let index = Int(parts[2]), (0..<1024).contains(index) {
                        let element = try chain(parts[0], party, count: index + 1)[index]
                        return try require(value.hexadecimal() == element, "the generator differs")
                    }
                    for (party, list) in try unwrap(value.members, "\(name) has no parties") {
                        let expected = try unwrap(list.elements, "\(name) of \(party) is no list")
                        try require(!expected.isEmpty && expected.count <= 1024, "\(expected.count) generators")
                        let party = try unwrap(UInt32(party), "\(party) is no party")
                        for (value, element) in zipEqual(expected, try chain(name, party, count: expected.count)) {
                            try require(value.hexadecimal() == element, "a generator of party \(party) differs")
                        }
                    }
                }
            }
        })

    /// The first generators of a party: SHAKE256 of `GeneratorsChain`, G or H and the party, 64 bytes for each.
    private static func chain(_ kind: String, _ party: UInt32, count: Int) throws(CaseFailure) -> [[UInt8]] {
        try require(kind == "G" || kind == "H", "\(kind) is neither G nor H")
        let uniform = KeccakXOF.hash(
            .shake256, Array("GeneratorsChain".utf8) + Array(kind.utf8) + littleEndian(party), count: 64 * count)
        return Ristretto255.points(uniformBytes: uniform.span).map { Ristretto255.encode([$0]) }
    }
}
