// SPDX-License-Identifier: Apache-2.0
import Arithmetic
import TestSupport
import Testing

/// Montgomery form against the plain arithmetic of ``PrimeModulus``: every modulus of ``primes``.
@Suite struct MontgomeryModulusTests {
    /// One field with room for its operations.
    private final class Machine {
        let modulus: PrimeModulus
        let field: MontgomeryModulus
        private let scratch: UnsafeMutablePointer<UInt64>

        init(_ named: NamedPrime) {
            modulus = named.modulus
            field = MontgomeryModulus(modulus)
            scratch = .allocate(capacity: field.scratchLimbCount)
        }

        deinit { scratch.deallocate() }

        /// The plain result of an operation on Montgomery forms of plain operands: `body(out, a, b, scratch)`.
        func result(
            _ a: [UInt64], _ b: [UInt64],
            _ body: (UnsafeMutablePointer<UInt64>, UnsafePointer<UInt64>, UnsafePointer<UInt64>, UnsafeMutablePointer<UInt64>) -> Void
        ) -> [UInt64] {
            var (x, y) = (a, b)
            var out = [UInt64](repeating: 7, count: field.limbCount)
            field.convert(&x, fromPlain: a, scratch)
            field.convert(&y, fromPlain: b, scratch)
            body(&out, x, y, scratch)
            let form = out
            field.convert(&out, toPlain: form, scratch)
            return out
        }

        func plain(_ body: (inout MutableSpan<UInt64>) -> Void) -> [UInt64] {
            var out = [UInt64](repeating: 0, count: field.limbCount)
            var span = out.mutableSpan
            body(&span)
            return out
        }
    }

    @Test(arguments: primes) func agreesWithPlainArithmetic(_ named: NamedPrime) {
        let m = Machine(named)
        let n = m.field.limbCount
        var random = SplitMix(state: UInt64(m.modulus.bitWidth))
        var operands = [[UInt64](repeating: 0, count: n), [1] + [UInt64](repeating: 0, count: n - 1)]
        // p - 1, p - 2, R mod p and its neighbours.
        let one = operands[1]
        let last = m.plain { m.modulus.negate(one.span, into: &$0) }
        operands.append(last)
        operands.append(m.plain { m.modulus.subtract(last.span, one.span, into: &$0) })
        let wide = [UInt64](repeating: 0, count: n) + [1]
        operands.append(m.plain { m.modulus.reduce(wide: wide.span, into: &$0) })
        for _ in 0..<(runsLongTests ? 200 : n > 10 ? 3 : 12) {
            let wide = (0..<2 * n).map { _ in random.next() }
            operands.append(m.plain { m.modulus.reduce(wide: wide.span, into: &$0) })
        }
        for a in operands {
            #expect(m.result(a, a) { out, a, _, _ in out.update(from: a, count: n) } == a)
            let negated = m.plain { m.modulus.negate(a.span, into: &$0) }
            #expect(m.result(a, a) { out, a, _, _ in m.field.negate(out, a) } == negated)
            let square = m.plain { m.modulus.square(a.span, into: &$0) }
            #expect(m.result(a, a) { out, a, _, s in m.field.square(out, a, s) } == square)
            #expect(m.result(a, a) { out, a, _, s in m.field.multiply(out, a, a, s) } == square)
            let zero = a.allSatisfy { $0 == 0 }
            #expect(m.field.zeroMask(a) == (zero ? UInt64.max : 0))
            for b in operands {
                let (x, y) = (a, b)
                #expect(
                    m.result(a, b) {
                        m.field.add($0, $1, $2); _ = $3
                    } == m.plain { m.modulus.add(x.span, y.span, into: &$0) })
                #expect(
                    m.result(a, b) {
                        m.field.subtract($0, $1, $2); _ = $3
                    } == m.plain { m.modulus.subtract(x.span, y.span, into: &$0) })
                #expect(
                    m.result(a, b) { m.field.multiply($0, $1, $2, $3) } == m.plain { m.modulus.multiply(x.span, y.span, into: &$0) })
                #expect(m.field.equalMask(a, b) == (a == b ? UInt64.max : 0))
            }
        }
        // In place: the result is an operand.
        for a in operands {
            let expected = m.result(a, last) { m.field.multiply($0, $1, $2, $3) }
            #expect(
                m.result(a, last) { out, a, b, s in
                    out.update(from: a, count: n)
                    m.field.multiply(out, out, b, s)
                } == expected)
            let sum = m.result(a, last) { out, a, b, _ in m.field.add(out, a, b) }
            #expect(
                m.result(a, last) { out, a, b, _ in
                    out.update(from: b, count: n)
                    m.field.add(out, a, out)
                } == sum)
            let difference = m.result(a, last) { out, a, b, _ in m.field.subtract(out, a, b) }
            #expect(
                m.result(a, last) { out, a, b, _ in
                    out.update(from: b, count: n)
                    m.field.subtract(out, a, out)
                } == difference)
        }
    }

    @Test(arguments: primes) func powers(_ named: NamedPrime) {
        let m = Machine(named)
        let n = m.field.limbCount
        var random = SplitMix(state: 100 + UInt64(m.modulus.bitWidth))
        let exponents: [[UInt64]] =
            [[], [0], [1], [2], [15], [16], [0, 1], [0, 0, 3], m.modulus.limbs] + [[random.next(), random.next()]]
        for _ in 0..<5 {
            let wide = (0..<2 * n).map { _ in random.next() }
            let a = m.plain { m.modulus.reduce(wide: wide.span, into: &$0) }
            for exponent in exponents {
                let expected = m.modulus.vartimePower(a.span, exponent.span)
                #expect(m.result(a, a) { out, a, _, s in m.field.power(out, a, exponent.span, s) } == expected)
            }
        }
    }
}
