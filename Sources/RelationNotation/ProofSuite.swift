// SPDX-License-Identifier: Apache-2.0

public import Groups

/// The groups over which relations are proved, by the names of `--suite`. The toy group is not among them.
public enum ProofSuite: String, CaseIterable, Sendable {
    /// RFC 9496.
    case ristretto255
    /// The drafts' suite over P-256.
    case p256 = "P256"
    /// The drafts' suite over G1 of BLS12-381.
    case bls12381 = "BLS12381"
    /// The curve of BIP-340.
    case secp256k1

    /// The group. A generic function called with it is opened: `run(suite.group)` calls `run<G: Group>(_: G.Type)`.
    public var group: any Group.Type {
        switch self {
        case .ristretto255: Ristretto255.self
        case .p256: P256.self
        case .bls12381: BLS12381G1.self
        case .secp256k1: Secp256k1.self
        }
    }

    /// The suite of a name.
    ///
    /// - Parameter name: Letter case does not matter.
    public init?(named name: String) {
        guard let suite = Self.allCases.first(where: { $0.rawValue.lowercased() == name.lowercased() }) else { return nil }
        self = suite
    }
}
