// SPDX-License-Identifier: Apache-2.0

/// The group of the curve P-256 (secp256r1; NIST SP 800-186, 3.2.1.3; SEC 2, 2.4.2). Prime order: there is no cofactor.
///
/// Elements: SEC 1 compressed, 33 bytes; the identity has no encoding. Scalars: 32 bytes, big-endian. `points(uniformBytes:)` is the map of
/// P256_XMD:SHA-256_SSWU_RO_ after `expand_message` (RFC 9380, 8.2): 96 bytes for each point.
public enum P256: WeierstrassGroup {
    /// The limbs of a point: X, Y and Z.
    public typealias Coordinates = InlineArray<12, UInt64>
    /// The name of the group.
    public static let name = "P256"

    /// The constants of P-256.
    public static let curve = WeierstrassCurve(
        prime: "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
        a: .minusThree,
        b: "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b",
        order: "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
        generator: (
            x: "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
            y: "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
        ),
        format: .sec1,
        map: SimplifiedSWU.Constants(
            z: (magnitude: "a", isNegative: true),
            a: "ffffffff00000001000000000000000000000000fffffffffffffffffffffffc",
            b: "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b",
            elementByteCount: 48))
}
