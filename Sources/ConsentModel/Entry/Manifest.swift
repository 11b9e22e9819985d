// SPDX-License-Identifier: Apache-2.0
public import MerkleLog
internal import Primitives

/// The registry leaf that fixes a dataset before it is used: its name, holder, and every data point (docs/formats.md).
public struct Manifest: Hashable, Sendable {
    /// The name of the dataset.
    public let dataset: String
    /// Who holds it.
    public let holder: String
    /// N, at least 1 and at most 2^32.
    public let dataPointCount: UInt64
    /// The RFC 6962 root over the 32-byte encodings of `D_1 ... D_N` as leaves.
    public let root: NodeHash

    /// In the JSON.
    static let version = FormatVersion(1, of: "a manifest")
    /// The longest registry leaf in bytes.
    public static let byteCountLimit = 8_192
    /// The bytes of the names of a dataset and a holder.
    static let nameByteCounts = 1...1024
    /// The largest N.
    public static let dataPointLimit: UInt64 = 1 << 32

    /// A manifest of these parts.
    public init(dataset: String, holder: String, dataPointCount: UInt64, root: NodeHash) throws(ModelError) {
        guard Self.nameByteCounts.contains(dataset.utf8.count), Self.nameByteCounts.contains(holder.utf8.count) else {
            throw ModelError("invalid-value", "dataset and holder of a manifest have 1 to \(Self.nameByteCounts.upperBound) bytes")
        }
        guard (1...Self.dataPointLimit).contains(dataPointCount) else {
            throw ModelError("invalid-value", "a manifest has 1 to 2^32 data points")
        }
        self.dataset = dataset
        self.holder = holder
        self.dataPointCount = dataPointCount
        self.root = root
    }

    /// The manifest of a column of data points.
    ///
    /// - Parameter dataPoints: The encodings of `D_1 ... D_N`, 32 bytes each.
    public init(dataset: String, holder: String, dataPoints: Span<UInt8>) throws(ModelError) {
        try self.init(
            dataset: dataset, holder: holder, dataPointCount: UInt64(dataPoints.count / 32), root: try Self.root(ofDataPoints: dataPoints))
    }

    /// The RFC 6962 root over a column of data points, 32 bytes each.
    public static func root(ofDataPoints column: Span<UInt8>) throws(ModelError) -> NodeHash {
        guard let leaves = try? LeafHash.hashes(ofEntries: column, entryByteCount: 32) else {
            throw ModelError("manifest-column", "the data points do not have 32 bytes each")
        }
        return NodeHash.root(ofLeaves: leaves)
    }

    /// Parses a registry leaf, which must be in RFC 8785 form.
    public init(parsing leaf: [UInt8]) throws(ModelError) {
        let json = try JSONValue(parsing: leaf, limits: .init(byteCount: Self.byteCountLimit, depth: 1, nodeCount: 32))
        let record = try JSONRecord(
            json, what: "a manifest", kind: "manifest", version: Self.version, names: ["data_points", "dataset", "holder", "root"])
        guard json.canonical == leaf else { throw ModelError("not-canonical", "the manifest is not in RFC 8785 form") }
        guard let root = try? NodeHash(try record.bytes("root", 32)) else {
            throw ModelError("invalid-value", "root of a manifest must be 64 lower-case hex digits")
        }
        try self.init(
            dataset: try record.text("dataset"), holder: try record.text("holder"), dataPointCount: try record.uint("data_points"),
            root: root)
    }

    /// The registry leaf: RFC 8785 JSON without a newline.
    public var leaf: [UInt8] {
        JSONValue.object([
            "data_points": .integer(Int64(clamping: dataPointCount)), "dataset": .string(dataset), "holder": .string(holder),
            "kind": .string("manifest"), "root": .string(Hex.encode(root.bytes)), "version": Self.version.json,
        ]).canonical
    }

    /// The leaf hash in the registry log.
    public var leafHash: LeafHash { LeafHash(entry: leaf) }
}
