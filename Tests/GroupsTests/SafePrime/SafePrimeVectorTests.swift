// SPDX-License-Identifier: Apache-2.0
import Arithmetic
import Foundation
import Groups
import TestSupport
import Testing

/// The published primes against their files, against the formulas of the RFCs, and for primality.
@Suite struct SafePrimeVectorTests {
    struct Record: Decodable {
        let id, p, q: String
        let g, bits: Int
    }

    @Test func vectors() throws {
        let records: [Record] = try vectorJSON("05-primes-modp-ffdhe/safe_primes.json")
        #expect(records.count == 6)
        for record in records {
            let constants = try #require(publishedGroups.first { $0.constants.name == record.id }).constants
            #expect(hex(constants.modulus) == record.p && 8 * constants.modulus.count == record.bits)
            #expect(hex(constants.groupOrder) == record.q && record.g == 2)
        }
    }

    @Test func rfc3526() throws {
        let text = String(decoding: try vectorBytes("05-primes-modp-ffdhe/rfc3526.txt"), as: UTF8.self)
        let primes = text.split(separator: "\n").filter { $0.hasPrefix("P = ") }.map { $0.dropFirst(4).lowercased() }
        let ours = publishedGroups.map(\.constants).filter { $0.name.hasPrefix("modp") }.map { hex($0.modulus) }
        #expect(primes == ours && ours.count == 6)
    }

    /// `p` and `q` are prime. The tests of the largest numbers take seconds.
    @Test(arguments: publishedGroups.filter { runsLongTests || $0.bitWidth <= 4096 }) func primality(_ parameters: NamedParameters) {
        let p = parameters.constants.modulus
        let isSafe = Primality.isSafePrime(p.span, order: .big)
        #expect(isSafe)
    }

    /// Python computes pi and e with integers of its own and evaluates the formulas.
    @Test func formulas() throws {
        let result = try run("python3", [Self.peer.path, "primes"])
        try #require(result.status == 0, "\(result.errorText)")
        let expected = result.text.split(separator: "\n").map(String.init)
        #expect(expected == publishedGroups.map { "\($0.constants.name) \(hex($0.constants.modulus))" })
    }

    static let peer = repositoryRoot.appending(path: "Tests/peers/modular_groups.py")
}
