// SPDX-License-Identifier: Apache-2.0
internal import Arithmetic

/// An element of a base field of at most 384 bits as a value, in Montgomery form: for what is computed once per point. The group law
/// itself works at addresses.
///
/// Timing: constant in the values unless the name says `vartime`.
struct FieldElement: Sendable {
    /// The field.
    let field: MontgomeryModulus
    private var limbs: InlineArray<6, UInt64>

    /// 0.
    init(zeroOf field: MontgomeryModulus) {
        self.field = field
        limbs = InlineArray(repeating: 0)
    }

    /// 1.
    init(oneOf field: MontgomeryModulus) {
        self.init(loading: field.one, in: field)
    }

    /// The element in Montgomery form at `address`.
    init(loading address: UnsafePointer<UInt64>, in field: MontgomeryModulus) {
        self.init(zeroOf: field)
        for i in 0..<field.limbCount { limbs[i] = address[i] }
    }

    /// The residue of plain limbs, reduced.
    init(plain: [UInt64], in field: MontgomeryModulus) {
        self.init(zeroOf: field)
        for i in 0..<field.limbCount { limbs[i] = plain[i] }
        FieldElement.withScratch { scratch in update { field.convert($0, fromPlain: $0, scratch) } }
    }

    /// A number in hexadecimal digits in the source code.
    ///
    /// - Precondition: it is below the modulus.
    init(constant hex: StaticString, in field: MontgomeryModulus) {
        let digits = Array(String(describing: hex).utf8).map { UInt64(Character(UnicodeScalar($0)).hexDigitValue ?? 0) }
        var plain = [UInt64](repeating: 0, count: field.limbCount)
        for (i, digit) in digits.reversed().enumerated() { plain[i / 16] |= digit << UInt64(4 * (i % 16)) }
        precondition(field.modulus.isReduced(plain.span) == 1, "a constant below the modulus")
        self.init(plain: plain, in: field)
    }

    /// Big-endian bytes of any number, reduced: one element of `hash_to_field`, RFC 9380, 5.2.
    init(reducing bytes: Span<UInt8>, in field: MontgomeryModulus) {
        var plain = [UInt64](repeating: 0, count: field.limbCount)
        var out = plain.mutableSpan
        field.modulus.reduce(wide: bytes, order: .big, into: &out)
        self.init(plain: plain, in: field)
    }

    /// Big-endian bytes; `nil` unless they are as many as the field's and below the modulus.
    init?(canonical bytes: Span<UInt8>, in field: MontgomeryModulus) {
        var plain = [UInt64](repeating: 0, count: field.limbCount)
        var out = plain.mutableSpan
        do {
            try field.modulus.decode(canonical: bytes, order: .big, into: &out)
        } catch {
            return nil
        }
        self.init(plain: plain, in: field)
    }

    /// The residue itself.
    var plain: [UInt64] {
        var result = self
        FieldElement.withScratch { scratch in result.update { field.convert($0, toPlain: $0, scratch) } }
        return (0..<field.limbCount).map { result.limbs[$0] }
    }

    /// Big-endian bytes, as many as the modulus has.
    var bytes: [UInt8] {
        let plain = self.plain
        return field.modulus.encode(plain.span, order: .big)
    }

    /// Writes the limbs of the Montgomery form.
    func store(to address: UnsafeMutablePointer<UInt64>) {
        for i in 0..<field.limbCount { address[i] = limbs[i] }
    }

    // MARK: Operations

    static func + (a: FieldElement, b: FieldElement) -> FieldElement { a.combined(b) { a.field.add($0, $1, $2) } }
    static func - (a: FieldElement, b: FieldElement) -> FieldElement { a.combined(b) { a.field.subtract($0, $1, $2) } }
    static prefix func - (a: FieldElement) -> FieldElement { FieldElement(zeroOf: a.field) - a }

    static func * (a: FieldElement, b: FieldElement) -> FieldElement {
        withScratch { scratch in a.combined(b) { a.field.multiply($0, $1, $2, scratch) } }
    }

    /// All ones if the elements are equal, else 0.
    static func equalMask(_ a: FieldElement, _ b: FieldElement) -> UInt64 {
        a.with { x in b.with { y in a.field.equalMask(x, y) } }
    }

    /// All ones if 0, else 0.
    var isZeroMask: UInt64 { with { field.zeroMask($0) } }

    /// `a` if `mask` is all ones, `b` if it is 0.
    static func select(_ mask: UInt64, _ a: FieldElement, _ b: FieldElement) -> FieldElement {
        var result = b
        for i in 0..<a.field.limbCount { result.limbs[i] = b.limbs[i] ^ (mask & (a.limbs[i] ^ b.limbs[i])) }
        return result
    }

    /// `self^exponent` for a public exponent.
    func power(_ exponent: [UInt64]) -> FieldElement {
        var result = self
        FieldElement.withScratch { scratch in
            with { a in result.update { field.power($0, a, exponent.span, scratch) } }
        }
        return result
    }

    /// `1/x`, and 0 for 0: `x^(p-2)`.
    func inverted() -> FieldElement {
        var exponent = field.modulus.limbs
        // No borrow: the moduli here end in a limb larger than 2.
        exponent[0] -= 2
        return power(exponent)
    }

    /// `x^((p-3)/4)`, for `p = 3 mod 4`: `1/sqrt(x)` up to the sign if `x` is a square other than 0.
    func inverseRootCandidate() -> FieldElement {
        let p = field.modulus.limbs
        // (p - 3) / 4 = floor(p / 4)
        return power(p.indices.map { p[$0] >> 2 | ($0 + 1 < p.count ? p[$0 + 1] << 62 : 0) })
    }

    /// 1 if the residue is odd: `sgn0` of RFC 9380, 4.1, and the parity of SEC 1.
    var parity: UInt64 { plain[0] & 1 }

    /// 1 if the residue is larger than `(p - 1) / 2`, else 0: exactly then doubling it takes `p` away, which is odd.
    var isLarger: UInt64 { (self + self).parity }

    // MARK: Addresses

    /// Room for a product of two elements and what GMP asks for; checked by ``WeierstrassCurve``.
    static let scratchLimbCount = 64

    /// Scratch memory of one operation.
    private static func withScratch<R>(_ body: (UnsafeMutablePointer<UInt64>) -> R) -> R {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: scratchLimbCount) { buffer in
            guard let memory = buffer.baseAddress else { preconditionFailure("scratch is never empty") }
            return body(memory)
        }
    }

    /// Calls `body` with the address of the limbs.
    private func with<R>(_ body: (UnsafePointer<UInt64>) -> R) -> R {
        withUnsafeBytes(of: limbs) { bytes in
            guard let base = bytes.baseAddress else { preconditionFailure("limbs have an address") }
            return body(base.assumingMemoryBound(to: UInt64.self))
        }
    }

    /// Calls `body` with the address of the limbs, to write them.
    private mutating func update(_ body: (UnsafeMutablePointer<UInt64>) -> Void) {
        withUnsafeMutableBytes(of: &limbs) { bytes in
            guard let base = bytes.baseAddress else { return }
            body(base.assumingMemoryBound(to: UInt64.self))
        }
    }

    /// The result of an operation on two elements, given as (result, a, b).
    private func combined(
        _ other: FieldElement, _ operation: (UnsafeMutablePointer<UInt64>, UnsafePointer<UInt64>, UnsafePointer<UInt64>) -> Void
    ) -> FieldElement {
        var result = self
        other.with { b in result.update { operation($0, $0, b) } }
        return result
    }
}
