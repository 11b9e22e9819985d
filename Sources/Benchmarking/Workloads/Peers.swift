// SPDX-License-Identifier: Apache-2.0
internal import Baselines

// What libraries offer for the same operation. They take one point at a time; where a library has only a larger operation its name says so.

/// Baselines by suite.
enum Peers {
    /// Points or scalars that a baseline works on in one run.
    private static let count = 32
    /// 32 bytes below every group order.
    private static func scalar(_ index: Int) -> [UInt8] {
        var bytes = Inputs.bytes(32, seed: UInt64(100 + index))
        (bytes[0], bytes[31]) = (bytes[0] & 0x07, bytes[31] & 0x07)
        return bytes
    }

    private static func peer(_ name: String, _ run: @escaping (Int) throws -> Void) -> BenchmarkPeer {
        BenchmarkPeer(name: name, items: count) { for index in 0..<count { try run(index) } }
    }

    // MARK: One operation

    static func decode(_ suite: String) -> [BenchmarkPeer] {
        switch suite {
        case "ristretto255":
            guard let sodium = Sodium.shared else { return [] }
            let points = (0..<count).flatMap { sodium.multiplyBase(scalar($0)) }
            return [peer("\(sodium.name) is_valid_point") { try check(sodium.isValidPoint(points, at: $0), "libsodium") }]
        case "P256":
            guard let openssl = OpenSSLCurve.p256, let points = p256Points(openssl) else { return [] }
            let encodings = points.flatMap { openssl.encode($0) }
            return [peer("\(openssl.name) EC_POINT_oct2point") { try check(openssl.decodes(encodings, at: $0), "OpenSSL") }]
        case "secp256k1":
            guard let library = Secp256k1Library.shared else { return [] }
            let encodings = (0..<count).flatMap { library.encode(library.multiplyBase(scalar($0))) }
            return [peer("\(library.name) ec_pubkey_parse") { try check(library.point(encodings, at: $0) != nil, "libsecp256k1") }]
        default: return []
        }
    }

    static func encode(_ suite: String) -> [BenchmarkPeer] {
        switch suite {
        case "P256":
            guard let openssl = OpenSSLCurve.p256, let points = p256Points(openssl) else { return [] }
            return [peer("\(openssl.name) EC_POINT_point2oct, from affine") { _ = openssl.encode(points[$0]) }]
        case "secp256k1":
            guard let library = Secp256k1Library.shared else { return [] }
            let points = (0..<count).map { library.multiplyBase(scalar($0)) }
            return [peer("\(library.name) ec_pubkey_serialize, from affine") { _ = library.encode(points[$0]) }]
        default: return []
        }
    }

    static func hashToGroup(_ suite: String) -> [BenchmarkPeer] {
        guard suite == "ristretto255", let sodium = Sodium.shared else { return [] }
        let inputs = (0..<count).map { Inputs.bytes(64, seed: UInt64($0)) }
        return [peer("\(sodium.name) from_hash, with encoding") { _ = sodium.point(uniform: inputs[$0]) }]
    }

    static func secretMultiplication(_ suite: String) -> [BenchmarkPeer] {
        let scalars = (0..<count).map { scalar($0) }
        switch suite {
        case "ristretto255":
            guard let sodium = Sodium.shared else { return [] }
            let point = sodium.multiplyBase(scalar(99))
            return [peer("\(sodium.name) scalarmult, with decoding and encoding") { _ = sodium.multiply(scalars[$0], point) }]
        case "P256":
            guard let openssl = OpenSSLCurve.p256, let points = p256Points(openssl) else { return [] }
            let integers = scalars.compactMap { openssl.integer($0, isSecret: true) }
            return [peer("\(openssl.name) EC_POINT_mul") { try check(openssl.multiply(base: nil, integers[$0], points[$0]), "OpenSSL") }]
        case "secp256k1":
            guard let library = Secp256k1Library.shared else { return [] }
            let points = scalars.map { library.multiplyBase($0) }
            return [peer("\(library.name) ec_pubkey_tweak_mul, variable time") { _ = library.vartimeMultiply(scalars[$0], points[$0]) }]
        default:
            guard let group = safePrime(suite) else { return [] }
            let base = group.newPower(group.value([4]), group.value(scalars[0]))
            let exponents = (0..<4).map { group.value([1] + Inputs.bytes(group.bits / 8 - 1, seed: UInt64($0))) }
            return [
                BenchmarkPeer(name: "\(group.name), full exponent, variable time", items: exponents.count) {
                    for exponent in exponents { group.power(base, exponent) }
                }
            ]
        }
    }

    static func fixedBase(_ suite: String) -> [BenchmarkPeer] {
        let scalars = (0..<count).map { scalar($0) }
        switch suite {
        case "ristretto255":
            guard let sodium = Sodium.shared else { return [] }
            return [peer("\(sodium.name) scalarmult_base, with encoding") { _ = sodium.multiplyBase(scalars[$0]) }]
        case "P256":
            guard let openssl = OpenSSLCurve.p256 else { return [] }
            let integers = scalars.compactMap { openssl.integer($0, isSecret: true) }
            return [peer("\(openssl.name) EC_POINT_mul") { try check(openssl.multiply(base: integers[$0]), "OpenSSL") }]
        case "secp256k1":
            guard let library = Secp256k1Library.shared else { return [] }
            return [peer("\(library.name) ec_pubkey_create") { _ = library.multiplyBase(scalars[$0]) }]
        default: return secretMultiplication(suite)
        }
    }

