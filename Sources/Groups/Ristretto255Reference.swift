// SPDX-License-Identifier: Apache-2.0
internal import Arithmetic

/// ristretto255 written after RFC 9496 as plainly as possible, on GMP: the reference to which the native code is held in tests.
///
/// Points are affine coordinates `(x, y)` on -x^2 + y^2 = 1 + d x^2 y^2; every addition takes an inversion. Slow, variable time, public
/// data only.
package enum Ristretto255Reference {
    /// 2^255 - 19.
    static let field = PrimeModulus(constant: "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed")

    /// An integer modulo 2^255 - 19.
    package struct Element: Equatable, Sendable {
        let limbs: [UInt64]

        /// A small integer.
        package init(_ value: UInt64) {
            limbs = [value, 0, 0, 0]
        }

        init(limbs: [UInt64]) {
            self.limbs = limbs
        }

        /// The integer of any little-endian bytes, reduced.
        package init(reducing bytes: [UInt8]) {
            limbs = result { field.reduce(wide: bytes.span, order: .little, into: &$0) }
        }

        /// 32 bytes, least significant first.
        package var bytes: [UInt8] { field.encode(limbs.span, order: .little) }

        package static func + (a: Element, b: Element) -> Element {
            Element(limbs: result { field.add(a.limbs.span, b.limbs.span, into: &$0) })
        }

        package static func - (a: Element, b: Element) -> Element {
            Element(limbs: result { field.subtract(a.limbs.span, b.limbs.span, into: &$0) })
        }

        package static func * (a: Element, b: Element) -> Element {
            Element(limbs: result { field.multiply(a.limbs.span, b.limbs.span, into: &$0) })
        }

        package static prefix func - (a: Element) -> Element { Element(0) - a }

        /// RFC 9496, section 3.1.1: odd.
        package var isNegative: Bool { limbs[0] & 1 == 1 }
        /// CT_ABS.
        package var magnitude: Element { isNegative ? -self : self }
        /// 1/x, and 0 for 0.
        package var inverse: Element { field.vartimeInverse(limbs.span).map(Element.init(limbs:)) ?? Element(0) }
    }

    private static func result(_ body: (inout MutableSpan<UInt64>) -> Void) -> [UInt64] {
        var out = [UInt64](repeating: 0, count: 4)
        var span = out.mutableSpan
        body(&span)
        return out
    }

    /// A point of the curve; each ristretto255 element is a coset of four or eight of them.
    package struct Point: Sendable {
        /// The affine x.
        package let x: Element
        /// The affine y.
        package let y: Element

        /// Affine coordinates, not checked.
        package init(x: Element, y: Element) {
            self.x = x
            self.y = y
        }
    }

    // MARK: Constants (RFC 9496, section 4.1), from their definitions

    /// 1
    package static let one = Element(1)
    /// d = -121665/121666
    package static let d = -(Element(121_665) * Element(121_666).inverse)
    /// A square root of -1: the even one, as in the RFC.
    package static let sqrtM1 = root(-one)
    /// sqrt(a d - 1) with a = -1: the odd root, as in the RFC.
    package static let sqrtADMinusOne = -root(-d - one)
    /// 1 / sqrt(a - d): the even one.
    package static let invsqrtAMinusD = root((-one - d).inverse)
    /// 1 - d^2
    package static let oneMinusDSquared = one - d * d
    /// (d - 1)^2
    package static let dMinusOneSquared = (d - one) * (d - one)

    /// The even square root of a square.
    private static func root(_ a: Element) -> Element {
        guard let root = field.vartimeSquareRoot(a.limbs.span) else { preconditionFailure("not a square") }
        return Element(limbs: root).magnitude
    }

    /// The neutral element.
    package static let identity = Point(x: Element(0), y: one)

    /// The generator of RFC 9496, section 4: Edwards25519's base point, y = 4/5, x even.
    package static let generator: Point = {
        let y = Element(4) * Element(5).inverse
        let y2 = y * y
        return Point(x: root((y2 - one) * (d * y2 + one).inverse), y: y)
    }()
}
