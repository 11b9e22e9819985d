// SPDX-License-Identifier: Apache-2.0

internal import Transcripts

/// 128-bit coefficients expanded from a seed: `w_10b ... w_10b+9` are the first 160 bytes of
/// `SHAKE128(LP(label) || seed || LE64(b))` as ten 16-byte little-endian integers.
///
/// The weight of position `i` depends on the seed and on `i`, never on how positions are cut into chunks.
struct RandomWeights: Sendable {
    static let perBlock = 10
    static let byteCount = 16

    let label: String
    let seed: [UInt8]

    /// `w_i` for each `i` in `positions`, which starts at 0 or above.
    func weights(_ positions: Range<Int>) -> [UInt128] {
        guard !positions.isEmpty else { return [] }
        let firstBlock = positions.lowerBound / Self.perBlock
        let endBlock = (positions.upperBound + Self.perBlock - 1) / Self.perBlock
        var counters: [UInt8] = []
        counters.reserveCapacity(8 * (endBlock - firstBlock))
        for block in firstBlock..<endBlock { withUnsafeBytes(of: UInt64(block).littleEndian) { counters += $0 } }
        var xof = SHAKE128()
        xof.absorb(lengthPrefixed(Array(label.utf8)) + seed)
        let bytes = xof.hashEach(counters.span, messageByteCount: 8, byteCount: Self.perBlock * Self.byteCount)
        let skipped = Self.byteCount * (positions.lowerBound - firstBlock * Self.perBlock)
        return [UInt128](unsafeUninitializedCapacity: positions.count) { buffer, initialized in
            bytes.withUnsafeBytes { bytes in
                let wanted = bytes[skipped..<skipped + Self.byteCount * positions.count]
                UnsafeMutableRawBufferPointer(buffer).copyMemory(from: UnsafeRawBufferPointer(rebasing: wanted))
            }
            initialized = positions.count
        }
    }
}
