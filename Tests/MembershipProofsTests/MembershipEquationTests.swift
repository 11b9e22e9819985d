// SPDX-License-Identifier: Apache-2.0
import Groups
import MembershipProofs
import SigmaProofs
import TestSupport
import Testing
import Transcripts

/// Equations (M1), (M2) and (M3) of docs/protocol.md, section 11.4, term by term as they stand there, beside the columns of the verifier.
@Suite struct MembershipEquationTests {
    typealias G = Ristretto255
    typealias S = Ristretto255.Scalar
    typealias Sample = MembershipSample<Ristretto255>

    /// The left side minus the right side of each.
    static func differences(_ sample: Sample, _ element: [UInt8], _ bytes: [UInt8]) throws -> [G.Point] {
        let m = sample.set.shape.digits
        let announcement = bytes.span.extracting(0..<32 * (4 + m))
        let x = Sample.Transcript.challenge(Sample.context, sample.parameters, element: element.span, announcement: announcement)
        let points = try G.decode(canonical: announcement)
        let (scalars, _) = S.decodeEach(canonical: bytes.span.extracting(32 * (4 + m)..<bytes.count))
        let own = try G.decode(canonical: element.span)[0]
        let bases = sample.parameters.bases.points
        func add(_ terms: [(S, G.Point)]) -> G.Point { G.vartimeMultiScalarMul(terms.map { $0.0 }, terms.map { $0.1 }) }
        func power(_ exponent: Int) -> S { (0..<exponent).reduce(S.one) { product, _ in product * x } }
        let f = (0..<m).flatMap { j in
            let sent = scalars[3 * j..<3 * (j + 1)]
            return [sent.reduce(x) { $0 - $1 }] + sent
        }
        let (zA, zC, z) = (scalars[3 * m], scalars[3 * m + 1], scalars[3 * m + 2])
        var first: [(S, G.Point)] = [(x, points[1]), (.one, points[0]), (-zA, bases[0])]
        var second: [(S, G.Point)] = [(x, points[2]), (.one, points[3]), (-zC, bases[0])]
        for place in f.indices {
            first.append((-f[place], bases[1 + place]))
            second.append((-(f[place] * (x - f[place])), bases[1 + place]))
        }
        var third: [(S, G.Point)] = [(-power(m), own), (-z, Sample.bases[1])]
        for k in 0..<m { third.append((-power(k), points[4 + k])) }
        for i in 0..<sample.set.shape.places {
            let p = (0..<m).reduce(S.one) { $0 * f[4 * $1 + (i >> (2 * $1) & 3)] }
            third.append((p, sample.set.members.points[min(i, sample.set.count - 1)]))
        }
        return [add(first), add(second), add(third)]
    }

    @Test(arguments: [1, 3, 4, 5, 16, 30, 64, 70]) func termByTerm(count: Int) throws {
        let sample = try MembershipProofTests.sample(count)
        let m = sample.set.shape.digits
        let element = sample.element(count - 1, S(UInt64(4)))
        let proof = try sample.prove(count - 1, S(UInt64(4)), element: element).bytes
        #expect(try Self.differences(sample, element, proof).allSatisfy { G.isIdentity($0) })

        // Any scalars and elements: the verifier's sum is what the equations say, not zero.
        var random = SplitMix(state: UInt64(count))
        func scalar() -> S {
            let wide = (0..<48).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            return S(reducingWide: wide.span)
        }
        let noise = (0..<3).map { _ in
            (0..<proof.count / 32).flatMap { part in
                part < 4 + m ? G.encode([G.vartimeMultiScalarMul([scalar()], [G.generator])]) : scalar().bytes
            }
        }
        let elements = (0..<3).flatMap { _ in G.encode([G.vartimeMultiScalarMul([scalar()], [G.generator])]) }
        let proofs = noise.flatMap { $0 }
        let member = try MembershipProofs<Sample.Transcript>(
            sample.parameters, openings: [Sample.context, Sample.context, Sample.context], elements: elements.span, proofs: proofs.span)
        #expect(member.malformed.isEmpty)
        func sum(_ statements: Range<Int>, _ weights: [S]) -> G.Point {
            var sum = WeightedEquations<G>()
            member.add(statements, weights: weights, to: &sum)
            return sum.sum
        }
        var expected = G.identity
        var weights: [S] = []
        for statement in 0..<3 {
            let found = try Self.differences(sample, Array(elements[32 * statement..<32 * (statement + 1)]), noise[statement])
            #expect(found.allSatisfy { !G.isIdentity($0) })
            #expect(sum(statement..<statement + 1, [.one, .zero, .zero]) == found[0], "(M1)")
            #expect(sum(statement..<statement + 1, [.zero, .one, .zero]) == found[1], "(M2)")
            #expect(sum(statement..<statement + 1, [.zero, .zero, .one]) == G.negate(found[2]), "(M3)")
            let own = (0..<3).map { _ in S(random.next()) }
            weights += own
            expected = G.add(expected, G.vartimeMultiScalarMul([own[0], own[1], -own[2]], found))
        }
        #expect(sum(0..<3, weights) == expected)
    }

