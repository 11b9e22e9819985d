// SPDX-License-Identifier: Apache-2.0
import Groups

/// Every case. A new group is one line here.
var allCases: [ProbeCase] {
    groupCases(Ristretto255.self) + groupCases(P256.self) + groupCases(Secp256k1.self) + groupCases(BLS12381G1.self) + ristrettoCases
        + arithmeticCases + secretsCases + transcriptCases + consentCases
}
