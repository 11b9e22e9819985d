// SPDX-License-Identifier: Apache-2.0
import Groups
import Provers
import RangeProofs
import Secrets
import SigmaProofs
import Testing
import Transcripts

/// Lower and upper bounds of committed values.
@Suite struct RangeBoundTests {
    typealias G = Ristretto255

    /// Whether the bounds of values are provable, and the proof verifies.
    static func holds(_ values: [UInt64], _ bounds: [RangeBound], bits: Int) throws -> Bool {
        let parameters = try RangeSample.parameters(bits: bits, count: RangeBound.count(bounds))
        let prover = RangeProver<RangeSample.Transcript>(parameters)
        let secret = SecretLimbs(copying: values.span)
        let blindings = SecretScalars<G>.random(count: values.count)
        let committed = prover.commitments(secret, blindings: blindings)
        let statement = G.encode(try parameters.commitments(G.decode(canonical: committed.span), bounds: bounds))
        let context = RangeContext(session: RangeSample.session, statement: committed)
        let openings = try prover.openings(secret, blindings: blindings, bounds: bounds)
        do throws(ProverError) {
            let proof = try prover.prove(
                values: openings.values, blindings: openings.blindings, commitments: statement, opening: context)
            return RangeSample.reason(parameters, statement, proof.bytes, context) == nil
        } catch {
            return false
        }
    }

    /// Values that satisfy a bound of 8 bits, and values that do not.
    static let cases: [(bound: RangeBound, inside: [UInt64], outside: [UInt64])] = [
        (.atLeast(18), [18, 19, 273], [0, 17, 274, .max]),
        (.atLeast(0), [0, 255], [256]),
        (.atLeast(.max), [.max], [.max - 1, 0]),
        (.within(18...99), [18, 50, 99], [0, 17, 100, .max]),
        (.within(0...255), [0, 255], [256]),
        (.within(5...5), [5], [4, 6]),
    ]

    @Test(arguments: 0..<6) func bounds(index: Int) throws {
        let (bound, inside, outside) = Self.cases[index]
        for value in inside { #expect(try Self.holds([value], [bound], bits: 8), "\(value) for \(bound)") }
        for value in outside { #expect(try !Self.holds([value], [bound], bits: 8), "\(value) for \(bound)") }
    }

    @Test func several() throws {
        let bounds: [RangeBound] = [.within(10...20), .atLeast(1_000), .within(0...65_535)]
        #expect(RangeBound.count(bounds) == 8)
        #expect(try Self.holds([15, 2_000, 65_535], bounds, bits: 16))
        #expect(try !Self.holds([21, 2_000, 65_535], bounds, bits: 16))
        #expect(try !Self.holds([15, 999, 65_535], bounds, bits: 16))
        #expect(try !Self.holds([15, 2_000, 65_536], bounds, bits: 16))
    }

    @Test func boundsThatDoNotFit() throws {
        let parameters = try RangeSample.parameters(bits: 8, count: 2)
        #expect(throws: RangeParametersError.bounds) { _ = try parameters.commitments([G.generator], bounds: [.within(0...256)]) }
        #expect(throws: RangeParametersError.count) { _ = try parameters.commitments([G.generator], bounds: [.atLeast(1)]) }
        #expect(throws: RangeParametersError.count) { _ = try parameters.commitments([], bounds: []) }
        #expect(throws: RangeParametersError.count) { _ = try parameters.commitments([G.generator], bounds: [.atLeast(1), .atLeast(2)]) }
    }
}
