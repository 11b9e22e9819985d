// SPDX-License-Identifier: Apache-2.0

/// What ``expandMessageXOF(_:message:dst:count:)`` refuses.
public enum ExpandMessageError: Error, Equatable, Sendable {
    /// The function is neither SHAKE128 nor SHAKE256.
    case function
    /// The domain separation tag is empty.
    case emptyTag
    /// The number of bytes is not in `1...65535`.
    case count
}

/// `expand_message_xof` (RFC 9380 section 5.3.2): `count` uniform bytes from a message and a domain separation tag.
///
/// Timing: depends on lengths only.
///
/// - Parameters:
///   - function: SHAKE128, for a security level `k` of 128 bits, or SHAKE256, for 256.
///   - dst: Domain separation tag, at least one byte; longer than 255 bytes is hashed to `2k` bits first (section 5.3.3).
///   - count: 1...65535.
public func expandMessageXOF(
    _ function: KeccakFunction, message: [UInt8], dst: [UInt8], count: Int
) throws(ExpandMessageError) -> [UInt8] {
    let longTagByteCount: Int
    switch function {
    case .shake128: longTagByteCount = 32
    case .shake256: longTagByteCount = 64
    default: throw .function
    }
    guard !dst.isEmpty else { throw .emptyTag }
    guard 1...65_535 ~= count else { throw .count }
    var xof = KeccakXOF(function)
    xof.absorb(message)
    xof.absorb([UInt8(count >> 8), UInt8(count & 0xff)])
    let tag = dst.count > 255 ? KeccakXOF.hash(function, Array("H2C-OVERSIZE-DST-".utf8) + dst, count: longTagByteCount) : dst
    xof.absorb(tag)
    xof.absorb([UInt8(tag.count)])
    var reader = xof.finished()
    return reader.read(count)
}
