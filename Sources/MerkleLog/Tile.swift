// SPDX-License-Identifier: Apache-2.0
internal import Primitives

/// One file of hashes or entries of a tiled log (C2SP tlog-tiles): 256 wide, or narrower at the right edge.
public struct Tile: Hashable, Sendable {
    /// What a tile holds.
    public enum Content: Hashable, Sendable {
        /// Subtree hashes of height 8 * level; level in 0...63, 0 for leaf hashes.
        case hashes(level: Int)
        /// The entries themselves.
        case entries
    }

    /// The width of a full tile.
    public static let fullWidth = 256

    /// Hashes of a level, or entries.
    public let content: Content
    /// The position within its level.
    public let index: UInt64
    /// How many hashes or entries it holds, 1...256.
    public let width: Int

    /// - Throws: ``MerkleLogError/malformedTile`` for a level, index or width that no log can have.
    public init(content: Content, index: UInt64, width: Int) throws(MerkleLogError) {
        if case .hashes(let level) = content { guard (0...63).contains(level) else { throw .malformedTile } }
        guard (1...Self.fullWidth).contains(width), index < TreeSize.maximum / UInt64(Self.fullWidth) else { throw .malformedTile }
        self.content = content
        self.index = index
        self.width = width
    }

    /// The path below the log's prefix: `tile/<L>/<N>[.p/<W>]` or `tile/entries/<N>[.p/<W>]`.
    public var path: String {
        var parts: [String] = []
        var rest = index
        repeat {
            let group = String(rest % 1000)
            parts.insert((parts.isEmpty ? "" : "x") + String(repeating: "0", count: 3 - group.count) + group, at: 0)
            rest /= 1000
        } while rest > 0
        let folder: String
        switch content {
        case .hashes(let level): folder = String(level)
        case .entries: folder = "entries"
        }
        return "tile/\(folder)/" + parts.joined(separator: "/") + (width < Self.fullWidth ? ".p/\(width)" : "")
    }

    /// The tiles that a log of `newSize` entries needs and one of `oldSize` did not, full ones and the partial ones at the right edge; for
    /// sizes of a log that exists, since the answer grows with their difference.
    ///
    /// - Throws: ``MerkleLogError/sizeOutOfRange(_:)`` when `oldSize` exceeds `newSize` or 2^63 - 1 is exceeded.
    public static func tiles(from oldSize: UInt64, to newSize: UInt64) throws(MerkleLogError) -> [Tile] {
        try TreeSize.check(newSize)
        guard oldSize <= newSize else { throw .sizeOutOfRange(oldSize) }
        guard oldSize < newSize else { return [] }
        var tiles: [Tile] = []
        var level = 0
        while level < 8, newSize >> UInt64(8 * level) > 0 {
            let old = oldSize >> UInt64(8 * level)
            let new = newSize >> UInt64(8 * level)
            for index in (old / 256)..<((new + 255) / 256) {
                let width = Int(min(256, new - index * 256))
                // A level that did not grow has the same partial tile as before.
                if old == new { continue }
                if level == 0 { tiles.append(try Tile(content: .entries, index: index, width: width)) }
                tiles.append(try Tile(content: .hashes(level: level), index: index, width: width))
            }
            level += 1
        }
        return tiles
    }

    /// The bytes of an entry bundle: each entry after its length in two bytes, most significant first.
    ///
    /// - Throws: ``MerkleLogError/malformedTile`` for more than 256 entries or one of 65,536 bytes or more.
    public static func bundle(_ entries: [[UInt8]]) throws(MerkleLogError) -> [UInt8] {
        guard entries.count <= fullWidth, entries.allSatisfy({ $0.count <= Int(UInt16.max) }) else { throw .malformedTile }
        return entries.flatMap { [UInt8($0.count >> 8), UInt8($0.count & 0xff)] + $0 }
    }

    /// The entries of a bundle, exactly ``width`` of them.
    ///
    /// - Throws: ``MerkleLogError/malformedTile``, also for a tile of hashes.
    public func entries(in bundle: [UInt8]) throws(MerkleLogError) -> [[UInt8]] {
        guard content == .entries else { throw .malformedTile }
        var entries: [[UInt8]] = []
        var offset = 0
        while offset < bundle.count {
            guard offset + 2 <= bundle.count else { throw .malformedTile }
            let count = Int(bundle[offset]) << 8 | Int(bundle[offset + 1])
            guard count <= bundle.count - offset - 2, entries.count < width else { throw .malformedTile }
            entries.append(Array(bundle[(offset + 2)..<(offset + 2 + count)]))
            offset += 2 + count
        }
        guard entries.count == width else { throw .malformedTile }
        return entries
    }

    /// The hashes of a tile, exactly ``width`` of them.
    ///
    /// - Throws: ``MerkleLogError/malformedTile``, also for a tile of entries.
    public func hashes(in bytes: [UInt8]) throws(MerkleLogError) -> [NodeHash] {
        guard content != .entries, bytes.count == width * NodeHash.byteCount else { throw .malformedTile }
        return try NodeHash.array(bytes)
    }
}

extension MerkleTree {
    /// The bytes of a tile of hashes.
    ///
    /// - Throws: ``MerkleLogError/malformedTile`` when the tree is too small for it, or for a tile of entries.
    public func bytes(of tile: Tile) throws(MerkleLogError) -> [UInt8] {
        guard case .hashes(let level) = tile.content, let start = Int(exactly: tile.index * UInt64(Tile.fullWidth)),
            let nodes = completeNodes(height: 8 * level, start..<(start + tile.width))
        else { throw .malformedTile }
        return NodeHash.column(Array(nodes))
    }
}
