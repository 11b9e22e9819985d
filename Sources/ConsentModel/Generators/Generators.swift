// SPDX-License-Identifier: Apache-2.0
public import Groups
internal import SigmaProofs

/// The labels of every generator of consents and data points (docs/protocol.md section 1.1).
public enum Generators {
    /// `gen(p1, ..., pk)` for each list of parts, in the group of consents.
    public static func derive(_ labels: [[[UInt8]]]) -> [Suite.Point] {
        LabelledGenerators.derive(Suite.self, labels)
    }

    /// `H`.
    public static let blindingLabel = [Array("blinding".utf8)]
    /// `G_D`.
    public static let recordLabel = [Array("data".utf8), Array("record".utf8)]
    /// `G_D'`.
    public static let subjectLabel = [Array("data".utf8), Array("subject".utf8)]

    /// `E_d`.
    public static func dayLabel(_ day: Day) -> [[UInt8]] {
        [Array("day".utf8), LabelledGenerators.number(Int(day.number))]
    }

    /// `A_a` of the schema with this digest.
    public static func attributeLabel(_ name: String, schema digest: [UInt8]) -> [[UInt8]] {
        [Array("attribute".utf8), digest, Array(name.utf8)]
    }

    /// `F_g,f` of the schema with this digest.
    public static func flagLabel(_ flag: Schema.Flag, schema digest: [UInt8]) -> [[UInt8]] {
        [Array("flag".utf8), digest, Array(flag.group.utf8), Array(flag.name.utf8)]
    }
}
