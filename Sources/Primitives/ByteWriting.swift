// SPDX-License-Identifier: Apache-2.0

extension [UInt8] {
    /// Appends the bytes of a span.
    public mutating func append(_ bytes: Span<UInt8>) {
        bytes.withUnsafeBufferPointer { append(contentsOf: $0) }
    }

    /// Appends 2 bytes, least significant first.
    public mutating func appendLE16(_ value: UInt16) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }

    /// Appends 4 bytes, least significant first.
    public mutating func appendLE32(_ value: UInt32) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }

    /// Appends 8 bytes, least significant first.
    public mutating func appendLE64(_ value: UInt64) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }

    /// Appends 4 bytes, most significant first.
    public mutating func appendBE32(_ value: UInt32) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }

    /// Appends 8 bytes, most significant first.
    public mutating func appendBE64(_ value: UInt64) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }

    /// Appends LE32(count) || bytes, the drafts' SerializeVarLenString. `bytes` has fewer than 2^32 bytes.
    public mutating func appendLengthPrefixed(_ bytes: [UInt8]) {
        appendLE32(UInt32(bytes.count))
        append(contentsOf: bytes)
    }
}

/// LE32(count) || bytes, the drafts' SerializeVarLenString. `bytes` has fewer than 2^32 bytes.
public func lengthPrefixed(_ bytes: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count + 4)
    output.appendLengthPrefixed(bytes)
    return output
}

/// LE32(count) || UTF-8 bytes of `text`.
public func lengthPrefixed(_ text: String) -> [UInt8] {
    lengthPrefixed(Array(text.utf8))
}
