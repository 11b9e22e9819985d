// SPDX-License-Identifier: Apache-2.0
import Groups
import TestSupport
import Testing

/// Seeds of the operands of the law suite.
private let lawSeeds: [UInt64] = runsLongTests ? Array(1...20) : [1]

/// The law suite on every curve of Weierstrass form.
@Suite struct WeierstrassLawsTests {
    @Test(arguments: lawSeeds) func p256(seed: UInt64) throws {
        try checkGroupLaws(P256.self, seed: seed)
    }

    @Test(arguments: lawSeeds) func secp256k1(seed: UInt64) throws {
        try checkGroupLaws(Secp256k1.self, seed: seed)
    }

    @Test(arguments: lawSeeds) func bls12381G1(seed: UInt64) throws {
        try checkGroupLaws(BLS12381G1.self, seed: seed)
    }
}
