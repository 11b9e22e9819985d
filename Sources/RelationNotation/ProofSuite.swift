// SPDX-License-Identifier: Apache-2.0

public import Groups

/// The groups over which relations are proved, by the names of every `--suite`. The toy group is not among them.
public enum ProofSuite: String, CaseIterable, Sendable {
    /// RFC 9496.
    case ristretto255
    /// The drafts' suite over P-256.
    case p256 = "P256"
    /// The drafts' suite over G1 of BLS12-381.
    case bls12381 = "BLS12381"
    /// The curve of BIP-340.
    case secp256k1
    /// The subgroup of prime order modulo a safe prime of RFC 3526.
    case modp2048, modp3072, modp4096, modp6144, modp8192
    /// The subgroup of prime order modulo a safe prime of RFC 7919.
    case ffdhe2048, ffdhe3072, ffdhe4096, ffdhe6144, ffdhe8192

    /// The group. A generic function called with it is opened: `run(suite.group)` calls `run<G: Group>(_: G.Type)`.
    public var group: any Group.Type {
        switch self {
        case .ristretto255: Ristretto255.self
        case .p256: P256.self
        case .bls12381: BLS12381G1.self
        case .secp256k1: Secp256k1.self
        case .modp2048: SafePrimeGroup<SafePrimes.Modp2048>.self
        case .modp3072: SafePrimeGroup<SafePrimes.Modp3072>.self
        case .modp4096: SafePrimeGroup<SafePrimes.Modp4096>.self
        case .modp6144: SafePrimeGroup<SafePrimes.Modp6144>.self
        case .modp8192: SafePrimeGroup<SafePrimes.Modp8192>.self
        case .ffdhe2048: SafePrimeGroup<SafePrimes.FFDHE2048>.self
        case .ffdhe3072: SafePrimeGroup<SafePrimes.FFDHE3072>.self
        case .ffdhe4096: SafePrimeGroup<SafePrimes.FFDHE4096>.self
        case .ffdhe6144: SafePrimeGroup<SafePrimes.FFDHE6144>.self
        case .ffdhe8192: SafePrimeGroup<SafePrimes.FFDHE8192>.self
        }
    }

    /// The suite of a name.
    ///
    /// - Parameter name: The drafts' name or that of the group: `BLS12381` is `BLS12381G1`, too. Letter case does not matter.
    public init?(named name: String) {
        let name = name.lowercased()
        guard let suite = Self.allCases.first(where: { [$0.rawValue, $0.group.name].map { $0.lowercased() }.contains(name) }) else {
            return nil
        }
        self = suite
    }
}
