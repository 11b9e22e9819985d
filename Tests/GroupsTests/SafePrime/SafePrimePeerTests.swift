// SPDX-License-Identifier: Apache-2.0
import Foundation
import Groups
import TestSupport
import Testing

/// Random operations of every modular group, recomputed by Python's integers: thousands, in the long mode hundreds of thousands.
@Suite struct SafePrimePeerTests {
    /// How many cases of each kind; powers of large numbers are slow in Python.
    struct Counts {
        let cheap: Int
        let powers: Int

        init(bitWidth: Int) {
            let small = bitWidth <= 256
            cheap = small ? (runsLongTests ? 40_000 : 400) : (runsLongTests ? 4_000 : 60)
            let affordable = small ? 200 : bitWidth > 4096 ? 1 : max(2, 12 * 2048 * 2048 / (bitWidth * bitWidth) * 1536 / bitWidth)
            powers = affordable * (runsLongTests ? 40 : 1)
        }
    }

    @Test(arguments: smallGroups + publishedGroups) func agreesWithPython(_ parameters: NamedParameters) throws {
        func lines<P: SafePrimeParameters>(_: P.Type) -> [String] {
            var cases = Cases<P>(seed: UInt64(P.constants.modulus.count))
            return cases.lines(Counts(bitWidth: parameters.bitWidth))
        }
        let all = lines(parameters.type)
        let result = try run("python3", [SafePrimeVectorTests.peer.path, "check"], input: Data(all.joined(separator: "\n").utf8))
        #expect(result.status == 0 && result.text == "\(all.count - 1) cases, 0 wrong\n", "\(result.text) \(result.errorText)")
    }

    /// The peer notices a wrong result of each kind.
    @Test func thePeerCanFail() throws {
        var cases = Cases<Small256>(seed: 1)
        let all = cases.lines(Counts(bitWidth: 256))
        var seen: Set<Substring> = []
        for line in all.dropFirst() {
            let words = line.split(separator: " ")
            guard let kind = words.first, let last = words.last, seen.insert(kind).inserted else { continue }
            let flipped = last == "no" ? "yes" : last == "yes" ? "no" : String(last.dropLast()) + (last.hasSuffix("0") ? "1" : "0")
            let altered = all[0] + "\n" + words.dropLast().joined(separator: " ") + " " + flipped
            let result = try run("python3", [SafePrimeVectorTests.peer.path, "check"], input: Data(altered.utf8))
            #expect(result.text.hasSuffix("1 cases, 1 wrong\n") && result.status == 1, "\(kind)")
        }
        #expect(seen.count == 12)
    }

    /// Lines `operation operands... result` in hexadecimal; integers and encodings most significant byte first.
    struct Cases<P: SafePrimeParameters> {
        typealias G = SafePrimeGroup<P>
        var generator: SplitMix

        init(seed: UInt64) { generator = SplitMix(state: seed) }

        mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) } }

        mutating func points(_ count: Int) -> [G.Point] {
            let uniform = bytes(count * G.uniformByteCount)
            return G.points(uniformBytes: uniform.span)
        }

        /// Random, with now and then an edge or a short one.
        mutating func scalar() -> G.Scalar {
            switch generator.next() % 8 {
            case 0: return [G.Scalar.zero, .one, .zero - .one][Int(generator.next() % 3)]
            case 1: return G.Scalar(UInt128(generator.next()) << 64 | UInt128(generator.next()))
            default:
                let wide = bytes(G.Scalar.wideByteCount)
                return G.Scalar(reducingWide: wide.span)
            }
        }

        func text(_ points: [G.Point]) -> String { hex(G.encode(points)) }

        mutating func lines(_ counts: Counts) -> [String] {
            var lines = ["modulus \(hex(P.constants.modulus))"]
            for _ in 0..<counts.cheap {
                let p = points(2)
                lines.append("product \(text([p[0]])) \(text([p[1]])) \(text([G.add(p[0], p[1])]))")
                lines.append("inverse \(text([p[0]])) \(text([G.negate(p[0])]))")
                let (a, b) = (scalar(), scalar())
                lines.append("scalar-add \(hex(a.bytes)) \(hex(b.bytes)) \(hex((a + b).bytes))")
                lines.append("scalar-subtract \(hex(a.bytes)) \(hex(b.bytes)) \(hex((a - b).bytes))")
                lines.append("scalar-multiply \(hex(a.bytes)) \(hex(b.bytes)) \(hex((a * b).bytes))")
                if let inverse = a.vartimeInverted() { lines.append("scalar-inverse \(hex(a.bytes)) \(hex(inverse.bytes))") }
                let wide = bytes(G.Scalar.wideByteCount)
                lines.append("scalar-wide \(hex(wide)) \(hex(G.Scalar(reducingWide: wide.span).bytes))")
                let uniform = bytes(G.uniformByteCount)
                lines.append("uniform \(hex(uniform)) \(text(G.points(uniformBytes: uniform.span)))")
                // Random bytes, an element, and an element with one bit flipped.
                var candidate = [bytes(G.pointByteCount), G.encode([p[0]]), G.encode([p[1]])][Int(generator.next() % 3)]
                if generator.next() % 2 == 0 {
                    candidate[Int(generator.next() % UInt64(candidate.count))] ^= 1 << UInt8(generator.next() % 8)
                }
                lines.append("member \(hex(candidate)) \((try? G.decode(canonical: candidate.span)) == nil ? "no" : "yes")")
            }
            for i in 0..<counts.powers {
                let count = 1 + i % 3
                let (p, s) = (points(count), (0..<count).map { _ in scalar() })
                let limbs = s.flatMap(\.limbs)
                let operands = "\(text(p)) \(s.map { hex($0.bytes) }.joined())"
                lines.append("sum \(operands) \(text([G.multiScalarMul(limbs.span, p)]))")
                lines.append("vartime-sum \(operands) \(text([G.vartimeMultiScalarMul(s, p)]))")
                lines.append("fixed-sum \(operands) \(text(G.multiScalarMul(rows: 1, limbs.span, G.fixedBases(p))))")
            }
            return lines
        }
    }
}
