// SPDX-License-Identifier: Apache-2.0

/// `expand_message_xmd` with SHA-512 (RFC 9380 section 5.3.1): `count` uniform bytes from a message and a domain separation tag.
///
/// - Parameters:
///   - dst: Domain separation tag, at least one byte; longer than 255 bytes is hashed first (section 5.3.3).
///   - count: 1...16320 (255 blocks of 64 bytes).
/// - Throws: ``PrimitivesError/invalidLength(_:)`` when `dst` is empty or `count` is out of range.
public func expandMessageXMD(message: Span<UInt8>, dst: Span<UInt8>, count: Int) throws(PrimitivesError) -> [UInt8] {
    let blockByteCount = 128
    let hashByteCount = SHA512.byteCount
    guard dst.count > 0 else { throw .invalidLength("dst") }
    guard count > 0, count <= 255 * hashByteCount else { throw .invalidLength("count") }
    var tag: [UInt8] = []
    if dst.count > 255 {
        var hasher = SHA512.Hasher()
        hasher.update(Array("H2C-OVERSIZE-DST-".utf8))
        hasher.update(dst)
        tag = hasher.finalize()
    } else {
        tag.append(dst)
    }
    tag.append(UInt8(tag.count))

    var hasher = SHA512.Hasher()
    hasher.update([UInt8](repeating: 0, count: blockByteCount))
    hasher.update(message)
    hasher.update([UInt8(count >> 8), UInt8(count & 0xff), 0])
    hasher.update(tag)
    let first = hasher.finalize()

    var block = SHA512.hash(first + [1] + tag)
    var output = block
    var index: UInt8 = 1
    while output.count < count {
        index += 1
        for position in 0..<hashByteCount { block[position] ^= first[position] }
        block = SHA512.hash(block + [index] + tag)
        output += block
    }
    output.removeLast(output.count - count)
    return output
}

/// `expand_message_xmd` with SHA-512 over arrays; see the version over spans.
public func expandMessageXMD(message: [UInt8], dst: [UInt8], count: Int) throws(PrimitivesError) -> [UInt8] {
    try expandMessageXMD(message: message.span, dst: dst.span, count: count)
}
