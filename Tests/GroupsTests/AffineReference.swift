// SPDX-License-Identifier: Apache-2.0
import Arithmetic

/// A curve `y^2 = x^3 + a x + b` over any prime field by the definition of the group law, in affine coordinates with a division for each
/// addition: the reference for the complete formulas.
struct AffineReference {
    typealias Element = [UInt64]
    /// A point; `nil` is the identity.
    typealias Point = (x: Element, y: Element)?

    let field: PrimeModulus
    let a: Element
    let b: Element

    /// The curve with these constants, big-endian.
    init(p: [UInt8], a: [UInt8], b: [UInt8]) throws {
        field = try PrimeModulus(bytes: p.span, order: .big)
        self.a = AffineReference.element(a, field)
        self.b = AffineReference.element(b, field)
    }

    /// Big-endian bytes, reduced.
    func element(_ bytes: [UInt8]) -> Element { AffineReference.element(bytes, field) }

    private static func element(_ bytes: [UInt8], _ field: PrimeModulus) -> Element {
        var out = [UInt64](repeating: 0, count: field.limbCount)
        var span = out.mutableSpan
        field.reduce(wide: bytes.span, order: .big, into: &span)
        return out
    }

    private func result(_ body: (inout MutableSpan<UInt64>) -> Void) -> Element {
        var out = [UInt64](repeating: 0, count: field.limbCount)
        var span = out.mutableSpan
        body(&span)
        return out
    }

    private func plus(_ x: Element, _ y: Element) -> Element { result { field.add(x.span, y.span, into: &$0) } }
    private func minus(_ x: Element, _ y: Element) -> Element { result { field.subtract(x.span, y.span, into: &$0) } }
    private func times(_ x: Element, _ y: Element) -> Element { result { field.multiply(x.span, y.span, into: &$0) } }
    private func inverse(_ x: Element) -> Element? { field.vartimeInverse(x.span) }
    private func isZero(_ x: Element) -> Bool { x.allSatisfy { $0 == 0 } }

    /// Whether the coordinates satisfy the equation.
    func contains(_ p: Point) -> Bool {
        guard let (x, y) = p else { return true }
        return times(y, y) == plus(plus(times(times(x, x), x), times(a, x)), b)
    }

    func negate(_ p: Point) -> Point { p.map { ($0.x, minus([UInt64](repeating: 0, count: field.limbCount), $0.y)) } }

    func add(_ p: Point, _ q: Point) -> Point {
        guard let p else { return q }
        guard let q else { return p }
        let slope: Element
        if p.x == q.x {
            if isZero(plus(p.y, q.y)) { return nil }
            let square = times(p.x, p.x)
            guard let reciprocal = inverse(plus(p.y, p.y)) else { return nil }
            slope = times(plus(plus(plus(square, square), square), a), reciprocal)
        } else {
            guard let reciprocal = inverse(minus(q.x, p.x)) else { return nil }
            slope = times(minus(q.y, p.y), reciprocal)
        }
        let x = minus(minus(times(slope, slope), p.x), q.x)
        return (x, minus(times(slope, minus(p.x, x)), p.y))
    }

    /// `scalar * p`, the scalar in big-endian bytes of any number.
    func multiply(_ p: Point, _ scalar: [UInt8]) -> Point {
        var sum: Point = nil
        for byte in scalar {
            for bit in (0..<8).reversed() {
                sum = add(sum, sum)
                if byte >> UInt8(bit) & 1 == 1 { sum = add(sum, p) }
            }
        }
        return sum
    }

    /// The coordinates, each big-endian in the whole bytes of the field.
    func bytes(_ p: Point) -> (x: [UInt8], y: [UInt8])? {
        p.map { (x, y) in (field.encode(x.span, order: .big), field.encode(y.span, order: .big)) }
    }
}
