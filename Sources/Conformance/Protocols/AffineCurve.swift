// SPDX-License-Identifier: Apache-2.0
internal import Arithmetic

/// A curve y^2 = x^3 + ax + b over a prime field with a point of prime order, in affine coordinates, one inversion an addition: the plainest
/// reference. Variable time, public data only.
struct AffineCurve: Sendable {
    typealias Element = PrimeField.Element

    /// A point that is not the neutral element.
    struct Point: Equatable, Sendable {
        let x: Element
        let y: Element
    }

    let field: PrimeField
    let scalars: PrimeField
    let a: Element
    let b: Element
    let generator: Point

    /// The curve of these big-endian parameters; a failure names the first that is wrong.
    init(p: [UInt8], n: [UInt8], a: [UInt8], b: [UInt8], x: [UInt8], y: [UInt8]) throws(CaseFailure) {
        field = try unwrap(PrimeField(prime: p), "p is no odd prime")
        scalars = try unwrap(PrimeField(prime: n), "n is no odd prime")
        self.a = try unwrap(field.element(a), "a is not below p")
        self.b = try unwrap(field.element(b), "b is not below p")
        generator = Point(x: try unwrap(field.element(x), "gx is not below p"), y: try unwrap(field.element(y), "gy is not below p"))
        try require(contains(generator), "the generator is not on the curve")
        let discriminant = field.element(4) * self.a * self.a * self.a + field.element(27) * self.b * self.b
        try require(!discriminant.isZero, "the curve is singular")
        try require(multiply(n, generator) == nil, "n is not the order of the generator")
    }

    /// Whether the coordinates satisfy the equation.
    func contains(_ point: Point) -> Bool {
        point.y * point.y == point.x * point.x * point.x + a * point.x + b
    }

    // MARK: Group law; nil is the neutral element

    func add(_ p: Point?, _ q: Point?) -> Point? {
        guard let p, let q else { return p ?? q }
        let slope: Element?
        if p.x == q.x {
            guard p.y == q.y, !p.y.isZero else { return nil }
            let xx = p.x * p.x
            slope = (p.y + p.y).inverse.map { (xx + xx + xx + a) * $0 }
        } else {
            slope = (q.x - p.x).inverse.map { (q.y - p.y) * $0 }
        }
        guard let slope else { return nil }
        let x = slope * slope - p.x - q.x
        return Point(x: x, y: slope * (p.x - x) - p.y)
    }

    /// `scalar * point` for a big-endian integer, not reduced.
    func multiply(_ scalar: [UInt8], _ point: Point?) -> Point? {
        var sum: Point?
        for byte in scalar {
            for bit in (0..<8).reversed() {
                sum = add(sum, sum)
                if byte >> UInt8(bit) & 1 == 1 { sum = add(sum, point) }
            }
        }
        return sum
    }

    // MARK: Encoding, SEC 1 section 2.3

    /// The point of an encoding, uncompressed or compressed; nil for any other bytes.
    func decode(_ bytes: [UInt8]) -> Point? {
        let width = field.modulus.byteCount
        if bytes.first == 4, bytes.count == 1 + 2 * width {
            guard let x = field.element(Array(bytes[1...width])), let y = field.element(Array(bytes[(1 + width)...])) else { return nil }
            let point = Point(x: x, y: y)
            return contains(point) ? point : nil
        }
        guard bytes.first == 2 || bytes.first == 3, bytes.count == 1 + width, let x = field.element(Array(bytes[1...])) else { return nil }
        return point(x: x, isOdd: bytes[0] == 3)
    }

    /// The point of this x and this parity of y.
    func point(x: Element, isOdd: Bool) -> Point? {
        guard let root = (x * x * x + a * x + b).squareRoot else { return nil }
        if root.isZero { return isOdd ? nil : Point(x: x, y: root) }
        return Point(x: x, y: root.isOdd == isOdd ? root : field.element(0) - root)
    }

    /// The compressed encoding.
    func encode(_ point: Point) -> [UInt8] { [point.y.isOdd ? 3 : 2] + point.x.bytes }

    // MARK: ECDSA, SEC 1 section 4.1.4

    /// Whether (r, s) is a signature of a message of this hash: the equation, r and s in 1..<n.
    func verify(hash: [UInt8], r: [UInt8], s: [UInt8], key: Point) -> Bool {
        guard let r = scalars.element(r), let s = scalars.element(s), !r.isZero, let inverse = s.inverse else { return false }
        let digest = Array(hash.prefix(scalars.modulus.byteCount))
        let u1 = scalars.element(reducing: digest) * inverse
        let u2 = r * inverse
        guard let sum = add(multiply(u1.bytes, generator), multiply(u2.bytes, key)) else { return false }
        return scalars.element(reducing: sum.x.bytes) == r
    }
}

extension AffineCurve {
    private static func constant(_ digits: [String]) -> AffineCurve? {
        guard let values = try? digits.map({ try VectorValue.bytes(hex: $0) }), values.count == 6 else { return nil }
        return try? AffineCurve(p: values[0], n: values[1], a: values[2], b: values[3], x: values[4], y: values[5])
    }

    /// NIST P-256 (SEC 2, section 2.4.2).
    static let p256 = constant([
        "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
        "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
        "ffffffff00000001000000000000000000000000fffffffffffffffffffffffc",
        "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b",
        "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
        "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
    ])

    /// secp256k1 (SEC 2, section 2.4.1).
    static let secp256k1 = constant([
        "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f",
        "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
        "00", "07",
        "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
        "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8",
    ])

    /// Why tests over other curves are not run.
    static let otherCurve = "a curve that the engine does not have"

    /// The curve of a name in Wycheproof.
    static func named(_ name: String) throws(CaseFailure) -> AffineCurve {
        switch name {
        case "secp256r1": return try unwrap(p256, "P-256")
        case "secp256k1": return try unwrap(secp256k1, "secp256k1")
        default:
            if CurveNames.oids[name] != nil
                || ["sect283k1", "sect283r1", "sect409k1", "sect409r1", "sect571k1", "sect571r1"].contains(name)
            {
                throw CaseFailure(skipped: otherCurve)
            }
            throw CaseFailure("there is no curve \(name)")
        }
    }
}
