// SPDX-License-Identifier: Apache-2.0
import Arithmetic

/// A prime of the tests with a name for messages.
struct NamedPrime: CustomStringConvertible, Sendable {
    let description: String
    let modulus: PrimeModulus
}

/// Small and large primes, with a full, a nearly full and a nearly empty top limb.
let primes: [NamedPrime] = [
    NamedPrime(description: "3", modulus: PrimeModulus(constant: "3")),
    NamedPrime(description: "5", modulus: PrimeModulus(constant: "5")),
    NamedPrime(description: "1019", modulus: PrimeModulus(constant: "3fb")),
    NamedPrime(description: "2^61-1", modulus: PrimeModulus(constant: "1fffffffffffffff")),
    NamedPrime(description: "2^64-59", modulus: PrimeModulus(constant: "ffffffffffffffc5")),
    NamedPrime(description: "2^64+13", modulus: PrimeModulus(constant: "1000000000000000d")),
    NamedPrime(description: "2^127-1", modulus: PrimeModulus(constant: "7fffffffffffffffffffffffffffffff")),
    NamedPrime(
        description: "ristretto255 order",
        modulus: PrimeModulus(constant: "1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed")),
    NamedPrime(
        description: "2^255-19", modulus: PrimeModulus(constant: "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed")),
    NamedPrime(
        description: "P-256 field", modulus: PrimeModulus(constant: "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff")),
    NamedPrime(
        description: "P-256 order", modulus: PrimeModulus(constant: "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551")),
    NamedPrime(
        description: "secp256k1 field",
        modulus: PrimeModulus(constant: "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f")),
    NamedPrime(
        description: "BLS12-381 field",
        modulus: PrimeModulus(
            constant: "1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab")),
    NamedPrime(
        description: "BLS12-381 order",
        modulus: PrimeModulus(constant: "73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001")),
    NamedPrime(description: "2^521-1", modulus: mersenne(521)),
    NamedPrime(description: "2^2203-1", modulus: mersenne(2203)),
    NamedPrime(description: "2^3217-1", modulus: mersenne(3217)),
]

/// `2^exponent - 1`.
func mersenne(_ exponent: Int) -> PrimeModulus {
    var bytes = [UInt8](repeating: 0xff, count: exponent / 8)
    bytes.append(UInt8((1 << (exponent % 8)) - 1))
    do {
        return try PrimeModulus(bytes: bytes.span, order: .little)
    } catch {
        preconditionFailure("\(exponent) is not a Mersenne exponent")
    }
}