    /// One false proof among twenty, at each place; several; and one that is malformed.
    @Test func badProofsAmongTwenty() throws {
        let sample = try MembershipProofTests.sample(21)
        let elements = (0..<20).map { sample.element($0, S(UInt64($0 + 7))) }
        let proofs = try (0..<20).map { try sample.prove($0, S(UInt64($0 + 7)), element: elements[$0]).bytes }
        func failures(_ proofs: [[UInt8]], _ elements: [[UInt8]]) throws -> (malformed: [Int], failures: [Int]) {
            let (proofBytes, elementBytes) = (proofs.flatMap { $0 }, elements.flatMap { $0 })
            let member = try MembershipProofs<Sample.Transcript>(
                sample.parameters, openings: proofs.map { _ in Sample.context }, elements: elementBytes.span, proofs: proofBytes.span)
            var batch = VerificationBatch<G>()
            batch.append(member)
            return (member.malformed, batch.failures().map(\.statement))
        }
        #expect(try failures(proofs, elements) == ([], []))
        for place in 0..<20 {
            var spoiled = proofs
            spoiled[place][spoiled[place].count - 32] ^= 1
            #expect(try failures(spoiled, elements) == ([], [place]))
            // A true proof of another statement.
            spoiled = proofs
            spoiled[place] = proofs[(place + 1) % 20]
            #expect(try failures(spoiled, elements) == ([], [place]))
        }
        var spoiled = proofs
        spoiled[2][40] ^= 1
        spoiled[5][spoiled[5].count - 1] = 0xff
        spoiled[19][spoiled[19].count - 90] ^= 4
        let found = try failures(spoiled, elements)
        #expect(found.malformed.contains(5) && found.failures == [2, 5, 19])
        #expect(throws: ProofRejected.self) { _ = try failures(proofs, Array(elements.dropLast())) }
        #expect(throws: ProofRejected.self) { _ = try failures(proofs.dropLast() + [Array(proofs[19].dropLast())], elements) }
    }

    /// Proofs about several sets, of which two are equal and one is used twice, in one batch.
    @Test func severalSets() throws {
        var batch = VerificationBatch<G>()
        let samples = try [5, 5, 70].map { try MembershipProofTests.sample($0) }
        for sample in samples + [samples[2]] {
            let element = sample.element(2, .one)
            let proof = try sample.prove(2, .one, element: element).bytes
            batch.append(
                try MembershipProofs<Sample.Transcript>(
                    sample.parameters, openings: [Sample.context], elements: element.span, proofs: proof.span))
        }
        #expect(batch.failures().isEmpty)
        let element = samples[0].element(1, .one)
        let proof = try samples[0].prove(1, .one, element: element).bytes
        let padded = proof + [UInt8](repeating: 0, count: samples[2].parameters.proofByteCount - proof.count)
        batch.append(
            try MembershipProofs<Sample.Transcript>(
                samples[2].parameters, openings: [Sample.context], elements: element.span, proofs: padded.span))
        #expect(batch.failures() == [.init(member: 4, statement: 0)])
    }
}
