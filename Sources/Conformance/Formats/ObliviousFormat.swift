// SPDX-License-Identifier: Apache-2.0
internal import Groups

/// The vectors of RFC 9497: keys, blinded elements, evaluations, DLEQ proofs and outputs.
enum ObliviousFormat {
    static let format = VectorFormat(
        "RFC 9497 OPRF, VOPRF, POPRF", standard: "RFC 9497", marker: "EvaluationElement",
        recognises: { file in
            file.records.contains { $0.has("BlindedElement", "Blind") || $0.has("identifier", "groupDST", "vectors") }
        },
        run: { (file, cases) throws(CaseFailure) in
            for (index, record) in file.records.enumerated() {
                let name = "\(record["identifier"]?.text ?? "?") mode \(record["mode"]?.unsigned ?? 9)"
                guard record["vectors"] != nil else {
                    cases.run("\(name) #\(record["index"]?.unsigned ?? UInt64(index))") { () throws(CaseFailure) in try check(record) }
                    continue
                }
                // The draft's own file: the vectors of a suite and mode below what they have in common.
                let vectors = try record.list("vectors")
                if vectors.isEmpty { cases.fail(name, "no cases") }
                for (index, vector) in vectors.enumerated() {
                    cases.run("\(name) #\(index)") { () throws(CaseFailure) in
                        let own = try unwrap(vector.members, "no record")
                        try check(.object((record.members ?? [:]).merging(own) { _, own in own }))
                    }
                }
            }
        })

    private static func check(_ record: VectorValue) throws(CaseFailure) {
        switch try record.text("identifier") {
        case "ristretto255-SHA512": try check(record, GroupSuite<Ristretto255>.ristretto255, hash: "SHA512")
        case "P256-SHA256": try check(record, GroupSuite<P256>.p256, hash: "SHA256")
        case "decaf448-SHAKE256", "P384-SHA384", "P521-SHA512":
            throw CaseFailure(skipped: "a suite of RFC 9497 over a group that the engine does not have")
        default: throw CaseFailure("a ciphersuite that does not exist")
        }
    }

    private static func check<G: Group>(_ record: VectorValue, _ suite: GroupSuite<G>, hash: String) throws(CaseFailure) {
        try record.match("hash", text: hash)
        let mode = try record.integer("mode", in: 0...2)
        let function = ObliviousFunction(suite: suite, mode: mode, identifier: try record.text("identifier"))
        try record.match("groupDST", function.groupTag)
        let key = try function.deriveKey(seed: record.bytes("seed"), info: record.bytes("keyInfo"))
        try record.match("skSm", key.bytes)
        let publicKey = suite.multiply(key, G.generator)
        if mode > 0 { try record.match("pkSm", suite.encode(publicKey)) }
        try require((record["pkSm"] != nil) == (mode > 0), "pkSm belongs to modes 1 and 2")
        let info = mode == 2 ? try record.bytes("Info") : []

        // The elements of a batch, separated by commas.
        func column(_ name: String) throws(CaseFailure) -> [[UInt8]] {
            var rows: [[UInt8]] = []
            for part in try record.text(name).split(separator: ",", omittingEmptySubsequences: false) {
                rows.append(try VectorValue.bytes(hex: String(part)))
            }
            return rows
        }
        let (inputs, blinds) = (try column("Input"), try column("Blind"))
        let (blinded, evaluated, outputs) = (try column("BlindedElement"), try column("EvaluationElement"), try column("Output"))
        let count = try record.integer("Batch", in: 1...1000)
        try require([inputs, blinds, blinded, evaluated, outputs].allSatisfy { $0.count == count }, "columns of other lengths than Batch")

        let tweaked = mode == 2 ? key + function.tweak(info: info) : key
        let factor = mode == 2 ? try unwrap(tweaked.vartimeInverted(), "the tweaked key is 0") : key
        var blindedPoints: [G.Point] = []
        var evaluatedPoints: [G.Point] = []
        for i in 0..<count {
            let blind = try suite.scalar(blinds[i])
            let point = suite.multiply(blind, suite.hashToGroup(inputs[i], dst: function.groupTag))
            try require(suite.encode(point) == blinded[i], "BlindedElement \(i) differs")
            let evaluation = suite.multiply(factor, point)
            try require(suite.encode(evaluation) == evaluated[i], "EvaluationElement \(i) differs")
            try require(suite.element(evaluated[i]) == evaluation, "EvaluationElement \(i) is not decoded")
            let unblinded = suite.multiply(try unwrap(blind.vartimeInverted(), "a blind of 0"), evaluation)
            try require(function.finalize(input: inputs[i], info: info, unblinded: unblinded) == outputs[i], "Output \(i) differs")
            blindedPoints.append(point)
            evaluatedPoints.append(evaluation)
        }
        try require((record["Proof"] != nil) == (mode > 0), "proofs belong to modes 1 and 2")
        guard mode > 0 else { return }
        let proof = try record.member("Proof")
        let tweakedKey = suite.multiply(tweaked, G.generator)
        let (c, d) = mode == 1 ? (blindedPoints, evaluatedPoints) : (evaluatedPoints, blindedPoints)
        let computed = function.prove(
            k: tweaked, a: G.generator, b: tweakedKey, c: c, d: d, nonce: try suite.scalar(try proof.bytes("r")))
        try proof.match("proof", computed.challenge.bytes + computed.response.bytes)
        try require(function.verify(computed, a: G.generator, b: tweakedKey, c: c, d: d), "the proof does not verify")
        // Forged proofs: another challenge, another response, another key, columns or rows exchanged.
        let one = G.Scalar.one
        let changed = [
            ObliviousFunction<G>.Proof(challenge: computed.challenge + one, response: computed.response),
            ObliviousFunction<G>.Proof(challenge: computed.challenge, response: computed.response + one),
        ]
        for forged in changed {
            try require(!function.verify(forged, a: G.generator, b: tweakedKey, c: c, d: d), "a changed proof verifies")
        }
        let otherKey = G.add(tweakedKey, G.generator)
        try require(!function.verify(computed, a: G.generator, b: otherKey, c: c, d: d), "the proof verifies for another key")
        try require(!function.verify(computed, a: G.generator, b: tweakedKey, c: d, d: c), "the proof verifies for exchanged columns")
        if count > 1 {
            let reordered = Array(d.reversed())
            try require(
                !function.verify(computed, a: G.generator, b: tweakedKey, c: c, d: reordered), "the proof verifies for another order")
        }
    }
}
