// SPDX-License-Identifier: Apache-2.0
import Foundation
import MerkleLog
import Primitives
import TestSupport
import Testing

@Suite struct TileTests {
    @Test func paths() throws {
        #expect(try Tile(content: .hashes(level: 0), index: 1_234_067, width: 256).path == "tile/0/x001/x234/067")
        #expect(try Tile(content: .hashes(level: 2), index: 0, width: 1).path == "tile/2/000.p/1")
        #expect(try Tile(content: .entries, index: 1000, width: 255).path == "tile/entries/x001/000.p/255")
        for (level, index, width) in [(-1, 0, 1), (64, 0, 1), (0, 0, 0), (0, 0, 257), (0, UInt64.max, 1)] as [(Int, UInt64, Int)] {
            #expect(throws: MerkleLogError.malformedTile) { try Tile(content: .hashes(level: level), index: index, width: width) }
        }
    }

    /// The example of the specification: 273 full tiles and one partial of level 0, one and one of level 1, one partial of level 2.
    @Test func tilesOfSeventyThousand() throws {
        let tiles = try Tile.tiles(from: 0, to: 70_000)
        func widths(_ level: Int) -> [Int] { tiles.filter { $0.content == .hashes(level: level) }.map(\.width) }
        #expect(widths(0) == [Int](repeating: 256, count: 273) + [112])
        #expect(widths(1) == [256, 17])
        #expect(widths(2) == [1])
        #expect(tiles.filter { $0.content == .entries }.count == 274)
        #expect(try Tile.tiles(from: 0, to: 256).map(\.path) == ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"])
        #expect(try Tile.tiles(from: 256, to: 257).map(\.path) == ["tile/entries/001.p/1", "tile/0/001.p/1"])
        #expect(try Tile.tiles(from: 0, to: 0).isEmpty && Tile.tiles(from: 9, to: 9).isEmpty)
        #expect(throws: MerkleLogError.sizeOutOfRange(2)) { try Tile.tiles(from: 2, to: 1) }
    }

    @Test func tilesHoldTheRightHashes() throws {
        let leaves = sampleEntries(70_000).map { LeafHash(entry: $0) }
        let tree = MerkleTree(leaves)
        for tile in try Tile.tiles(from: 0, to: tree.size) {
            guard case .hashes(let level) = tile.content else { continue }
            let hashes = try tile.hashes(in: tree.bytes(of: tile))
            let span = 1 << (8 * level)
            for position in [0, tile.width - 1] {
                let start = (Int(tile.index) * 256 + position) * span
                #expect(hashes[position] == MerkleTree(Array(leaves[start..<(start + span)])).root)
            }
        }
        #expect(throws: MerkleLogError.malformedTile) { try tree.bytes(of: Tile(content: .hashes(level: 0), index: 273, width: 113)) }
        #expect(throws: MerkleLogError.malformedTile) { try tree.bytes(of: Tile(content: .hashes(level: 9), index: 0, width: 1)) }
        #expect(throws: MerkleLogError.malformedTile) { try tree.bytes(of: Tile(content: .entries, index: 0, width: 1)) }
    }

    /// Every tile of the published log is what we would write.
    @Test func tesseraTiles() throws {
        let folder = "15-signed-notes-and-logs/tessera_log"
        let text = String(decoding: try vectorBytes("\(folder)/ENTRIES.txt"), as: UTF8.self)
        let entries = text.split(separator: "\n").map { Array($0.utf8) }
        let tree = MerkleTree(entries.map { LeafHash(entry: $0) })
        for size in 1...15 {
            let tiles = try Tile.tiles(from: 0, to: UInt64(size))
            #expect(tiles.count == 2)
            for tile in tiles where FileManager.default.fileExists(atPath: vectorURL("\(folder)/\(tile.path)").path) {
                let bytes = try vectorBytes("\(folder)/\(tile.path)")
                if tile.content == .entries {
                    #expect(try Tile.bundle(Array(entries[..<size])) == bytes)
                    #expect(try tile.entries(in: bytes) == Array(entries[..<size]))
                    for wrong in [Array(bytes.dropLast()), bytes + [0], bytes + [0, 0]] {
                        #expect(throws: MerkleLogError.malformedTile) { try tile.entries(in: wrong) }
                    }
                } else {
                    #expect(try tree.bytes(of: tile) == bytes)
                }
            }
        }
    }

    @Test func bundlesHaveLimits() throws {
        let entry = [UInt8](repeating: 1, count: 65_535)
        #expect(try Tile(content: .entries, index: 0, width: 1).entries(in: Tile.bundle([entry])) == [entry])
        #expect(throws: MerkleLogError.malformedTile) { try Tile.bundle([entry + [1]]) }
        #expect(throws: MerkleLogError.malformedTile) { try Tile.bundle([[UInt8]](repeating: [], count: 257)) }
    }
}
