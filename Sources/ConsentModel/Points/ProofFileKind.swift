// SPDX-License-Identifier: Apache-2.0

/// What a file with proofs is, by its content.
public enum ProofFileKind: Hashable, Sendable {
    /// A bundle of one dataset proof.
    case dataset
    /// A bundle of point proofs.
    case points
    /// A bundle of unlinkable point proofs.
    case members
    /// A single point proof.
    case point

    /// Looks at the beginning of a file. What is not recognised counts as a dataset's bundle, whose parser says what is wrong with it.
    public init(of bytes: [UInt8]) {
        if bytes.first == UInt8(ascii: "{") {
            self = .point
        } else if let container = try? Safetensors(parsing: bytes, format: Bundle.format, file: nil),
            let text = try? Bundle.headerText(of: container),
            let value = try? JSONValue(
                parsing: Array(text.utf8), limits: .init(byteCount: Safetensors.headerLimit, depth: 6, nodeCount: 20_000)),
            let kind = value["kind"]?.string, kind == PointHeader.kind || kind == MemberHeader.kind
        {
            self = kind == PointHeader.kind ? .points : .members
        } else {
            self = .dataset
        }
    }
}
