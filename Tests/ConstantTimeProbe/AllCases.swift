// SPDX-License-Identifier: Apache-2.0
import Groups

/// Every case. A new group is one line here.
var allCases: [ProbeCase] {
    groupCases(Ristretto255.self) + groupCases(P256.self) + groupCases(Secp256k1.self) + groupCases(BLS12381G1.self)
        + groupCases(SafePrimeGroup<SafePrimes.Modp2048>.self, isSlow: true)
        + groupCases(SafePrimeGroup<SafePrimes.FFDHE3072>.self, isSlow: true) + ristrettoCases
        + rangeCases(Ristretto255.self) + rangeCases(P256.self, isSlow: true)
        + membershipCases(Ristretto255.self) + membershipCases(P256.self, isSlow: true) + arithmeticCases + secretsCases + transcriptCases
        + consentCases
}
