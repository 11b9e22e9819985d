// SPDX-License-Identifier: Apache-2.0
internal import Groups

/// What threshold signatures need of a group: the engine's groups have it, and so has the prime-order part of edwards25519.
protocol PrimeOrderGroup {
    associatedtype Element: Equatable
    associatedtype Scalar: GroupScalar

    static var generator: Element { get }
    static var identity: Element { get }
    static func add(_ p: Element, _ q: Element) -> Element
    static func multiply(_ scalar: Scalar, _ point: Element) -> Element
    static func encode(_ point: Element) -> [UInt8]
    /// The element of a canonical encoding, the identity refused; nil for other bytes.
    static func decode(_ bytes: [UInt8]) -> Element?
}

extension PrimeOrderGroup {
    static func element(_ bytes: [UInt8]) throws(CaseFailure) -> Element {
        try unwrap(decode(bytes), "no element of the group")
    }

    static func scalar(_ bytes: [UInt8]) throws(CaseFailure) -> Scalar {
        do throws(ScalarDecodingError) {
            return try Scalar(canonical: bytes.span)
        } catch {
            throw CaseFailure("no scalar of the group")
        }
    }

    /// `sum coefficients[k] x^k`.
    static func evaluate(_ coefficients: [Scalar], at x: Scalar) -> Scalar {
        coefficients.reversed().reduce(Scalar.zero) { $0 * x + $1 }
    }

    /// `sum x^k commitments[k]`.
    static func evaluate(_ commitments: [Element], at x: Scalar) -> Element {
        commitments.reversed().reduce(identity) { add(multiply(x, $0), $1) }
    }
}

/// A group of the engine.
enum EngineGroup<G: Group>: PrimeOrderGroup {
    static var generator: G.Point { G.generator }
    static var identity: G.Point { G.identity }
    static func add(_ p: G.Point, _ q: G.Point) -> G.Point { G.add(p, q) }
    static func multiply(_ scalar: G.Scalar, _ point: G.Point) -> G.Point { G.vartimeMultiScalarMul([scalar], [point]) }
    static func encode(_ point: G.Point) -> [UInt8] { G.encode([point]) }
    static func decode(_ bytes: [UInt8]) -> G.Point? {
        guard bytes.count == G.pointByteCount, let point = try? G.decode(canonical: bytes.span).first else { return nil }
        return G.isIdentity(point) ? nil : point
    }
}

/// The prime-order group of edwards25519, whose scalars are those of ristretto255.
enum Edwards25519: PrimeOrderGroup {
    typealias Scalar = Ristretto255.Scalar
    static var generator: EdwardsCurve.Point { EdwardsCurve.generator }
    static var identity: EdwardsCurve.Point { EdwardsCurve.identity }
    static func add(_ p: EdwardsCurve.Point, _ q: EdwardsCurve.Point) -> EdwardsCurve.Point { EdwardsCurve.add(p, q) }
    static func multiply(_ scalar: Scalar, _ point: EdwardsCurve.Point) -> EdwardsCurve.Point { EdwardsCurve.multiply(scalar.bytes, point) }
    static func encode(_ point: EdwardsCurve.Point) -> [UInt8] { EdwardsCurve.encode(point) }
    static func decode(_ bytes: [UInt8]) -> EdwardsCurve.Point? {
        guard let point = EdwardsCurve.decode(canonical: bytes), EdwardsCurve.isTorsionFree(point), point != identity else { return nil }
        return point
    }
}
