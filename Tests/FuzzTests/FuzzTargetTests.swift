// SPDX-License-Identifier: Apache-2.0
import Foundation
import FuzzTargets
import TestSupport
import Testing

/// The targets of `scripts/fuzz` on their committed seeds, and on a few changes of them; a target that fails ends the run with its reason.
@Suite struct FuzzTargetTests {
    private static let corpus = repositoryRoot.appending(path: "Tests/Fuzz/corpus")
    private static let names = FuzzTarget.all.map(\.name)

    private static func seeds(of name: String) throws -> [[UInt8]] {
        try FileManager.default.contentsOfDirectory(at: corpus.appending(path: name), includingPropertiesForKeys: nil)
            .sorted { $0.path < $1.path }.map { Array(try Data(contentsOf: $0)) }
    }

    @Test func everyFolderOfSeedsHasItsTarget() throws {
        #expect(try FileManager.default.contentsOfDirectory(atPath: Self.corpus.path).sorted() == Self.names.sorted())
    }

    /// A target that accepts none of its seeds would start from refusals only.
    @Test(arguments: names) func acceptsSeedsOfItsOwn(_ name: String) throws {
        let target = try #require(FuzzTarget.all.first { $0.name == name })
        #expect(try Self.seeds(of: name).contains(where: target.run))
    }

    @Test(arguments: names) func standsChangesOfItsSeeds(_ name: String) throws {
        let target = try #require(FuzzTarget.all.first { $0.name == name })
        let seeds = try Self.seeds(of: name)
        var random = SplitMix(state: 1)
        for seed in seeds {
            for _ in 0..<(runsLongTests ? 20_000 : 128) { _ = target.run(Self.changed(seed, seeds, &random)) }
        }
    }

    /// One to four changes: of a bit, of a byte, of a number in decimal, a piece left out, repeated, or put in from a seed.
    private static func changed(_ seed: [UInt8], _ seeds: [[UInt8]], _ random: inout SplitMix) -> [UInt8] {
        func piece(of bytes: [UInt8]) -> Range<Int> {
            let start = Int.random(in: 0...bytes.count, using: &random)
            return start..<min(bytes.count, start + Int.random(in: 0...64, using: &random))
        }
        let edges = ["-1", "0", "00", "1e9", "4294967296", "9007199254740993", "18446744073709551616"]
        var bytes = seed
        for _ in 0...Int.random(in: 0..<4, using: &random) {
            let place = piece(of: bytes)
            switch Int.random(in: 0..<6, using: &random) {
            case 0:
                guard let index = bytes.indices.randomElement(using: &random) else { continue }
                bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1:
                guard let index = bytes.indices.randomElement(using: &random) else { continue }
                bytes[index] = [0, 1, 127, 128, 255].randomElement(using: &random) ?? 0
            case 2:
                let digits = bytes.indices.filter { UInt8(ascii: "0")...UInt8(ascii: "9") ~= bytes[$0] }
                guard let index = digits.randomElement(using: &random) else { continue }
                bytes.replaceSubrange(index...index, with: Array((edges.randomElement(using: &random) ?? "").utf8))
            case 3: bytes.removeSubrange(place)
            case 4: bytes.insert(contentsOf: bytes[place], at: place.lowerBound)
            default:
                let donor = seeds.randomElement(using: &random) ?? []
                bytes.replaceSubrange(place, with: donor[piece(of: donor)])
            }
        }
        return bytes
    }
}
