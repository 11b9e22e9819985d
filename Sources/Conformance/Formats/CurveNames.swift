// SPDX-License-Identifier: Apache-2.0

/// The object identifiers of named curves of prime order (SEC 2, RFC 5639).
enum CurveNames {
    static let oids: [String: String] = {
        var oids = [
            "secp160k1": "1.3.132.0.9", "secp160r1": "1.3.132.0.8", "secp160r2": "1.3.132.0.30", "secp192k1": "1.3.132.0.31",
            "secp192r1": "1.2.840.10045.3.1.1", "secp224k1": "1.3.132.0.32", "secp224r1": "1.3.132.0.33", "secp256k1": "1.3.132.0.10",
            "secp256r1": "1.2.840.10045.3.1.7", "secp384r1": "1.3.132.0.34", "secp521r1": "1.3.132.0.35",
            "FRP256v1": "1.2.250.1.223.101.256.1",
        ]
        for (index, bits) in [160, 192, 224, 256, 320, 384, 512].enumerated() {
            oids["brainpoolP\(bits)r1"] = "1.3.36.3.3.2.8.1.1.\(2 * index + 1)"
            oids["brainpoolP\(bits)t1"] = "1.3.36.3.3.2.8.1.1.\(2 * index + 2)"
        }
        return oids
    }()
}
