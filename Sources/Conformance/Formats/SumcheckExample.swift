// SPDX-License-Identifier: Apache-2.0
internal import Transcripts

/// The example protocol of draft-irtf-cfrg-fiat-shamir-03: sumcheck of a multilinear polynomial over the field of p = 2^31 - 1.
struct SumcheckExample {
    private static let p: UInt64 = (1 << 31) - 1
    private let hash: SpongeHash
    private let session: [UInt8]
    private let variables: Int
    private let claim: UInt64

    init(_ record: VectorValue) throws(CaseFailure) {
        hash = try FiatShamirFormat.hash(record)
        session = try record.bytes("SessionId")
        variables = try record.integer("NumVariables", in: 1...20)
        claim = try Self.small(record.member("ClaimedSum"), "ClaimedSum")
        try require(Self.small(record.member("Modulus"), "Modulus") == Self.p, "another modulus than the example's")
    }

    /// Session id, verdict, and for an accepted record its proof and final evaluation, made again from the witness where it has one.
    func check(_ record: VectorValue) throws(CaseFailure) {
        if record["Tag"] != nil { try record.match("SessionId", hash.sessionID(tag: record.bytes("Tag"))) }
        let isExpected = try FiatShamirFormat.isExpected(record)
        let narg = try record.bytes("Narg")
        let final = try verify(narg)
        try requireVerdict(final != nil, expected: isExpected)
        guard isExpected, let final else { return }
        try require(Self.small(record.member("FinalEvaluation"), "FinalEvaluation") == final, "FinalEvaluation is not \(final)")
        guard record["Witness"] != nil else { return }
        var witness: [UInt64] = []
        for value in try record.list("Witness") {
            let value = try Self.small(value, "Witness")
            try require(value < Self.p, "a value of Witness is not below p")
            witness.append(value)
        }
        try require(witness.count == 1 << variables, "a witness of \(witness.count) values")
        try record.match("Narg", prove(witness))
    }

    /// The sponge's squeezes for the given rounds, as challenges.
    private func challenges(_ rounds: [[UInt8]]) throws(CaseFailure) -> [UInt64] {
        var operations: [SpongeOperation] = [
            .absorb(littleEndian(UInt32(variables))), .absorb(Self.bytes(claim)),
        ]
        for round in rounds { operations += [.absorb(round), .squeeze(4)] }
        let output = try hash.replay(session: session, operations)
        return stride(from: 0, to: output.count, by: 4).map { Self.integer(output[$0..<$0 + 4]) % Self.p }
    }

    /// The final claim; nil for a refused proof.
    private func verify(_ narg: [UInt8]) throws(CaseFailure) -> UInt64? {
        guard narg.count == 8 * variables, claim < Self.p else { return nil }
        let rounds = stride(from: 0, to: narg.count, by: 8).map { Array(narg[$0..<$0 + 8]) }
        let challenges = try challenges(rounds)
        var current = claim
        for (round, challenge) in zipEqual(rounds, challenges) {
            let (a0, a1) = (Self.integer(round[..<4]), Self.integer(round[4...]))
            guard a0 < Self.p, a1 < Self.p, (2 * a0 + a1) % Self.p == current else { return nil }
            current = (a0 + a1 * challenge) % Self.p
        }
        return current
    }

    /// The proof for the values of the polynomial on the cube, each below p; the lowest bit of an index is the first variable.
    private func prove(_ witness: [UInt64]) throws(CaseFailure) -> [UInt8] {
        try require(witness.reduce(0) { ($0 + $1) % Self.p } == claim, "the witness has another sum")
        var table = witness
        var rounds: [[UInt8]] = []
        while table.count > 1 {
            let half = table.count / 2
            let low = (0..<half).map { table[2 * $0] }
            let high = (0..<half).map { table[2 * $0 + 1] }
            let sum0 = low.reduce(0) { ($0 + $1) % Self.p }
            let sum1 = high.reduce(0) { ($0 + $1) % Self.p }
            rounds.append(Self.bytes(sum0) + Self.bytes((sum1 + Self.p - sum0) % Self.p))
            let challenge = try unwrap(challenges(rounds).last, "a challenge")
            table = (0..<half).map { (low[$0] + challenge * ((high[$0] + Self.p - low[$0]) % Self.p)) % Self.p }
        }
        return rounds.flatMap { $0 }
    }

    private static func small(_ value: VectorValue, _ name: String) throws(CaseFailure) -> UInt64 {
        try unwrap(value.unsigned, "\(name) is no integer of 64 bits")
    }

    private static func bytes(_ value: UInt64) -> [UInt8] { littleEndian(UInt32(truncatingIfNeeded: value)) }

    private static func integer(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
}

/// Pairs of two lists that must have equal counts; nothing if they have not.
func zipEqual<First, Second>(_ first: [First], _ second: [Second]) -> [(First, Second)] {
    guard first.count == second.count else { return [] }
    return first.indices.map { (first[$0], second[$0]) }
}
