// SPDX-License-Identifier: Apache-2.0

/// `LE(value, 4)`.
public func littleEndian(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value &>> UInt32(8 * $0)) }
}

/// `LE(value, 8)`.
public func littleEndian(_ value: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: value &>> UInt64(8 * $0)) }
}

/// `SerializeVarLenString`: four bytes of length, then the payload, so that a sequence of strings has one reading.
///
/// - Precondition: fewer than 2^32 bytes.
public func lengthPrefixed(_ bytes: [UInt8]) -> [UInt8] {
    littleEndian(UInt32(bytes.count)) + bytes
}

/// The codecs of integers modulo a public number, of any size, as strings of little-endian bytes.
///
/// The groups have their own scalars; this is the general form for tests, conformance and other protocols.
///
/// Timing: variable.
public struct ModularCodec: Sendable {
    /// The byte order of a serialised integer; squeezed bytes are always read little-endian.
    public enum ByteOrder: Sendable {
        /// The default.
        case littleEndian
        /// For fields whose own standard says so (P-256, BLS12-381).
        case bigEndian
    }

    /// The modulus `M`, little-endian, ``byteCount`` bytes.
    public let modulus: [UInt8]
    /// The smallest `Ns` with `256^Ns >= M`.
    public let byteCount: Int
    /// The order of serialised bytes.
    public let byteOrder: ByteOrder

    /// The integers modulo `modulus`, given little-endian; `nil` for a modulus below 2.
    public init?(modulus: [UInt8], byteOrder: ByteOrder = .littleEndian) {
        var trimmed = modulus
        while trimmed.last == 0 { trimmed.removeLast() }
        guard trimmed.count > 1 || (trimmed.first ?? 0) > 1 else { return nil }
        let isPowerOf256 = trimmed.last == 1 && trimmed.dropLast().allSatisfy { $0 == 0 }
        byteCount = isPowerOf256 ? trimmed.count - 1 : trimmed.count
        self.modulus = trimmed
        self.byteOrder = byteOrder
    }

    /// `SerializeUint`: ``byteCount`` bytes; refuses a value (little-endian, any length) that is not below the modulus.
    public func serialize(_ value: [UInt8]) throws(CodecError) -> [UInt8] {
        guard isBelow(value, modulus) else { throw .notReduced }
        let bytes = (0..<byteCount).map { $0 < value.count ? value[$0] : 0 }
        return byteOrder == .bigEndian ? bytes.reversed() : bytes
    }

    /// `DeserializeUint`: ``byteCount`` little-endian bytes of a value below the modulus.
    public func deserialize(_ reader: inout ByteReader) throws(CodecError) -> [UInt8] {
        var attempt = reader
        var bytes = try attempt.read(byteCount)
        if byteOrder == .bigEndian { bytes.reverse() }
        guard isBelow(bytes, modulus) else { throw .notReduced }
        reader = attempt
        return bytes
    }

    /// `DeserializeField` for an extension of degree `degree`: that many coordinates.
    public func deserialize(_ reader: inout ByteReader, degree: Int) throws(CodecError) -> [[UInt8]] {
        var attempt = reader
        var coordinates: [[UInt8]] = []
        for _ in 0..<degree { coordinates.append(try deserialize(&attempt)) }
        reader = attempt
        return coordinates
    }

    /// The number of bytes that ``decode(_:)`` takes: `Ns + 16`.
    public var wideByteCount: Int { byteCount + 16 }

    /// `DecodeUint`: little-endian bytes reduced modulo `M`, ``byteCount`` bytes; the draft squeezes ``wideByteCount``.
    public func decode(_ bytes: [UInt8]) -> [UInt8] {
        // Horner over the bits, most significant first: r = 2 r + bit, less M when it is reached.
        var remainder = [UInt8](repeating: 0, count: modulus.count + 1)
        for byte in bytes.reversed() {
            for bit in stride(from: UInt8(7), through: 0, by: -1) {
                var carry = (byte &>> bit) & 1
                for index in remainder.indices {
                    let top = remainder[index] &>> 7
                    remainder[index] = remainder[index] &<< 1 | carry
                    carry = top
                }
                if !isBelow(remainder, modulus) { subtractModulus(from: &remainder) }
            }
        }
        return Array(remainder.prefix(byteCount))
    }

    private func subtractModulus(from value: inout [UInt8]) {
        var borrow = 0
        for index in value.indices {
            let difference = Int(value[index]) - (index < modulus.count ? Int(modulus[index]) : 0) - borrow
            value[index] = UInt8(truncatingIfNeeded: difference)
            borrow = difference < 0 ? 1 : 0
        }
    }

    /// Whether `a < b` as little-endian integers.
    private func isBelow(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        for index in stride(from: max(a.count, b.count) - 1, through: 0, by: -1) {
            let (x, y) = (index < a.count ? a[index] : 0, index < b.count ? b[index] : 0)
            if x != y { return x < y }
        }
        return false
    }
}
