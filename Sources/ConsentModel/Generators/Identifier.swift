// SPDX-License-Identifier: Apache-2.0
public import Groups
internal import Primitives

/// The group of every commitment and proof of the consent layer.
public typealias Suite = Ristretto255

/// Identifiers as scalars (docs/protocol.md section 1.2).
public enum Identifier {
    /// `SHA-512(LP("zkconsent/v1/id") LP(type) LP(bytes))`: 64 bytes, to be reduced modulo the group order.
    ///
    /// - Parameters:
    ///   - type: The semantic type, the same in every schema.
    ///   - bytes: The canonical bytes: UTF-8 text, or 32 bytes for a record.
    public static func wideBytes(type: String, bytes: [UInt8]) -> [UInt8] {
        var message = lengthPrefixed("zkconsent/v1/id")
        message.append(contentsOf: lengthPrefixed(type))
        message.appendLengthPrefixed(bytes)
        return SHA512.hash(message)
    }

    /// ``wideBytes(type:bytes:)`` of many ids of one type, one after the other.
    package struct ManyHasher: ~Copyable {
        private let prefix: [UInt8]
        private var hasher = SHA512.ManyHasher()

        /// A hasher of ids of a type.
        package init(type: String) {
            prefix = lengthPrefixed("zkconsent/v1/id") + lengthPrefixed(type)
        }

        /// The 64 bytes of an id, into memory of the caller.
        package mutating func hash(_ bytes: [UInt8], into output: inout MutableSpan<UInt8>) {
            var count: [UInt8] = []
            count.appendLE32(UInt32(bytes.count))
            hasher.hash(prefix + count, bytes, into: &output)
        }
    }

    /// The scalar of a public id. For secret ids reduce ``wideBytes(type:bytes:)`` into a cell instead.
    public static func scalar(type: String, bytes: [UInt8]) -> Suite.Scalar {
        Suite.Scalar(reducingWide: wideBytes(type: type, bytes: bytes).span)
    }

    /// The canonical bytes of a record id: `SHA-256(LP("zkconsent/v1/record") LP(dataset id) LP(row key) LP(row))`.
    public static func recordDigest(datasetID: String, rowKey: [UInt8], row: [UInt8]) -> [UInt8] {
        var message = lengthPrefixed("zkconsent/v1/record")
        message.append(contentsOf: lengthPrefixed(datasetID))
        message.appendLengthPrefixed(rowKey)
        message.appendLengthPrefixed(row)
        return SHA256.hash(message)
    }
}

extension Schema.Attribute {
    /// The scalar that commits a public value; `nil` if the value is not of this attribute's kind. Variable time.
    public func scalar(of value: ConsentValue) -> Suite.Scalar? {
        switch (kind, value) {
        case (.id(let type), .id(let bytes)): Identifier.scalar(type: type, bytes: bytes)
        case (.uint, .uint(let number)): Suite.Scalar(number)
        default: nil
        }
    }

    /// 64 little-endian bytes that reduce modulo the group order to the scalar of a value; `nil` if it is not of this attribute's kind.
    ///
    /// For secret values: feed it to `Suite.reduce(wide:into:)`, and wipe it.
    public func wideBytes(of value: ConsentValue) -> [UInt8]? {
        switch (kind, value) {
        case (.id(let type), .id(let bytes)): return Identifier.wideBytes(type: type, bytes: bytes)
        case (.uint, .uint(let number)):
            var bytes: [UInt8] = []
            bytes.appendLE64(number)
            return bytes + [UInt8](repeating: 0, count: 56)
        default: return nil
        }
    }
}
