// SPDX-License-Identifier: Apache-2.0
import Arithmetic
import Secrets

/// The constant-time operations of `PrimeModulus`, on GMP, for moduli of different shapes.
var arithmeticCases: [ProbeCase] {
    modulusCases("2^255-19", PrimeModulus(constant: "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed"))
        + modulusCases(
            "2^256-2^224+2^192+2^96-1", PrimeModulus(constant: "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"))
        + modulusCases("2^521-1", PrimeModulus(constant: mersenne521))
}

/// 2^521 - 1, which has an odd number of limbs and a small top limb.
private let mersenne521: StaticString = """
    1ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff
    """

private func modulusCases(_ name: String, _ modulus: PrimeModulus) -> [ProbeCase] {
    let n = modulus.limbCount
    /// `count` secret residues.
    func residues(_ count: Int) -> SecretLimbs {
        var out = SecretLimbs(count: count * n)
        for i in 0..<count {
            let wide = SecretBytes.random(count: 8 * n + 16)
            var one = SecretLimbs(count: n)
            wide.withSpan { bytes in one.withMutableSpan { modulus.reduce(wide: bytes, order: .big, into: &$0) } }
            one.withSpan { one in out.withMutableSpan { for j in 0..<n { $0[i * n + j] = one[j] } } }
        }
        return out
    }
    /// A case with two secret operands and a result of `count` residues.
    func operation(
        _ operation: String, count: Int = 1, _ body: @escaping (Span<UInt64>, Span<UInt64>, inout MutableSpan<UInt64>) -> Void
    ) -> ProbeCase {
        ProbeCase("\(name)/\(operation)") { evidence in
            let a = residues(count)
            let b = residues(count)
            var out = SecretLimbs(count: count * n)
            a.withSpan { a in b.withSpan { b in out.withMutableSpan { body(a, b, &$0) } } }
            evidence.result(out)
        }
    }
    return [
        operation("add") { modulus.add($0, $1, into: &$2) },
        operation("subtract") { modulus.subtract($0, $1, into: &$2) },
        operation("negate") { a, _, out in modulus.negate(a, into: &out) },
        operation("multiply") { modulus.multiply($0, $1, into: &$2) },
        operation("square") { a, _, out in modulus.square(a, into: &out) },
        operation("invert") { a, _, out in modulus.invert(a, into: &out) },
        operation("select") { a, b, out in modulus.select(a[0] & 1, a, b, into: &out) },
        operation("multiplyAdd", count: 3) { a, b, out in modulus.multiplyAdd(a, b.extracting(first: n), b, into: &out) },
        operation("addAll", count: 3) { modulus.addAll($0, $1, into: &$2) },
        operation("subtractAll", count: 3) { modulus.subtractAll($0, $1, into: &$2) },
        operation("multiplyAll", count: 3) { modulus.multiplyAll($0, $1, into: &$2) },
        ProbeCase("\(name)/innerProduct") { evidence in
            let a = residues(3)
            let b = residues(3)
            var out = SecretLimbs(count: n)
            a.withSpan { a in b.withSpan { b in out.withMutableSpan { modulus.innerProduct(a, b, into: &$0) } } }
            evidence.result(out)
        },
        ProbeCase("\(name)/powers") { evidence in
            var out = SecretLimbs(count: 4 * n)
            residues(1).withSpan { x in out.withMutableSpan { modulus.powers(of: x, into: &$0) } }
            // The first power is 1.
            evidence.result(out.withSpan { all in (n..<4 * n).map { all[$0] } })
        },
        ProbeCase("\(name)/equal, isZero, isReduced") { evidence in
            let a = residues(1)
            let b = residues(1)
            evidence.result(a.withSpan { a in b.withSpan { b in [modulus.equal(a, b)] } })
            evidence.result(a.withSpan { [modulus.isZero($0)] })
            evidence.result(a.withSpan { [modulus.isReduced($0)] })
        },
        ProbeCase("\(name)/encode") { evidence in
            evidence.result(residues(1).withSpan { modulus.encode($0, order: .big) })
        },
    ]
}
