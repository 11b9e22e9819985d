// SPDX-License-Identifier: Apache-2.0

/// A bounded cursor over bytes that may be hostile: every read throws with its offset, none traps.
public struct ByteReader: Sendable {
    private let bytes: [UInt8]
    /// The position of the next byte, in 0...count.
    public private(set) var offset = 0

    /// A cursor at the first byte.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// How many bytes have not been read.
    public var remaining: Int { bytes.count - offset }

    /// The next byte.
    public mutating func readUInt8() throws(PrimitivesError) -> UInt8 {
        UInt8(try readLittleEndian(byteCount: 1))
    }

    /// The next 2 bytes, least significant first.
    public mutating func readLE16() throws(PrimitivesError) -> UInt16 {
        UInt16(try readLittleEndian(byteCount: 2))
    }

    /// The next 4 bytes, least significant first.
    public mutating func readLE32() throws(PrimitivesError) -> UInt32 {
        UInt32(try readLittleEndian(byteCount: 4))
    }

    /// The next 8 bytes, least significant first.
    public mutating func readLE64() throws(PrimitivesError) -> UInt64 {
        try readLittleEndian(byteCount: 8)
    }

    /// The next 4 bytes, most significant first.
    public mutating func readBE32() throws(PrimitivesError) -> UInt32 {
        UInt32(try readLittleEndian(byteCount: 4)).byteSwapped
    }

    /// The next 8 bytes, most significant first.
    public mutating func readBE64() throws(PrimitivesError) -> UInt64 {
        try readLittleEndian(byteCount: 8).byteSwapped
    }

    /// The next `count` bytes; a negative count is refused like one that is too large.
    public mutating func readBytes(_ count: Int) throws(PrimitivesError) -> [UInt8] {
        guard count >= 0, count <= remaining else { throw .unexpectedEnd(offset: offset) }
        defer { offset += count }
        return Array(bytes[offset..<offset + count])
    }

    /// LE32(count) and then `count` bytes, at most `limit`.
    public mutating func readLengthPrefixed(limit: Int) throws(PrimitivesError) -> [UInt8] {
        let start = offset
        let count = Int(try readLE32())
        guard count <= limit else { throw .limitExceeded(offset: start) }
        return try readBytes(count)
    }

    /// Refuses bytes after the last field.
    public func expectEnd() throws(PrimitivesError) {
        guard remaining == 0 else { throw .trailingBytes(offset: offset) }
    }

    private mutating func readLittleEndian(byteCount: Int) throws(PrimitivesError) -> UInt64 {
        guard byteCount <= remaining else { throw .unexpectedEnd(offset: offset) }
        var value: UInt64 = 0
        for index in (0..<byteCount).reversed() { value = value << 8 | UInt64(bytes[offset + index]) }
        offset += byteCount
        return value
    }
}
