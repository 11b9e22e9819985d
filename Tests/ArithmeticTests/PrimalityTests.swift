// SPDX-License-Identifier: Apache-2.0
import Arithmetic
import TestSupport
import Testing

/// Primality against the adversarial numbers of Wycheproof and a sieve.
@Suite struct PrimalityTests {
    struct File: Decodable {
        struct Group: Decodable { let tests: [Case] }
        struct Case: Decodable {
            let tcId: Int
            let value, result: String
        }
        let numberOfTests: Int
        let testGroups: [Group]
    }

    /// Values are signed integers in two's complement; negative ones are not prime ("acceptable" leaves the choice to us).
    @Test func wycheproof() throws {
        let file: File = try vectorJSON("08-wycheproof/primality_test.json")
        let cases = file.testGroups.flatMap(\.tests)
        #expect(cases.count == file.numberOfTests && cases.count == 206)
        var primes = 0
        for test in cases {
            let value = try #require(bytes(hex: test.value))
            let isNegative = (value.first ?? 0) & 0x80 != 0
            let unsigned = Primality.isProbablePrime(value.span, order: .big)
            let isPrime = !isNegative && unsigned
            let little = Array(value.reversed())
            let reversed = Primality.isProbablePrime(little.span, order: .little)
            #expect(unsigned == reversed)
            switch test.result {
            case "valid": #expect(isPrime, "\(test.tcId)")
            case "invalid": #expect(!isPrime, "\(test.tcId)")
            default: #expect(test.result == "acceptable" && isNegative && !isPrime, "\(test.tcId)")
            }
            primes += isPrime ? 1 : 0
        }
        #expect(primes == 42)
    }

    @Test func smallNumbers() {
        func sieve(_ n: Int) -> Bool { n > 1 && (2..<n).prefix { $0 * $0 <= n }.allSatisfy { n % $0 != 0 } }
        var wrong = 0
        for n in 0..<20_000 {
            let bytes = [UInt8(n >> 8), UInt8(n & 0xff)]
            if Primality.isProbablePrime(bytes.span, order: .big) != sieve(n) { wrong += 1 }
            let isSafe = n > 2 && sieve(n) && n % 2 == 1 && sieve(n / 2)
            if Primality.isSafePrime(bytes.span, order: .big) != isSafe { wrong += 1 }
        }
        #expect(wrong == 0)
        let none: [UInt8] = []
        let (isPrime, isSafe) = (Primality.isProbablePrime(none.span, order: .big), Primality.isSafePrime(none.span, order: .little))
        #expect(!isPrime && !isSafe)
    }
}
