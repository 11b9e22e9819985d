// SPDX-License-Identifier: Apache-2.0
import Groups
import TestSupport
import Testing

/// The constants of a safe prime that a test knows to be one.
private func known(_ name: String, _ digits: String) -> SafePrimeConstants {
    guard let prime = bytes(hex: digits), let constants = SafePrimeConstants(name: name, safePrime: prime) else {
        preconditionFailure("\(digits) is no safe prime")
    }
    return constants
}

/// Small safe primes: the toy group's, and sizes at which `q` has fewer limbs than `p` or 2 is no generator.
enum Small2039: SafePrimeParameters { static let constants = known("2039", "07f7") }
enum Small11: SafePrimeParameters { static let constants = known("11", "0b") }
enum Small64: SafePrimeParameters { static let constants = known("64", "c000000000002447") }
enum Small65: SafePrimeParameters { static let constants = known("65", "018000000000002453") }
enum Small193: SafePrimeParameters { static let constants = known("193", "01800000000000000000000000000000000000000000020abf") }
enum Small256: SafePrimeParameters {
    static let constants = known("256", "c00000000000000000000000000000000000000000000000000000000000a0eb")
}

/// A parameter choice as a value, so that tests can be parameterised by it.
struct NamedParameters: CustomTestStringConvertible, Sendable {
    let type: any SafePrimeParameters.Type
    var constants: SafePrimeConstants { type.constants }
    var testDescription: String { constants.name }
    var bitWidth: Int { 8 * constants.modulus.count }

    init(_ type: any SafePrimeParameters.Type) { self.type = type }
}

/// The parameters of the published groups.
private let published: [any SafePrimeParameters.Type] = [
    SafePrimes.Modp1536.self, SafePrimes.Modp2048.self, SafePrimes.Modp3072.self, SafePrimes.Modp4096.self, SafePrimes.Modp6144.self,
    SafePrimes.Modp8192.self, SafePrimes.FFDHE2048.self, SafePrimes.FFDHE3072.self, SafePrimes.FFDHE4096.self, SafePrimes.FFDHE6144.self,
    SafePrimes.FFDHE8192.self,
]

/// The published groups.
let publishedGroups = published.map { NamedParameters($0) }

/// Parameters of groups small enough for everything.
private let small: [any SafePrimeParameters.Type] = [
    Small11.self, Small2039.self, Small64.self, Small65.self, Small193.self, Small256.self,
]

/// The groups of ``Small11`` to ``Small256``.
let smallGroups = small.map { NamedParameters($0) }

extension SafePrimeGroup {
    /// The elements; an array, so that it can stand in an expectation.
    static func decoded(_ bytes: [UInt8]) throws(PointDecodingError) -> [Point] { try decode(canonical: bytes.span) }

    /// The scalar, from an array.
    static func decodedScalar(_ bytes: [UInt8]) throws(ScalarDecodingError) -> Scalar { try Scalar(canonical: bytes.span) }
}
