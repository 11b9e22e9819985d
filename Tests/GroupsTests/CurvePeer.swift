// SPDX-License-Identifier: Apache-2.0
import COpenSSLCurves
import CSecp256k1
import Foundation
import Groups
import TestSupport
import Testing

/// `a G + b P + Q`, points as canonical encodings and the identity as our `encode` writes it.
struct CurveCombination {
    var a: [UInt8]
    var b: [UInt8]
    var p: [UInt8]
    var q: [UInt8]
}

/// Another implementation of a curve, asked many questions at a time.
protocol CurvePeer {
    associatedtype G: WeierstrassGroup
    /// For each encoding the canonical one of the same point, `nil` if it is refused.
    func decode(_ encodings: [[UInt8]]) throws -> [[UInt8]?]
    /// For each combination the encoding of the result.
    func combine(_ combinations: [CurveCombination]) throws -> [[UInt8]]
}

/// OpenSSL.
final class OpenSSLPeer: CurvePeer {
    typealias G = P256
    private let peer = peer_p256_new()

    deinit { peer_p256_free(peer) }

    func decode(_ encodings: [[UInt8]]) -> [[UInt8]?] {
        encodings.map { encoding in
            var out = [UInt8](repeating: 0, count: 33)
            return peer_p256_decode(peer, encoding, encoding.count, &out) == 1 ? out : nil
        }
    }

    func combine(_ combinations: [CurveCombination]) throws -> [[UInt8]] {
        try combinations.map { c in
            var out = [UInt8](repeating: 0, count: 33)
            try #require(peer_p256_combine(peer, c.a, c.b, c.p, c.q, &out) == 1)
            return out
        }
    }
}

/// libsecp256k1.
final class LibSecp256k1Peer: CurvePeer {
    typealias G = Secp256k1
    private let context = peer_secp256k1_new()

    deinit { context.map { secp256k1_context_destroy($0) } }

    func decode(_ encodings: [[UInt8]]) throws -> [[UInt8]?] {
        let context = try #require(context)
        return encodings.map { encoding in
            var out = [UInt8](repeating: 0, count: 33)
            return peer_secp256k1_decode(context, encoding, encoding.count, &out) == 1 ? out : nil
        }
    }

    func combine(_ combinations: [CurveCombination]) throws -> [[UInt8]] {
        let context = try #require(context)
        return try combinations.map { c in
            var out = [UInt8](repeating: 0, count: 33)
            try #require(peer_secp256k1_combine(context, c.a, c.b, c.p, c.q, &out) == 1)
            return out
        }
    }
}

/// arkworks through Python (`Tests/peers/bls12381.py`).
struct ArkworksPeer: CurvePeer {
    typealias G = BLS12381G1

    /// The answers to a list of requests, `nil` for a refusal.
    func ask(_ requests: [String]) throws -> [[UInt8]?] {
        let python = repositoryRoot.appending(path: ".build/peers/venv/bin/python").path
        let script = repositoryRoot.appending(path: "Tests/peers/bls12381.py").path
        let input = Data(requests.map { $0 + "\n" }.joined().utf8)
        let result = try run(python, ["-B", script], input: input)
        try #require(
            result.status == 0,
            "The Python peers are missing, run scripts/setup test: \(result.errorText)")
        let lines = result.text.split(separator: "\n")
        try #require(lines.count == requests.count)
        return lines.map { bytes(hex: String($0)) }
    }

    func decode(_ encodings: [[UInt8]]) throws -> [[UInt8]?] {
        let answers = try ask(encodings.map { "decode " + hex($0) })
        // arkworks takes any encoding with the infinity flag for the identity; the format has one.
        return encodings.indices.map { i in
            encodings[i][0] & 0x40 != 0 && encodings[i] != G.encode([G.identity]) ? nil : answers[i]
        }
    }

    func combine(_ combinations: [CurveCombination]) throws -> [[UInt8]] {
        let answers = try ask(combinations.map { "combine \(hex($0.a)) \(hex($0.b)) \(hex($0.p)) \(hex($0.q))" })
        return try answers.map { try #require($0) }
    }
}
