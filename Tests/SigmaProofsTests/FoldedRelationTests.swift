// SPDX-License-Identifier: Apache-2.0

import Groups
import SigmaProofs
import TestSupport
import Testing
import Transcripts

@Suite struct FoldedRelationTests {
    typealias G = AdditiveGroup<OrderM61>

    static func error(_ data: [UInt64], _ links: [(Int, UInt64)], _ tail: [UInt64]) -> FoldedRelationError? {
        do throws(FoldedRelationError) {
            _ = try FoldedRelation<G>(
                dataBases: data.map { G.point($0) }, links: links.map { .init(slot: $0.0, base: G.point($0.1)) },
                tailBases: tail.map { G.point($0) })
            return nil
        } catch {
            return error
        }
    }

    @Test func invariant() {
        #expect(Self.error([2, 3], [(0, 4)], [5]) == nil)
        #expect(Self.error([2, 3], [(0, 2)], [3]) == nil, "the two sides may share bases")
        #expect(Self.error([2, 3], [(1, 4), (0, 6)], [5]) == nil)
        #expect(Self.error([], [(0, 4)], [5]) == .empty)
        #expect(Self.error([2, 3], [], [5]) == .empty)
        #expect(Self.error([2, 3], [(0, 4)], []) == .empty)
        #expect(Self.error([2, 0], [(0, 4)], [5]) == .identityBase)
        #expect(Self.error([2, 3], [(0, 0)], [5]) == .identityBase)
        #expect(Self.error([2, 3], [(0, 4)], [5, 0]) == .identityBase)
        #expect(Self.error([2, 2], [(0, 4)], [5]) == .duplicateBase)
        #expect(Self.error([2, 3], [(0, 4)], [5, 5]) == .duplicateBase)
        #expect(Self.error([2, 3], [(0, 4)], [5, 4]) == .duplicateBase)
        #expect(Self.error([2, 3], [(0, 4), (1, 4)], [5]) == .duplicateBase)
        #expect(Self.error([2, 3], [(2, 4)], [5]) == .slotOutOfRange)
        #expect(Self.error([2, 3], [(-1, 4)], [5]) == .slotOutOfRange)
        #expect(Self.error([2, 3], [(0, 4), (0, 6)], [5]) == .duplicateSlot)
    }
}

@Suite struct RowWeightsTests {
    static let weights = FoldedTranscript(sessionTag: "weights", absorbing: [[1, 2, 3]]).weighted().weights

    /// Python's hashlib computes the same weights.
    @Test func agreeWithPython() throws {
        let count = 257
        let script = """
            import hashlib
            label = b"zkconsent/v1/dataset/weights"
            seed = bytes.fromhex("\(hex(Self.weights.seed))")
            for i in range(\(count)):
                b = (i // 10).to_bytes(8, "little")
                block = hashlib.shake_128(len(label).to_bytes(4, "little") + label + seed + b).digest(160)
                print(int.from_bytes(block[16 * (i % 10):][:16], "little"))
            """
        let result = try run("python3", ["-c", script])
        try #require(result.status == 0, "\(result.errorText)")
        let expected = result.text.split(separator: "\n").compactMap { UInt128($0) }
        #expect(Self.weights.weights(count: count) == expected)
    }

    /// A weight depends on its row's number only, not on how many rows are asked for at a time.
    @Test func chunksAgree() {
        let all = Self.weights.weights(count: 6_000)
        #expect(Self.weights.weights(count: 0).isEmpty)
        for count in [1, 9, 10, 11, 2_559, 2_560, 2_561] { #expect(Self.weights.weights(count: count) == Array(all[..<count])) }
        for rows in [0..<0, 7..<7, 3..<4, 9..<11, 10..<20, 15..<2_590, 5_999..<6_000] {
            #expect(Self.weights.weights(rows: rows) == Array(all[rows]))
        }
        #expect(Set(all).count == all.count)
    }

    @Test func anotherSeedGivesOtherWeights() {
        let other = FoldedTranscript(sessionTag: "weights", absorbing: [[1, 2, 4]]).weighted().weights
        #expect(Self.weights.seed != other.seed)
        #expect(Set(Self.weights.weights(count: 100)).isDisjoint(with: other.weights(count: 100)))
    }
}
