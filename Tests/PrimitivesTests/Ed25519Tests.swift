// SPDX-License-Identifier: Apache-2.0
import Foundation
import Primitives
import TestSupport
import Testing

@Suite struct Ed25519Tests {
    private struct RFCCase: Decodable {
        let name: String
        let secretKey: String
        let publicKey: String
        let message: String
        let signature: String
    }

    @Test func rfc8032() throws {
        let cases: [RFCCase] = try vectorJSON("06-ed25519-rfc8032/rfc8032_ed25519.json")
        #expect(!cases.isEmpty)
        for test in cases {
            try check(
                seed: Hex.decode(test.secretKey), publicKey: Hex.decode(test.publicKey), message: Hex.decode(test.message),
                signature: Hex.decode(test.signature), flippingEveryBit: true)
        }
    }

    @Test func signInput() throws {
        let text = String(decoding: try vectorBytes("06-ed25519-rfc8032/sign.input"), as: UTF8.self)
        let lines = text.split(separator: "\n")
        #expect(lines.count > 600)
        for line in lines {
            let fields = try line.split(separator: ":", omittingEmptySubsequences: false).map { try Hex.decode(String($0)) }
            try check(
                seed: Array(fields[0].prefix(32)), publicKey: fields[1], message: fields[2], signature: Array(fields[3].prefix(64)),
                flippingEveryBit: false)
        }
    }

    private func check(seed: [UInt8], publicKey: [UInt8], message: [UInt8], signature: [UInt8], flippingEveryBit: Bool) throws {
        #expect(try Ed25519.publicKey(seed: seed.span) == publicKey)
        #expect(try Ed25519.sign(seed: seed.span, message: message) == signature)
        #expect(Ed25519.verify(signature: signature, message: message, publicKey: publicKey))
        #expect(!Ed25519.verify(signature: signature, message: message + [0], publicKey: publicKey))
        #expect(!Ed25519.verify(signature: signature + [0], message: message, publicKey: publicKey))
        #expect(!Ed25519.verify(signature: Array(signature.dropLast()), message: message, publicKey: publicKey))
        #expect(!Ed25519.verify(signature: signature, message: message, publicKey: publicKey + [0]))
        guard flippingEveryBit else { return }
        for bit in 0..<512 {
            var flipped = signature
            flipped[bit / 8] ^= 1 << (bit % 8)
            #expect(!Ed25519.verify(signature: flipped, message: message, publicKey: publicKey))
        }
        for bit in 0..<256 {
            var flipped = publicKey
            flipped[bit / 8] ^= 1 << (bit % 8)
            #expect(!Ed25519.verify(signature: signature, message: message, publicKey: flipped))
        }
    }

    private struct CCTVCase: Decodable {
        let number: Int
        let key: String
        let sig: String
        let msg: String
        let flags: [String]?
    }

    /// The rule: no small-order or non-canonical key, no non-canonical R, no cofactor.
    @Test func cctvVerdictsFollowFlags() throws {
        let cases: [CCTVCase] = try vectorJSON("09-ed25519-edge-cases/cctv_ed25519vectors.json")
        let refused: Set = ["low_order_A", "non_canonical_A", "non_canonical_R", "low_order_residue"]
        var accepted = 0
        for test in cases {
            let expected = refused.isDisjoint(with: test.flags ?? [])
            let verdict = try Ed25519.verify(
                signature: Hex.decode(test.sig), message: Array(test.msg.utf8), publicKey: Hex.decode(test.key))
            #expect(verdict == expected, "case \(test.number) \(test.flags ?? [])")
            accepted += verdict ? 1 : 0
        }
        #expect(accepted > 0 && accepted < cases.count)
    }

    private struct SpeccheckCase: Decodable {
        let index: Int
        let message: String
        let pub_key: String
        let signature: String
        let equation_cofactorless: String
    }

    @Test func speccheck() throws {
        let cases: [SpeccheckCase] = try vectorJSON("09-ed25519-edge-cases/speccheck_cases.json")
        for test in cases {
            let key = try Hex.decode(test.pub_key)
            let verdict = try Ed25519.verify(signature: Hex.decode(test.signature), message: Hex.decode(test.message), publicKey: key)
            if test.equation_cofactorless != "V" || !Ed25519.isAcceptable(publicKey: key.span) {
                #expect(!verdict, "case \(test.index)")
            }
        }
        // Case 2 has a small R only, case 3 mixed A and R: both satisfy the equation without the cofactor.
        for test in cases where test.index == 2 || test.index == 3 {
            let verdict = try Ed25519.verify(
                signature: Hex.decode(test.signature), message: Hex.decode(test.message), publicKey: Hex.decode(test.pub_key))
            #expect(verdict == (test.equation_cofactorless == "V"), "case \(test.index)")
        }
    }

    private struct ZIP215Case: Decodable {
        let vk_bytes: String
        let sig_bytes: String
    }

    /// Every key of this set is of small order, so our rule refuses all of it.
    @Test func zip215IsRefused() throws {
        let cases: [ZIP215Case] = try vectorJSON("09-ed25519-edge-cases/zip215.json")
        #expect(!cases.isEmpty)
        for test in cases {
            let verdict = try Ed25519.verify(
                signature: Hex.decode(test.sig_bytes), message: Array("Zcash".utf8), publicKey: Hex.decode(test.vk_bytes))
            #expect(!verdict)
        }
    }

    @Test func malleatedScalarIsRefused() throws {
        let seed = [UInt8](repeating: 9, count: 32)
        let key = try Ed25519.publicKey(seed: seed.span)
        var signature = try Ed25519.sign(seed: seed.span, message: [1, 2, 3])
        let order = try Hex.decode("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")
        var carry = 0
        for index in 0..<32 {
            carry += Int(signature[32 + index]) + Int(order[index])
            signature[32 + index] = UInt8(carry & 0xff)
            carry >>= 8
        }
        #expect(!Ed25519.verify(signature: signature, message: [1, 2, 3], publicKey: key))
    }

    @Test func seedLengths() {
        for count in [0, 31, 33, 64] {
            let seed = [UInt8](repeating: 1, count: count)
            #expect(throws: PrimitivesError.invalidLength("seed")) { try Ed25519.publicKey(seed: seed.span) }
            #expect(throws: PrimitivesError.invalidLength("seed")) { try Ed25519.sign(seed: seed.span, message: []) }
        }
    }
}
