// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentProver
import ConsentVerifier
import TestSupport
import Testing

/// No byte of a bundle can be changed.
@Suite struct ByteFlipTests {
    /// A file that verifies, with every kind of column.
    struct Sample: Sendable {
        let file: [UInt8]
        let verifier: DatasetVerifier

        init(rows: Int, _ kit: TestKit) throws {
            var world = try TestWorld.honest(rows + 1, kit, reveal: ["notice", "age"])
            world.rows.removeLast()
            world.revoke(rows)
            try world.issue([kit.consent(1000)])
            let view = try world.ledgers[0].view(loggedSize: rows, loggedTime: TestWorld.now - 864_000)
            file = BundleWriter.encode(try world.prove(views: [view]))
            verifier = try DatasetVerifier(policy: world.policy(loggedBy: Day(number: Int(TestWorld.now / 86_400) - 9)))
        }

        /// Whether a file is refused: by the parser or by the verdict.
        func refuses(_ file: [UInt8]) throws -> Bool {
            guard let bundle = try? verifier.parse(file) else { return true }
            return try !verifier.verify(bundle, evidence: Evidence(now: TestWorld.now)).holds
        }

        /// The positions of those whose change goes unnoticed.
        func unnoticed(_ positions: [Int]) async throws -> [Int] {
            let lanes = 4
            return try await withThrowingTaskGroup(of: [Int].self) { group in
                for lane in 0..<lanes {
                    group.addTask {
                        try stride(from: lane, to: positions.count, by: lanes).map { positions[$0] }.filter { position in
                            var spoiled = file
                            spoiled[position] ^= 1 << UInt8(position % 8)
                            return try !refuses(spoiled)
                        }
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
        }
    }

    @Test func everyByteOfASmallBundle() async throws {
        let sample = try Sample(rows: 4, .small)
        #expect(try !sample.refuses(sample.file))
        #expect(try await sample.unnoticed(Array(sample.file.indices)) == [])
    }

    @Test func everyTruncationOfASmallBundle() throws {
        let sample = try Sample(rows: 1, .small)
        for length in sample.file.indices {
            #expect(throws: ModelError.self) { try sample.verifier.parse(Array(sample.file.prefix(length))) }
        }
        #expect(throws: ModelError.self) { try sample.verifier.parse(sample.file + [0]) }
    }

    @Test(.enabled(if: runsLongTests))
    func tenThousandBytesOfAFullBundle() async throws {
        let sample = try Sample(rows: 50, .full)
        #expect(try !sample.refuses(sample.file))
        var random = SplitMix(state: 1)
        let positions = (0..<10_000).map { _ in Int.random(in: 0..<sample.file.count, using: &random) }
        #expect(try await sample.unnoticed(positions) == [])
    }
}
