// SPDX-License-Identifier: Apache-2.0

/// Base64 with the standard alphabet and padding (RFC 4648 section 4). For public data: variable time.
///
/// Every byte string has exactly one accepted text: white space, missing or surplus padding and non-zero padding bits are refused.
public enum Base64 {
    /// The text of `bytes`, padded, without line breaks.
    public static func encode(_ bytes: [UInt8]) -> String {
        let count = bytes.count
        return String(unsafeUninitializedCapacity: (count + 2) / 3 * 4) { output in
            var position = 0
            for start in stride(from: 0, to: count, by: 3) {
                let second = start + 1 < count ? bytes[start + 1] : 0
                let third = start + 2 < count ? bytes[start + 2] : 0
                let group = Int(bytes[start]) << 16 | Int(second) << 8 | Int(third)
                output[position] = alphabet[group >> 18]
                output[position + 1] = alphabet[group >> 12 & 63]
                output[position + 2] = start + 1 < count ? alphabet[group >> 6 & 63] : pad
                output[position + 3] = start + 2 < count ? alphabet[group & 63] : pad
                position += 4
            }
            return position
        }
    }

    /// The bytes of a canonical text.
    ///
    /// - Throws: ``PrimitivesError/invalidEncoding(offset:)``.
    public static func decode(_ text: String) throws(PrimitivesError) -> [UInt8] {
        try decode(Array(text.utf8))
    }

    /// The bytes of a canonical text given as ASCII.
    ///
    /// - Throws: ``PrimitivesError/invalidEncoding(offset:)``.
    public static func decode(_ text: [UInt8]) throws(PrimitivesError) -> [UInt8] {
        guard text.count % 4 == 0 else { throw .invalidEncoding(offset: text.count) }
        var padding = 0
        while padding < 2, padding < text.count, text[text.count - 1 - padding] == pad { padding += 1 }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        for start in stride(from: 0, to: text.count, by: 4) {
            let digits = start + 4 == text.count ? 4 - padding : 4
            var group: UInt32 = 0
            for index in 0..<4 {
                group <<= 6
                guard index < digits else { continue }
                let value = values[Int(text[start + index])]
                guard value < 64 else { throw .invalidEncoding(offset: start + index) }
                group |= UInt32(value)
            }
            // 4 or 2 bits are left over below 2 or 3 digits; they must be zero.
            if digits == 2, group & 0xffff != 0 { throw .invalidEncoding(offset: start + 1) }
            if digits == 3, group & 0xff != 0 { throw .invalidEncoding(offset: start + 2) }
            bytes.append(UInt8(group >> 16))
            if digits > 2 { bytes.append(UInt8(group >> 8 & 0xff)) }
            if digits > 3 { bytes.append(UInt8(group & 0xff)) }
        }
        return bytes
    }

    private static let pad = UInt8(ascii: "=")
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    /// The value of each ASCII character, 255 for those outside the alphabet.
    private static let values: [UInt8] = {
        var table = [UInt8](repeating: 255, count: 256)
        for (value, character) in alphabet.enumerated() { table[Int(character)] = UInt8(value) }
        return table
    }()
}
