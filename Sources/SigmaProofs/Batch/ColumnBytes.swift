// SPDX-License-Identifier: Apache-2.0

package import Groups
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

/// Elements at some places of each record, each place a column over the records, and the records in which one of them is refused, ascending. The
/// element of a refused encoding is the identity.
///
/// - Parameter parts: where the encodings are in a record of `width` bytes.
@specialized(where G == Ristretto255)
package func decodedColumns<G: Group>(
    _ group: G.Type, _ records: Span<UInt8>, width: Int, parts: [Range<Int>]
) -> (columns: [[G.Point]], refused: [Int]) {
    let count = width == 0 ? 0 : records.count / width
    // Few records: one call for all places, for the vector kernel takes 24 elements at a time.
    let isJoint = count < 24
    var (columns, refused) = ([[G.Point]](), Set<Int>())
    var joint: [UInt8] = []
    for part in parts {
        let bytes = columnBytes(records, width: width, part: part)
        if isJoint {
            joint += bytes
        } else {
            let column = G.decodeEach(canonical: bytes.span)
            columns.append(column.points)
            refused.formUnion(column.refused)
        }
    }
    if isJoint {
        let all = G.decodeEach(canonical: joint.span)
        for place in parts.indices { columns.append(Array(all.points[place * count..<(place + 1) * count])) }
        for index in all.refused { refused.insert(index % count) }
    }
    return (columns, refused.sorted())
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
