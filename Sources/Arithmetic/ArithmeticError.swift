// SPDX-License-Identifier: Apache-2.0

/// Why a modulus or an encoded residue was refused.
public enum ArithmeticError: Error, Equatable, Sendable {
    /// The modulus is even.
    case evenModulus
    /// The modulus is not a prime (zero and one are not).
    case notPrime
    /// The modulus has more than ``PrimeModulus/maximumBitWidth`` bits.
    case tooLarge
    /// The encoding has not exactly the expected number of bytes.
    case length
    /// The encoded integer is not below the modulus.
    case notReduced
}

/// The order of bytes in an encoded integer.
public enum ByteOrder: Sendable {
    /// Least significant byte first.
    case little
    /// Most significant byte first.
    case big
}
