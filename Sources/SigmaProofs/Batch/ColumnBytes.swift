// SPDX-License-Identifier: Apache-2.0

internal import Transcripts

// Records of bytes that lie end to end: parts of each, and a digest of all.

/// Bytes `part` of each record of `width` bytes, end to end.
package func columnBytes(_ records: Span<UInt8>, width: Int, part: Range<Int>) -> [UInt8] {
    let count = width == 0 ? 0 : records.count / width
    return [UInt8](unsafeUninitializedCapacity: count * part.count) { buffer, initialized in
        let out = UnsafeMutableRawBufferPointer(buffer)
        records.withUnsafeBytes { records in
            for index in 0..<count {
                let source = records[index * width + part.lowerBound..<index * width + part.upperBound]
                UnsafeMutableRawBufferPointer(rebasing: out[index * part.count..<(index + 1) * part.count])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: source))
            }
        }
        initialized = count * part.count
    }
}

/// The first level with at most 128 nodes of a tree over records of equal length: SHAKE128 outputs of 32 bytes, 128 children to a node, so that the
/// work is done eight at a time. It binds every byte; the number of records and their length are the caller's to bind.
package func columnDigest(_ records: Span<UInt8>, width: Int) -> [UInt8] {
    let nodeByteCount = 128 * 32
    var leaf = SHAKE128()
    leaf.absorb([0])
    var level = leaf.hashEach(records, messageByteCount: width, byteCount: 32)
    var height: UInt8 = 1
    while level.count > nodeByteCount {
        var node = SHAKE128()
        node.absorb([height])
        let whole = level.count / nodeByteCount * nodeByteCount
        let parents = node.hashEach(level.span.extracting(0..<whole), messageByteCount: nodeByteCount, byteCount: 32)
        level = parents + level[whole...]
        height += 1
    }
    return level
}
