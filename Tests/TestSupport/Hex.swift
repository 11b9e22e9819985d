// SPDX-License-Identifier: Apache-2.0

/// The bytes of a hexadecimal string of even length; `nil` for anything else.
public func bytes(hex: String) -> [UInt8]? {
    let digits = hex.compactMap { $0.hexDigitValue }
    guard digits.count == hex.count, digits.count % 2 == 0 else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}

/// The lower-case hexadecimal form.
public func hex(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef")
    return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
}
