// SPDX-License-Identifier: Apache-2.0

internal import Cores
public import Groups
internal import Primitives

/// The one derivation of generators (docs/protocol.md section 1.1), for every group.
public enum LabelledGenerators {
    /// `gen(p1, ..., pk)` for each list of parts, with the group's name in the tag: the group's hash of `expand_message_xmd` (RFC 9380
    /// section 5.3.1, SHA-512) of the length-prefixed parts. On all cores. Nobody knows a relation between generators of different labels.
    public static func derive<G: Group>(_ group: G.Type, _ labels: [[[UInt8]]]) -> [G.Point] {
        let tag = Array("zkconsent/v1/generator/\(G.name)".utf8)
        let width = G.uniformByteCount
        let uniform = [UInt8](unsafeUninitializedCapacity: labels.count * width) { output, initialized in
            Parallel.chunks(labels.count, minimum: 128) { range in
                for index in range {
                    var message: [UInt8] = []
                    for part in labels[index] { message.appendLengthPrefixed(part) }
                    // Lengths and tag are within the limits of the function, so it does not throw.
                    let bytes = (try? expandMessageXMD(message: message, dst: tag, count: width)) ?? []
                    for (offset, byte) in bytes.enumerated() { output[index * width + offset] = byte }
                }
            }
            initialized = labels.count * width
        }
        return G.points(uniformBytes: uniform.span)
    }

    /// `LE32(number)` as a part.
    public static func number(_ number: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendLE32(UInt32(number))
        return bytes
    }
}
