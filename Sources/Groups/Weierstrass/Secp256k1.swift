// SPDX-License-Identifier: Apache-2.0

/// The group of the curve secp256k1 (SEC 2, 2.4.1). Prime order: there is no cofactor.
///
/// Elements: SEC 1 compressed, 33 bytes; the identity has no encoding. Scalars: 32 bytes, big-endian. `points(uniformBytes:)` is the map of
/// secp256k1_XMD:SHA-256_SSWU_RO_ after `expand_message` (RFC 9380, 8.7): 96 bytes for each point.
public enum Secp256k1: WeierstrassGroup {
    /// The limbs of a point: X, Y and Z.
    public typealias Coordinates = InlineArray<12, UInt64>
    /// The name of the group.
    public static let name = "secp256k1"

    /// The constants of secp256k1.
    public static let curve = WeierstrassCurve(
        prime: "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f",
        a: .zero,
        b: "7",
        order: "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
        generator: (
            x: "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
            y: "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8"
        ),
        format: .sec1,
        map: SimplifiedSWU.Constants(
            z: (magnitude: "b", isNegative: true),
            a: "3f8731abdd661adca08a5558f0f5d272e953d363cb6f0e5d405447c01a444533",
            b: "6eb",
            isogeny: isogeny,
            elementByteCount: 48))

    /// The 3-isogeny of RFC 9380, appendix E.1.
    private static let isogeny: [[StaticString]] = [
        [
            "8e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38daaaaa8c7",
            "7d3d4c80bc321d5b9f315cea7fd44c5d595d2fc0bf63b92dfff1044f17c6581",
            "534c328d23f234e6e2a413deca25caece4506144037c40314ecbd0b53d9dd262",
            "8e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38daaaaa88c",
        ],
        [
            "d35771193d94918a9ca34ccbb7b640dd86cd409542f8487d9fe6b745781eb49b",
            "edadc6f64383dc1df7c4b2d51b54225406d36b641f5e41bbc52a56612a8c6d14",
            "1",
        ],
        [
            "4bda12f684bda12f684bda12f684bda12f684bda12f684bda12f684b8e38e23c",
            "c75e0c32d5cb7c0fa9d0a54b12a0a6d5647ab046d686da6fdffc90fc201d71a3",
            "29a6194691f91a73715209ef6512e576722830a201be2018a765e85a9ecee931",
            "2f684bda12f684bda12f684bda12f684bda12f684bda12f684bda12f38e38d84",
        ],
        [
            "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffff93b",
            "7a06534bb8bdb49fd5e9e6632722c2989467c1bfc8e8d978dfb425d2685c2573",
            "6484aa716545ca2cf3a70c3fa8fe337e0a3d21162f0d6299a7bf8192bfd2a76f",
            "1",
        ],
    ]
}