    static func commit(_ suite: String) -> [BenchmarkPeer] {
        let scalars = (0..<count).map { scalar($0) }
        switch suite {
        case "ristretto255":
            guard let sodium = Sodium.shared else { return [] }
            let h = sodium.multiplyBase(scalar(99))
            return [
                peer("\(sodium.name) scalarmult_base + scalarmult + add") {
                    _ = sodium.add(sodium.multiplyBase(scalars[$0]), sodium.multiply(scalars[$0], h))
                }
            ]
        case "P256":
            guard let openssl = OpenSSLCurve.p256, let points = p256Points(openssl) else { return [] }
            let integers = scalars.compactMap { openssl.integer($0) }
            return [
                peer("\(openssl.name) EC_POINT_mul, two scalars, variable time") {
                    try check(openssl.multiply(base: integers[$0], integers[$0], points[0]), "OpenSSL")
                }
            ]
        case "secp256k1":
            guard let library = Secp256k1Library.shared else { return [] }
            let h = library.multiplyBase(scalar(99))
            return [
                peer("\(library.name) ec_pubkey_create + tweak_mul + combine, variable time") {
                    _ = library.add(library.multiplyBase(scalars[$0]), library.vartimeMultiply(scalars[$0], h))
                }
            ]
        default: return []
        }
    }

    /// No library exports a multi-scalar multiplication: the sum of single multiplications.
    static func multiScalar(_ suite: String) -> [BenchmarkPeer] {
        let scalars = (0..<count).map { scalar($0) }
        switch suite {
        case "ristretto255":
            guard let sodium = Sodium.shared else { return [] }
            let points = scalars.map { sodium.multiplyBase($0) }
            var sum = points[0]
            return [peer("\(sodium.name) scalarmult + add") { sum = sodium.add(sum, sodium.multiply(scalars[$0], points[$0])) }]
        case "secp256k1":
            guard let library = Secp256k1Library.shared else { return [] }
            let points = scalars.map { library.multiplyBase($0) }
            var sum = points[0]
            return [
                peer("\(library.name) ec_pubkey_tweak_mul + combine") {
                    sum = library.add(sum, library.vartimeMultiply(scalars[$0], points[$0]))
                }
            ]
        default: return secretMultiplication(suite)
        }
    }

    // MARK: Opening proofs

    /// The verification equation of one proof, `m G + r H = T + c C`, with what each library offers; the challenge is given.
    static func openingVerification() -> [BenchmarkPeer] {
        var peers: [BenchmarkPeer] = []
        let s = (0..<5).map { scalar($0) }
        if let sodium = Sodium.shared {
            let h = sodium.multiplyBase(s[0])
            let left = sodium.add(sodium.multiplyBase(s[1]), sodium.multiply(s[2], h))
            let commitment = sodium.multiplyBase(s[3])
            let announcement = sodium.subtract(left, sodium.multiply(s[4], commitment))
            peers.append(
                BenchmarkPeer(name: "\(sodium.name) composed", items: 1) {
                    try check(
                        sodium.verifiesOpening(
                            commitment: commitment, announcement: announcement, challenge: s[4], m: s[1], r: s[2], h: h), "libsodium")
                })
        }
        if let openssl = OpenSSLCurve.p256, let points = p256Points(openssl) {
            let encodings = points.map { openssl.encode($0) }
            let integers = s.compactMap { openssl.integer($0) }
            peers.append(
                BenchmarkPeer(name: "\(openssl.name) P-256 composed", items: 1) {
                    // The equation does not hold for these values; its cost does not depend on that.
                    try check(
                        !openssl.verifiesOpening(
                            commitment: encodings[1], announcement: encodings[2], challenge: integers[4], m: integers[1], r: integers[2],
                            h: points[0]), "OpenSSL")
                })
        }
        if let library = Secp256k1Library.shared {
            let points = s.map { library.multiplyBase($0) }
            let encodings = points.map { library.encode($0) }
            peers.append(
                BenchmarkPeer(name: "\(library.name) composed", items: 1) {
                    try check(
                        !library.verifiesOpening(
                            commitment: encodings[3], announcement: encodings[4], challenge: s[4], m: s[1], r: s[2], h: points[0]),
                        "libsecp256k1")
                })
        }
        for group in [SafePrimeGroup.rfc3526Bits2048, .rfc3526Bits3072].compactMap({ $0 }) {
            let values = s.map { group.value($0) }
            let (g, h) = (group.value([4]), group.newPower(group.value([4]), values[0]))
            let announcement = group.newProduct(group.newPower(g, values[1]), group.newPower(h, values[2]))
            let commitment = group.newPower(g, values[3])
            peers.append(
                BenchmarkPeer(name: "\(group.name) composed, 256-bit exponents", items: 1) {
                    try check(
                        !group.verifiesOpening(
                            commitment: commitment, announcement: announcement, challenge: values[4], m: values[1], r: values[2], g: g,
                            h: h), "GMP")
                })
        }
        return peers
    }

    /// The prover's part of one proof: `T = a G + b H`, constant time where the library has it.
    static func openingProving() -> [BenchmarkPeer] { commit("ristretto255") }

    private static func p256Points(_ openssl: OpenSSLCurve) -> [OpenSSLCurve.Point]? {
        // The x coordinates 5, 6, ... of which some are on the curve.
        let points = (5..<200).lazy.compactMap { x in openssl.point([2] + [UInt8](repeating: 0, count: 31) + [UInt8(x)]) }.prefix(count)
        return points.count == count ? Array(points) : nil
    }

    private static func safePrime(_ suite: String) -> SafePrimeGroup? {
        if suite.contains("2048") { return .rfc3526Bits2048 }
        return suite.contains("3072") ? .rfc3526Bits3072 : nil
    }
}
