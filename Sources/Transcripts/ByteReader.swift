// SPDX-License-Identifier: Apache-2.0

/// The unread remainder of an encoded message. A read that fails consumes nothing.
public struct ByteReader: Sendable {
    private let bytes: [UInt8]
    private var position = 0

    /// All of `bytes` unread.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// How many bytes are unread.
    public var remaining: Int { bytes.count - position }

    /// `DeserializeBytes`: the next `count` bytes.
    public mutating func read(_ count: Int) throws(CodecError) -> [UInt8] {
        guard count >= 0, remaining >= count else { throw .truncated }
        defer { position += count }
        return Array(bytes[position..<position + count])
    }

    /// The next four bytes as a little-endian integer.
    public mutating func readUInt32() throws(CodecError) -> UInt32 {
        guard remaining >= 4 else { throw .truncated }
        defer { position += 4 }
        return (0..<4).reduce(0) { $0 | UInt32(bytes[position + $1]) &<< UInt32(8 * $1) }
    }

    /// `DeserializeVarLenString`: four bytes of length, then the payload.
    public mutating func readVarLenString() throws(CodecError) -> [UInt8] {
        let start = position
        let count = try readUInt32()
        guard remaining >= Int(count) else {
            position = start
            throw .truncated
        }
        return try read(Int(count))
    }

    /// Refuses unread bytes: they would make a proof malleable.
    public func finish() throws(CodecError) {
        guard remaining == 0 else { throw .trailingBytes }
    }
}

/// Why a message could not be read.
public enum CodecError: Error, Equatable, Sendable {
    /// Fewer bytes than the type needs.
    case truncated
    /// Bytes remain after the last message.
    case trailingBytes
    /// An integer is not below its modulus.
    case notReduced
}
