// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentVerifier
import Testing

/// How many consents cover how many data points, held to a dictionary.
@Suite struct MultiplicityTests {
    /// The groups that counting one by one gives: data points of each, consents, data points.
    static func naive(_ uses: [UInt64]) -> [[Int]] {
        Dictionary(grouping: uses.map(Int.init)) { $0 }.sorted { $0.key < $1.key }.map { [$0, $1.count, $0 * $1.count] }
    }

    static func found(_ multiplicities: Multiplicities) -> [[Int]] {
        multiplicities.groups.map { [$0.dataPointsEach, $0.consents, $0.dataPoints] }
    }

    @Test(
        arguments: [
            [1], [1, 1, 2, 16, 17, 32, 33, 64, 65], [1 << 32], [(1 << 32) - 1, 1 << 31, (1 << 31) + 1, 1 << 31], Array(1...200),
            [1023, 1024, 1025, 1024, 1023],
        ] as [[UInt64]])
    func groupsAreExactAndComplete(uses: [UInt64]) {
        let multiplicities = Multiplicities(uses: uses)
        #expect(Self.found(multiplicities) == Self.naive(uses))
        #expect(multiplicities.most == Int(uses.max() ?? 0))
        #expect(multiplicities.groups.reduce(0) { $0 + $1.dataPoints } == Int(uses.reduce(0, +)))
        #expect(multiplicities.groups.reduce(0) { $0 + $1.consents } == uses.count)
    }

    /// A million rows, on as many cores as there are.
    @Test(arguments: [1, 2, 1_000, 700_000]) func manyRows(consents: Int) {
        let positions = (0..<1_000_000).map { UInt64($0 < consents ? $0 : ($0 &* 2_654_435_761) % (consents / 3 + 1)) }
        var uses = [UInt64](repeating: 0, count: consents)
        for position in positions { uses[Int(position)] += 1 }
        let multiplicities = Multiplicities(positions: U64Column(positions), consents: consents)
        #expect(Self.found(multiplicities) == Self.naive(uses) && multiplicities.most == Int(uses.max() ?? 0))
    }

    /// The verdict on a policy linked by subject.
    @Test func aVerdictHasThem() throws {
        var world = try TestWorld()
        world.clauses.links = [.subject]
        try world.issue((0..<3).map { world.kit.consent($0) })
        try world.commitRows([0, 0, 1, 2, 2].enumerated().map { (TestKit.record($0), TestKit.subject($1)) })
        let verdict = try world.verify(world.prove())
        #expect(Self.found(verdict.multiplicities) == [[1, 1, 1], [2, 2, 4]] && verdict.mostPerConsent == 2)
    }
}
