// SPDX-License-Identifier: Apache-2.0
import Arithmetic
import Groups
import Primitives
import TestSupport
import Testing

/// Published vectors: RFC 9380 suites, curve parameters, ECDH on hostile points.
@Suite struct WeierstrassVectorTests {
    // MARK: RFC 9380

    private struct Coordinates: Decodable {
        let x: String
        let y: String
    }

    private struct Case: Decodable {
        let P: Coordinates
        let Q: Coordinates?
        let Q0: Coordinates?
        let Q1: Coordinates?
        let msg: String
        let u: [String]
    }

    private struct HashFile: Decodable {
        let ciphersuite: String
        let dst: String
        let randomOracle: Bool
        let L: String
        let vectors: [Case]
    }

    /// The bytes of `0x...`.
    private func number(_ text: String) throws -> [UInt8] {
        let digits = text.dropFirst(2)
        return try #require(bytes(hex: digits.count % 2 == 0 ? String(digits) : "0" + digits))
    }

    private func expect<G: WeierstrassGroup>(_ point: G.Point, _ expected: Coordinates, of group: G.Type, _ what: String) throws {
        let found = try #require(G.affineCoordinates(point), "\(what)")
        let (x, y) = (try number(expected.x), try number(expected.y))
        #expect(found.x == x && found.y == y, "\(what)")
    }

    private func check<G: WeierstrassGroup>(_ group: G.Type, _ name: String) throws {
        let file: HashFile = try vectorJSON("03-rfc9380-hash-to-curve/\(name)")
        #expect(file.vectors.count >= 3)
        let size = G.uniformByteCount / 2
        #expect(Int(file.L.dropFirst(2), radix: 16) == size)
        for vector in file.vectors {
            let what = "\(file.ciphersuite), '\(vector.msg.prefix(20))'"
            let count = file.randomOracle ? 2 : 1
            let uniform = try expandMessageXMD(.sha256, message: Array(vector.msg.utf8), dst: Array(file.dst.utf8), count: count * size)
            let elements = G.fieldElements(uniformBytes: uniform.span)
            let expected = try vector.u.map(number)
            #expect(elements == expected, "\(what)")
            let images = file.randomOracle ? [vector.Q0, vector.Q1] : [vector.Q]
            for i in 0..<count {
                try expect(G.mapped(elements[i]), try #require(images[i]), of: G.self, "\(what), Q\(i)")
            }
            let points = file.randomOracle ? G.hashed(uniform) : G.hashedNonuniform(uniform)
            try #require(points.count == 1)
            try expect(points[0], vector.P, of: G.self, what)
            #expect(G.decoded(G.encode(points)) == points)
        }
    }

    @Test(arguments: ["RO", "NU"]) func hashToP256(kind: String) throws {
        try check(P256.self, "P256_XMD-SHA-256_SSWU_\(kind)_.json")
    }

    @Test(arguments: ["RO", "NU"]) func hashToSecp256k1(kind: String) throws {
        try check(Secp256k1.self, "secp256k1_XMD-SHA-256_SSWU_\(kind)_.json")
    }

    @Test(arguments: ["RO", "NU"]) func hashToBLS12381G1(kind: String) throws {
        try check(BLS12381G1.self, "BLS12381G1_XMD-SHA-256_SSWU_\(kind)_.json")
    }

    // MARK: Wycheproof: parameters

    private struct CurveFile: Decodable {
        struct Group: Decodable { let tests: [Curve] }
        struct Curve: Decodable {
            let name: String
            let p: String
            let n: String
            let a: String
            let b: String
            let gx: String
            let gy: String
            let h: Int
        }
        let numberOfTests: Int
        let testGroups: [Group]
    }

    /// Every curve of the file is what it says by the reference arithmetic; those that we have are ours.
    @Test func parametersOfPrimeOrderCurves() throws {
        let file: CurveFile = try vectorJSON("08-wycheproof/ec_prime_order_curves_test.json")
        let curves = file.testGroups.flatMap(\.tests)
        #expect(curves.count == file.numberOfTests && curves.count >= 10)
        for curve in curves {
            func value(_ text: String) throws -> [UInt8] { try #require(bytes(hex: text)) }
            let reference = try AffineReference(p: try value(curve.p), a: try value(curve.a), b: try value(curve.b))
            let n = try value(curve.n)
            let order = try PrimeModulus(bytes: n.span, order: .big)
            let generator: AffineReference.Point = (reference.element(try value(curve.gx)), reference.element(try value(curve.gy)))
            #expect(curve.h == 1 && abs(order.bitWidth - reference.field.bitWidth) <= 1, "\(curve.name)")
            #expect(reference.contains(generator), "\(curve.name)")
            #expect(reference.multiply(generator, n) == nil, "\(curve.name)")
            if curve.name == "secp256k1" { try expectParameters(Secp256k1.self, curve) }
            if curve.name == "secp256r1" { try expectParameters(P256.self, curve) }
        }
    }

    private func expectParameters<G: WeierstrassGroup>(_ group: G.Type, _ curve: CurveFile.Curve) throws {
        func padded(_ text: String) throws -> [UInt8] {
            let value = try #require(bytes(hex: text)).drop { $0 == 0 }
            return [UInt8](repeating: 0, count: 32 - value.count) + value
        }
        let ours = G.parameters
        let generator = try #require(G.affineCoordinates(G.generator))
        #expect(try ours.p == padded(curve.p) && ours.q == padded(curve.n) && ours.a == padded(curve.a) && ours.b == padded(curve.b))
        #expect(try generator.x == padded(curve.gx) && generator.y == padded(curve.gy))
    }

    // MARK: Wycheproof: ECDH

    private struct ECDHFile: Decodable {
        struct Group: Decodable { let tests: [Exchange] }
        struct Exchange: Decodable {
            let tcId: Int
            let flags: [String]
            let `public`: String
            let `private`: String
            let shared: String
            let result: String
        }
        let numberOfTests: Int
        let testGroups: [Group]
    }

    /// The private key, below `q`: 32 bytes with leading zeros cut or added.
    private func scalar(_ key: [UInt8]) throws -> P256.Scalar {
        let value = key.drop { $0 == 0 }
        let padded = [UInt8](repeating: 0, count: 32 - value.count) + value
        return try P256.Scalar(canonical: padded.span)
    }

    @Test func ecdhOverP256() throws {
        let file: ECDHFile = try vectorJSON("08-wycheproof/ecdh_secp256r1_ecpoint_test.json")
        let exchanges = file.testGroups.flatMap(\.tests)
        #expect(exchanges.count == file.numberOfTests && exchanges.count >= 200)
        var counts = ["valid": 0, "acceptable": 0, "invalid": 0]
        for exchange in exchanges {
            let encoding = try #require(bytes(hex: exchange.public))
            let point =
                encoding.count == P256.pointByteCount ? P256.decoded(encoding)?.first : P256.decodedUncompressed(encoding)
            counts[exchange.result, default: 0] += 1
            if exchange.result == "invalid" {
                #expect(point == nil, "\(exchange.tcId)")
                continue
            }
            let key = try scalar(try #require(bytes(hex: exchange.private)))
            let shared = P256.product(key, try #require(point, "\(exchange.tcId)"))
            let coordinates = try #require(P256.affineCoordinates(shared))
            #expect(hex(coordinates.x) == exchange.shared, "\(exchange.tcId)")
        }
        #expect(counts["valid", default: 0] > 200 && counts["invalid", default: 0] >= 10)
    }
}
