// SPDX-License-Identifier: Apache-2.0
import CSecp256k1
import Conformance
import Primitives
import TestSupport
import Testing

/// Signatures over the engine's groups beside libsecp256k1 (BIP-340) and OpenSSL (Ed25519): equal bytes, and equal verdicts on damaged ones.
@Suite struct SignaturePeerTests {
    /// Messages, keys and damage are drawn from here, so that a failure can be repeated.
    private static func bytes(_ count: Int, _ generator: inout SplitMix) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    /// `signature`, `message` or `key` with one flipped bit.
    private static func damaged(
        _ parts: [[UInt8]], _ generator: inout SplitMix
    ) -> [[UInt8]] {
        var parts = parts
        let part = Int.random(in: parts.indices, using: &generator)
        let bit = Int.random(in: 0..<8 * parts[part].count, using: &generator)
        parts[part][bit / 8] ^= 1 << UInt8(bit % 8)
        return parts
    }

    @Test func schnorr() throws {
        let context = try #require(peer_secp256k1_new())
        defer { secp256k1_context_destroy(context) }
        var generator = SplitMix(state: 340)
        for round in 0..<(runsLongTests ? 100_000 : 500) {
            let (secret, message) = (Self.bytes(32, &generator), Self.bytes(32, &generator))
            let randomness = round % 8 == 0 ? [UInt8](repeating: 0, count: 32) : Self.bytes(32, &generator)
            var (key, signature) = ([UInt8](repeating: 0, count: 32), [UInt8](repeating: 0, count: 64))
            try #require(peer_schnorr_sign(context, secret, message, randomness, &key, &signature) == 1)
            #expect(try SchnorrSignature.publicKey(secret) == key)
            #expect(try SchnorrSignature.sign(secret: secret, message: message, randomness: randomness) == signature)
            #expect(SchnorrSignature.verify(signature, message: message, key: key))
            for _ in 0..<3 {
                let parts = Self.damaged([signature, message, key], &generator)
                let verdict = SchnorrSignature.verify(parts[0], message: parts[1], key: parts[2])
                #expect(verdict == (peer_schnorr_verify(context, parts[0], parts[1], 32, parts[2]) == 1), "\(parts)")
            }
        }
    }

    /// The reference with the ledger's rule, written after RFC 8032, against OpenSSL behind the same rule.
    @Test func ed25519() throws {
        var generator = SplitMix(state: 8_032)
        for round in 0..<(runsLongTests ? 20_000 : 150) {
            let (seed, message) = (Self.bytes(32, &generator), Self.bytes(round % 300, &generator))
            let (key, signature) = try Ed25519Variant.pure.sign(seed: seed, message: message)
            #expect(try Ed25519.publicKey(seed: seed.span) == key)
            #expect(try Ed25519.sign(seed: seed.span, message: message) == signature)
            #expect(Ed25519.verify(signature: signature, message: message, publicKey: key))
            let parts = Self.damaged(message.isEmpty ? [signature, key] : [signature, key, message], &generator)
            let changed = parts.count == 3 ? parts[2] : message
            #expect(
                Ed25519Variant.pure.verify(parts[0], changed, parts[1])
                    == Ed25519.verify(signature: parts[0], message: changed, publicKey: parts[1]), "\(parts)")
        }
    }
}
