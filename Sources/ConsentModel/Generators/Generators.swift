// SPDX-License-Identifier: Apache-2.0
internal import Cores
public import Groups
internal import Primitives

/// The derivation of every generator (docs/protocol.md section 1.1).
public enum Generators {
    /// The domain separation tag of `expand_message_xmd`.
    public static let domainSeparationTag = "zkconsent/v1/generator/ristretto255"

    /// `gen(p1, ..., pk)` for each list of parts: the element derivation of RFC 9496 section 4.3.4 from 64 bytes of `expand_message_xmd`
    /// (RFC 9380 section 5.3.1, SHA-512) of the length-prefixed parts.
    public static func derive(_ labels: [[[UInt8]]]) -> [Suite.Point] {
        let uniform = uniformBytes(labels)
        return Suite.points(uniformBytes: uniform.span)
    }

    /// `H`.
    public static let blindingLabel = [Array("blinding".utf8)]
    /// `G_D`.
    public static let recordLabel = [Array("data".utf8), Array("record".utf8)]
    /// `G_D'`.
    public static let subjectLabel = [Array("data".utf8), Array("subject".utf8)]

    /// `E_d`.
    public static func dayLabel(_ day: Day) -> [[UInt8]] {
        var number: [UInt8] = []
        number.appendLE32(UInt32(day.number))
        return [Array("day".utf8), number]
    }

    /// `A_a` of the schema with this digest.
    public static func attributeLabel(_ name: String, schema digest: [UInt8]) -> [[UInt8]] {
        [Array("attribute".utf8), digest, Array(name.utf8)]
    }

    /// `F_g,f` of the schema with this digest.
    public static func flagLabel(_ flag: Schema.Flag, schema digest: [UInt8]) -> [[UInt8]] {
        [Array("flag".utf8), digest, Array(flag.group.utf8), Array(flag.name.utf8)]
    }

    /// 64 bytes for each label, on all cores.
    private static func uniformBytes(_ labels: [[[UInt8]]]) -> [UInt8] {
        let tag = Array(domainSeparationTag.utf8)
        return [UInt8](unsafeUninitializedCapacity: labels.count * 64) { output, initialized in
            Parallel.chunks(labels.count, minimum: 128) { range in
                for index in range {
                    var message: [UInt8] = []
                    for part in labels[index] { message.appendLengthPrefixed(part) }
                    // 64 bytes and a tag of 35 are within the limits of the function, so it does not throw.
                    let bytes = (try? expandMessageXMD(message: message, dst: tag, count: 64)) ?? []
                    for (offset, byte) in bytes.enumerated() { output[index * 64 + offset] = byte }
                }
            }
            initialized = labels.count * 64
        }
    }
}
