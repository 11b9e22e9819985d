// SPDX-License-Identifier: Apache-2.0
public import Primitives

/// A hash of an inner node, or of any subtree, of an RFC 6962 tree: 32 bytes, public.
///
/// Invariant: the memory of the four words is the hash, byte for byte, so arrays of hashes are columns of bytes.
public struct NodeHash: Hashable, Sendable, BitwiseCopyable {
    private var words: (UInt64, UInt64, UInt64, UInt64)

    /// The length of a hash in bytes.
    public static let byteCount = 32

    /// The hash with these 32 bytes.
    ///
    /// - Throws: ``MerkleLogError/hashLength(_:)``.
    public init(_ bytes: [UInt8]) throws(MerkleLogError) {
        guard bytes.count == Self.byteCount else { throw .hashLength(bytes.count) }
        self = bytes.withUnsafeBytes { NodeHash(unchecked: $0) }
    }

    /// RFC 6962 section 2.1: SHA-256(0x01 || left || right).
    public init(left: NodeHash, right: NodeHash) {
        self = NodeHash.parents(of: [left, right])[0]
    }

    /// The root of the tree without leaves: SHA-256 of nothing.
    public static let emptyRoot = SHA256.hash([]).withUnsafeBytes { NodeHash(unchecked: $0) }

    /// The 32 bytes.
    public var bytes: [UInt8] {
        Swift.withUnsafeBytes(of: words) { [UInt8]($0) }
    }

    /// `bytes` holds at least 32 bytes.
    init(unchecked bytes: UnsafeRawBufferPointer) {
        words = (
            bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self), bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
            bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self), bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
        )
    }

    public static func == (left: NodeHash, right: NodeHash) -> Bool {
        left.words == right.words
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }
}

// MARK: - Columns

extension NodeHash {
    /// The hashes in a column of consecutive 32-byte values.
    ///
    /// - Throws: ``MerkleLogError/hashLength(_:)`` when the column does not end with a whole hash.
    public static func array(_ column: [UInt8]) throws(MerkleLogError) -> [NodeHash] {
        guard column.count % byteCount == 0 else { throw .hashLength(column.count % byteCount) }
        return array(unchecked: column)
    }

    /// The column of 32-byte values of these hashes.
    public static func column(_ hashes: [NodeHash]) -> [UInt8] {
        hashes.withUnsafeBytes { [UInt8]($0) }
    }

    static func array(unchecked column: [UInt8]) -> [NodeHash] {
        column.withUnsafeBytes { column in
            let count = column.count / byteCount
            return [NodeHash](unsafeUninitializedCapacity: count) { output, initialized in
                UnsafeMutableRawBufferPointer(output).copyMemory(from: UnsafeRawBufferPointer(rebasing: column[..<(count * byteCount)]))
                initialized = count
            }
        }
    }

    /// The parents of the complete pairs among `nodes`, in order; a last odd node is not read.
    static func parents(of nodes: [NodeHash]) -> [NodeHash] {
        parents(of: nodes[...])
    }

    /// The parents of the complete pairs among `nodes`, in order; a last odd node is not read.
    static func parents(of nodes: ArraySlice<NodeHash>) -> [NodeHash] {
        parents(of: nodes.span)
    }

    /// The parents of the complete pairs among `nodes`, in order; a last odd node is not read. On all cores.
    static func parents(of nodes: Span<NodeHash>) -> [NodeHash] {
        let count = nodes.count / 2
        return [NodeHash](unsafeUninitializedCapacity: count) { output, initialized in
            nodes.withUnsafeBytes { raw in
                let pairs = UnsafeRawBufferPointer(rebasing: raw[..<(2 * count * byteCount)])
                SHA256.hashEach(prefix: 1, recordByteCount: 2 * byteCount, pairs, into: output.baseAddress)
            }
            initialized = count
        }
    }
}

/// The hash of a log entry, SHA-256(0x00 || entry): never confused with an inner node's.
public struct LeafHash: Hashable, Sendable, BitwiseCopyable {
    /// The hash as the tree of one leaf.
    public let node: NodeHash

    /// RFC 6962 section 2.1: SHA-256(0x00 || entry).
    public init(entry: Span<UInt8>) {
        var hasher = SHA256.Hasher()
        hasher.update([0])
        hasher.update(entry)
        node = hasher.finalize().withUnsafeBytes { NodeHash(unchecked: $0) }
    }

    /// RFC 6962 section 2.1: SHA-256(0x00 || entry).
    public init(entry: [UInt8]) {
        self.init(entry: entry.span)
    }

    /// A leaf hash computed earlier, with these 32 bytes.
    ///
    /// - Throws: ``MerkleLogError/hashLength(_:)``.
    public init(_ bytes: [UInt8]) throws(MerkleLogError) {
        node = try NodeHash(bytes)
    }

    /// The leaf hash that is this node.
    public init(node: NodeHash) {
        self.node = node
    }

    /// The 32 bytes.
    public var bytes: [UInt8] { node.bytes }

    /// The leaf hashes of consecutive entries of equal length, on all cores.
    ///
    /// - Throws: ``PrimitivesError/invalidLength(_:)`` when the entries do not fill `column` exactly.
    public static func hashes(ofEntries column: Span<UInt8>, entryByteCount: Int) throws(PrimitivesError) -> [LeafHash] {
        guard entryByteCount > 0, column.count % entryByteCount == 0 else { throw .invalidLength("records") }
        let count = column.count / entryByteCount
        return [LeafHash](unsafeUninitializedCapacity: count) { output, initialized in
            column.withUnsafeBytes { SHA256.hashEach(prefix: 0, recordByteCount: entryByteCount, $0, into: output.baseAddress) }
            initialized = count
        }
    }

    /// The leaf hashes of consecutive entries of equal length; see the version over a span.
    public static func hashes(ofEntries column: [UInt8], entryByteCount: Int) throws(PrimitivesError) -> [LeafHash] {
        try hashes(ofEntries: column.span, entryByteCount: entryByteCount)
    }
}
