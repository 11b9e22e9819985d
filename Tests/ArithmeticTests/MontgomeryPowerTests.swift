// SPDX-License-Identifier: Apache-2.0
import Arithmetic
import TestSupport
import Testing

/// Products of powers against one power after the other.
@Suite struct MontgomeryPowerTests {
    @Test(arguments: primes) func products(_ named: NamedPrime) {
        let modulus = named.modulus
        let (n, montgomery) = (modulus.limbCount, MontgomeryModulus(modulus))
        let operands = ResidueTests.operands(modulus)
        var generator = SplitMix(state: UInt64(modulus.bitWidth))
        for (count, exponentLimbs) in [(0, 1), (1, 1), (1, n), (2, n), (5, n), (3, n + 1), (40, 1)] {
            let bases = (0..<count).map { operands[$0 % operands.count] }
            let exponents = (0..<count).map { i in
                (0..<exponentLimbs).map { _ in [0, UInt64.max, 1, generator.next()][i < 3 ? i : 3] }
            }
            var expected = [UInt64](repeating: 0, count: n)
            expected[0] = 1
            for i in 0..<count {
                let (base, exponent) = (bases[i], exponents[i])
                let power = modulus.vartimePower(base.span, exponent.span)
                let before = expected
                expected = ResidueTests.run(modulus) { modulus.multiply(before.span, power.span, into: &$0) }
            }
            let (flat, limbs) = (bases.flatMap { $0 }, exponents.flatMap { $0 })
            let bits = 64 * exponentLimbs
            #expect(ResidueTests.run(modulus) { montgomery.powerProduct(flat.span, limbs.span, bits: bits, into: &$0) } == expected)
            let vartime = montgomery.vartimePowerProduct(flat.span, limbs.span)
            #expect(vartime == expected)
            let tables = montgomery.powerTables(flat.span, bits: bits)
            #expect(ResidueTests.run(modulus) { montgomery.powerProduct(tables, limbs.span, into: &$0) } == expected)
        }
    }
}
