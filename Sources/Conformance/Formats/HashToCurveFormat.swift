// SPDX-License-Identifier: Apache-2.0
internal import Groups

/// The suites of RFC 9380: field elements, mapped points and the result of every message.
enum HashToCurveFormat {
    static let format = VectorFormat(
        "RFC 9380 hash to curve", standard: "RFC 9380", marker: "randomOracle",
        recognises: { $0.json?.has("ciphersuite", "dst", "vectors", "randomOracle") ?? false },
        run: { (file, cases) throws(CaseFailure) in
            let json = try unwrap(file.json, "JSON")
            let name = try json.text("ciphersuite")
            if otherSuites.contains(where: { name == $0 + "NU_" || name == $0 + "RO_" }) {
                throw CaseFailure(skipped: "a suite of RFC 9380 over a curve that the engine does not have")
            }
            let suite = try unwrap(suites.first { name == "\($0.name)NU_" || name == "\($0.name)RO_" }, "there is no suite \(name)")
            let isRandomOracle = name.hasSuffix("RO_")
            cases.run("parameters") { () throws(CaseFailure) in try suite.checkParameters(json, isRandomOracle: isRandomOracle) }
            let dst = Array(try json.text("dst").utf8)
            try require(!json.list("vectors").isEmpty, "no cases")
            for (index, vector) in try json.list("vectors").enumerated() {
                cases.run("#\(index)") { () throws(CaseFailure) in
                    try suite.check(vector, dst: dst, isRandomOracle: isRandomOracle)
                }
            }
        })

    /// Affine coordinates, big-endian, as many bytes as the field has.
    struct Coordinates: Equatable {
        let x: [UInt8]
        let y: [UInt8]
    }

    /// What a suite does after `expand_message`.
    struct Hashed {
        let elements: [[UInt8]]
        let mapped: [Coordinates?]
        let result: Coordinates?
    }

    /// One suite for both of its encodings.
    struct Suite: Sendable {
        let name: String
        let curve: String
        let hash: HashFunction
        let hashName: String
        let map: String
        /// The constants L, Z and k as the files have them, and the prime.
        let constants: (l: String, z: String, k: String, p: String)
        let elementByteCount: Int
        /// Field elements, points and result of uniform bytes for one or two elements.
        let run: @Sendable ([UInt8]) throws(CaseFailure) -> Hashed

        func checkParameters(_ json: VectorValue, isRandomOracle: Bool) throws(CaseFailure) {
            try json.match("randomOracle", isRandomOracle)
            try json.match("curve", text: curve)
            try json.match("expand", text: "XMD")
            try json.match("hash", text: hashName)
            try json.match("L", text: constants.l)
            try json.match("Z", text: constants.z)
            try json.match("k", text: constants.k)
            try json.member("map").match("name", text: map)
            try json.member("field").match("m", text: "0x1")
            try json.member("field").match("p", text: "0x" + constants.p)
        }

        func check(_ vector: VectorValue, dst: [UInt8], isRandomOracle: Bool) throws(CaseFailure) {
            let count = isRandomOracle ? 2 : 1
            let message = Array(try vector.text("msg").utf8)
            let hashed = try run(hash.expand(message, dst: dst, count: count * elementByteCount))
            let elements = try vector.list("u")
            try require(elements.count == count && hashed.elements.count == count, "\(elements.count) field elements")
            for (index, element) in elements.enumerated() {
                try require(element.hexadecimal() == hashed.elements[index], "u[\(index)] differs")
            }
            for (index, point) in hashed.mapped.enumerated() {
                let name = isRandomOracle ? "Q\(index)" : "Q"
                try match(point, vector, name)
            }
            try match(hashed.result, vector, "P")
        }

        private func match(_ point: Coordinates?, _ vector: VectorValue, _ name: String) throws(CaseFailure) {
            let expected = try vector.member(name)
            let point = try unwrap(point, "\(name) is the neutral element")
            try require(expected.bytes("x") == point.x, "\(name).x differs")
            try require(expected.bytes("y") == point.y, "\(name).y differs")
        }
    }

    /// The suites of RFC 9380, section 8, that are not run.
    private static let otherSuites = [
        "P384_XMD:SHA-384_SSWU_", "P521_XMD:SHA-512_SSWU_", "curve448_XOF:SHAKE256_ELL2_", "edwards448_XOF:SHAKE256_ELL2_",
        "BLS12381G2_XMD:SHA-256_SSWU_",
    ]

    private static let prime25519 = "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed"

    static let suites: [Suite] = [
        Suite(
            name: "P256_XMD:SHA-256_SSWU_", curve: "NIST P-256", hash: .sha256, hashName: "sha256", map: "SSWU",
            constants: (
                "0x30", "0xffffffff00000001000000000000000000000000fffffffffffffffffffffff5", "0x80",
                "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"
            ), elementByteCount: 48, run: { (uniform) throws(CaseFailure) in try weierstrass(P256.self, uniform) }),
        Suite(
            name: "secp256k1_XMD:SHA-256_SSWU_", curve: "secp256k1", hash: .sha256, hashName: "sha256", map: "SSWU",
            constants: (
                "0x30", "0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc24", "0x80",
                "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f"
            ), elementByteCount: 48, run: { (uniform) throws(CaseFailure) in try weierstrass(Secp256k1.self, uniform) }),
        Suite(
            name: "BLS12381G1_XMD:SHA-256_SSWU_", curve: "BLS12-381 G1", hash: .sha256, hashName: "sha256", map: "SSWU",
            constants: (
                "0x40", "0xb", "0x80",
                "1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab"
            ), elementByteCount: 64, run: { (uniform) throws(CaseFailure) in try weierstrass(BLS12381G1.self, uniform) }),
        Suite(
            name: "curve25519_XMD:SHA-512_ELL2_", curve: "curve25519", hash: .sha512, hashName: "sha512", map: "ELL2",
            constants: ("0x30", "0x2", "0x80", prime25519), elementByteCount: 48,
            run: { (uniform) throws(CaseFailure) in try Elligator.hash(uniform, isMontgomery: true) }),
        Suite(
            name: "edwards25519_XMD:SHA-512_ELL2_", curve: "edwards25519", hash: .sha512, hashName: "sha512", map: "ELL2",
            constants: ("0x30", "0x2", "0x80", prime25519), elementByteCount: 48,
            run: { (uniform) throws(CaseFailure) in try Elligator.hash(uniform, isMontgomery: false) }),
    ]

    private static func weierstrass<G: WeierstrassGroup>(_: G.Type, _ uniform: [UInt8]) throws(CaseFailure) -> Hashed {
        let elements = G.fieldElements(uniformBytes: uniform.span)
        let mapped = elements.map { element in G.affineCoordinates(G.mapToCurve(element.span)).map { Coordinates(x: $0.x, y: $0.y) } }
        let points = elements.count == 2 ? G.points(uniformBytes: uniform.span) : G.nonuniformPoints(uniformBytes: uniform.span)
        let result = try unwrap(points.first, "a point")
        let encoded = G.encode([result])
        try require((try? G.decode(canonical: encoded.span)) == [result], "the result does not decode")
        return Hashed(elements: elements, mapped: mapped, result: G.affineCoordinates(result).map { Coordinates(x: $0.x, y: $0.y) })
    }
}
