// SPDX-License-Identifier: Apache-2.0
internal import Arithmetic

/// The integers modulo a public prime, with operators. Variable time, public data only.
final class PrimeField: Sendable {
    /// The modulus.
    let modulus: PrimeModulus

    /// The field of this odd prime in big-endian bytes; nil for any other integer and for more than 8192 bits.
    init?(prime bytes: [UInt8]) {
        guard let modulus = try? PrimeModulus(bytes: bytes.span, order: .big) else { return nil }
        self.modulus = modulus
    }

    /// The field of a modulus that is known to be prime.
    init(_ modulus: PrimeModulus) {
        self.modulus = modulus
    }

    /// An element of a field; operands are of the same field.
    struct Element: Sendable, Equatable {
        let field: PrimeField
        let limbs: [UInt64]

        static func == (a: Element, b: Element) -> Bool { a.limbs == b.limbs }

        static func + (a: Element, b: Element) -> Element {
            a.field.element { a.field.modulus.add(a.limbs.span, b.limbs.span, into: &$0) }
        }
        static func - (a: Element, b: Element) -> Element {
            a.field.element { a.field.modulus.subtract(a.limbs.span, b.limbs.span, into: &$0) }
        }
        static func * (a: Element, b: Element) -> Element {
            a.field.element { a.field.modulus.multiply(a.limbs.span, b.limbs.span, into: &$0) }
        }
        /// 1/a; nil for 0.
        var inverse: Element? { field.modulus.vartimeInverse(limbs.span).map { Element(field: field, limbs: $0) } }
        /// A square root; nil if there is none.
        var squareRoot: Element? { field.modulus.vartimeSquareRoot(limbs.span).map { Element(field: field, limbs: $0) } }
        /// Whether the representative below the modulus is odd.
        var isOdd: Bool { limbs[0] & 1 == 1 }
        var isZero: Bool { limbs.allSatisfy { $0 == 0 } }
        /// The big-endian bytes, as many as the modulus has.
        var bytes: [UInt8] { field.modulus.encode(limbs.span, order: .big) }
    }

    /// The integer of any big-endian bytes, reduced.
    func element(reducing bytes: [UInt8]) -> Element {
        element { modulus.reduce(wide: bytes.span, order: .big, into: &$0) }
    }

    /// The integer of big-endian bytes, leading zeros allowed; nil unless it is below the modulus.
    func element(_ bytes: [UInt8]) -> Element? {
        let trimmed = Array(bytes.drop { $0 == 0 })
        guard trimmed.count <= modulus.byteCount else { return nil }
        let reduced = element(reducing: trimmed)
        return Array(reduced.bytes.drop { $0 == 0 }) == trimmed ? reduced : nil
    }

    /// `base^exponent` for a big-endian exponent.
    func power(_ base: Element, _ exponent: [UInt8]) -> Element {
        var limbs = [UInt64](repeating: 0, count: (exponent.count + 7) / 8)
        for (index, byte) in exponent.reversed().enumerated() { limbs[index / 8] |= UInt64(byte) << UInt64(8 * (index % 8)) }
        return Element(field: self, limbs: modulus.vartimePower(base.limbs.span, limbs.span))
    }

    /// A small integer.
    func element(_ value: UInt8) -> Element { element(reducing: [value]) }

    private func element(_ body: (inout MutableSpan<UInt64>) -> Void) -> Element {
        var limbs = [UInt64](repeating: 0, count: modulus.limbCount)
        var span = limbs.mutableSpan
        body(&span)
        return Element(field: self, limbs: limbs)
    }
}
