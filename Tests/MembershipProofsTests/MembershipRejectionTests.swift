// SPDX-License-Identifier: Apache-2.0
import Groups
import MembershipProofs
import Provers
import Secrets
import SigmaProofs
import TestSupport
import Testing
import Transcripts

/// What is not a proof of this statement.
@Suite struct MembershipRejectionTests {
    typealias G = Ristretto255
    typealias S = Ristretto255.Scalar
    typealias Sample = MembershipSample<Ristretto255>

    /// A sample, an element and its proof.
    static func proved(_ count: Int, _ index: Int) throws -> (sample: Sample, element: [UInt8], proof: [UInt8]) {
        let sample = try MembershipProofTests.sample(count)
        let element = sample.element(index, S(UInt64(99)))
        return (sample, element, try sample.prove(index, S(UInt64(99)), element: element).bytes)
    }

    /// Every bit of a proof over three digits, and of its element.
    @Test func everyBit() throws {
        let (sample, element, proof) = try Self.proved(19, 17)
        for bit in 0..<8 * proof.count {
            var bytes = proof
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(sample.reason(bytes, element: element) != nil, "bit \(bit)")
        }
        for bit in 0..<256 {
            var other = element
            other[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(sample.reason(proof, element: other) != nil, "bit \(bit)")
        }
    }

    /// Proofs of nothing but zeros, ones, or bytes that encode nothing.
    @Test func constantProofs() throws {
        for count in [1, 4, 17] {
            let sample = try MembershipProofTests.sample(count)
            for element in [[UInt8](repeating: 0, count: 32), sample.element(0, S(UInt64(1))), G.encode([G.generator])] {
                for byte in [UInt8(0), 1, 0x7f, 0xff] {
                    let proof = [UInt8](repeating: byte, count: sample.parameters.proofByteCount)
                    #expect(sample.reason(proof, element: element) == .shape)
                }
            }
        }
    }

    /// The identity, or an encoding that is not canonical, in the place of any element; scalars that are not reduced.
    @Test func encodings() throws {
        let (sample, element, proof) = try Self.proved(11, 3)
        let order: [UInt8] = [
            0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            0, 0, 0, 0, 0x10,
        ]
        let (zero, prime) = ([UInt8](repeating: 0, count: 32), [0xed] + [UInt8](repeating: 0xff, count: 30) + [0x7f])
        for part in 0..<proof.count / 32 {
            for wrong in part < 6 ? [zero, prime, [UInt8](repeating: 0xff, count: 32)] : [order, [UInt8](repeating: 0xff, count: 32)] {
                var bytes = proof
                bytes.replaceSubrange(32 * part..<32 * (part + 1), with: wrong)
                #expect(sample.reason(bytes, element: element) == .shape, "part \(part)")
            }
        }
        for wrong in [zero, prime, [UInt8](repeating: 0xff, count: 32)] { #expect(sample.reason(proof, element: wrong) == .shape) }
        for wrong in [[], Array(element.dropLast()), element + [0]] { #expect(sample.reason(proof, element: wrong) == .shape) }
    }

    @Test func lengths() throws {
        let (sample, element, proof) = try Self.proved(11, 3)
        for other in [[], Array(proof.dropLast()), Array(proof.dropLast(32)), Array(proof.dropLast(128)), proof + [0], proof + proof] {
            #expect(sample.reason(other, element: element) == .shape)
        }
    }

    /// Another set: a member less, more, exchanged, in another order, or the last one repeated as padding does.
    @Test func otherSets() throws {
        let (sample, element, proof) = try Self.proved(11, 3)
        let members = (0..<11).map { Array(sample.encodings[32 * $0..<32 * ($0 + 1)]) }
        func reason(_ order: [Int]) throws -> ProofRejected.Reason? {
            let bytes = order.flatMap { members[$0] }
            let parameters = try MembershipParameters(
                set: MembershipSet<G>(canonical: bytes.span), blindingBase: Sample.bases[1],
                generators: StandardMembershipGenerators.ristretto255)
            do throws(ProofRejected) {
                try MembershipProof<G>(parsing: proof.span, for: parameters)
                    .verify(parameters, element: element, context: Sample.context)
            } catch {
                return error.reason
            }
            return nil
        }
        #expect(try reason(Array(0..<11)) == nil)
        #expect(try reason(Array(0..<11) + [10]) == .equation)
        #expect(try reason(Array(0..<11) + [10, 10, 10, 10, 10]) == .equation)
        #expect(try reason(Array(0..<10)) == .equation)
        #expect(try reason(Array(1..<11)) == .equation)
        #expect(try reason([1, 0] + Array(2..<11)) == .equation)
        #expect(try reason(Array((0..<11).reversed())) == .equation)
        // Of other lengths.
        #expect(try reason([0, 1, 2, 3]) == .shape)
        #expect(try reason(Array(0..<11) + Array(0..<11)) == .shape)
    }

    /// Another session, context or base.
    @Test func elsewhere() throws {
        let (sample, element, proof) = try Self.proved(11, 3)
        for context in [
            MembershipContext(session: Sample.session, statement: [1, 2]),
            MembershipContext(session: Sample.session, statement: [1, 2, 3, 0]),
            MembershipContext(session: SessionID(tag: "tests/other"), statement: [1, 2, 3]),
        ] {
            #expect(sample.reason(proof, element: element, context: context) == .equation)
        }
        for base in [G.generator, Sample.bases[0]] {
            let parameters = try MembershipParameters(
                set: sample.set, blindingBase: base, generators: StandardMembershipGenerators.ristretto255)
            #expect(throws: ProofRejected.self) {
                try MembershipProof<G>(parsing: proof.span, for: parameters)
                    .verify(parameters, element: element, context: Sample.context)
            }
        }
    }

    /// Parts of two proofs of one statement do not make a third.
    @Test func mixedProofs() throws {
        let (sample, element, proof) = try Self.proved(11, 3)
        let other = try sample.prove(3, S(UInt64(99)), element: element).bytes
        for part in 0..<proof.count / 32 {
            #expect(proof[32 * part..<32 * (part + 1)] != other[32 * part..<32 * (part + 1)], "nothing is repeated")
            if part > 0 {
                let mixed = Array(proof[..<(32 * part)] + other[(32 * part)...])
                #expect(sample.reason(mixed, element: element) == .equation, "from part \(part) on")
            }
        }
    }

    /// The prover hands out nothing about a wrong member, a wrong difference, or an element that is no member.
    @Test func wrongWitness() throws {
        let sample = try MembershipProofTests.sample(11)
        let element = sample.element(3, S(UInt64(5)))
        let generator = G.encode([G.generator])
        for (index, difference, element) in [(2, 5, element), (3, 6, element), (11, 5, element), (3, 0, generator)] {
            #expect(throws: ProverError.witnessDoesNotSatisfy) { _ = try sample.prove(index, S(UInt64(difference)), element: element) }
        }
        #expect(throws: ProverError.witnessDoesNotSatisfy) {
            _ = try sample.prove(3, S(UInt64(5)), element: [UInt8](repeating: 0, count: 32))
        }
        #expect(throws: ProverError.witnessDoesNotSatisfy) {
            _ = try sample.prove(3, S(UInt64(5)), element: [UInt8](repeating: 0xff, count: 32))
        }
        #expect(throws: ProverError.witnessCount) { _ = try sample.prove(3, S(UInt64(5)), element: []) }
        #expect(throws: ProverError.witnessCount) {
            _ = try sample.prover.prove(
                index: SecretLimbs(count: 2), difference: SecretScalars(zeros: 1), element: element, opening: Sample.context)
        }
    }

    /// What a prover makes whose caller verifies: of a wrong witness it does not hold.
    @Test func unverifiedProofs() throws {
        let (sample, element, _) = try Self.proved(11, 3)
        func reason(_ index: UInt64, _ difference: S) throws -> ProofRejected.Reason? {
            let limb = [index]
            let proof = try sample.prover.unverifiedProof(
                index: SecretLimbs(copying: limb.span), difference: SecretScalars(copying: [difference]), element: element,
                opening: Sample.context)
            return sample.reason(proof.bytes, element: element)
        }
        #expect(try reason(3, S(UInt64(99))) == nil)
        #expect(try reason(3, S(UInt64(98))) == .equation)
        #expect(try reason(4, S(UInt64(99))) == .equation)
    }

    /// Random changes, most of them into well-formed proofs: none is accepted. A million under `make test-long`.
    @Test(arguments: [11, 70]) func mutations(count: Int) async throws {
        let (sample, element, proof) = try Self.proved(count, 3)
        let donors = try [3, 5].map { try sample.prove($0, S(UInt64(99)), element: sample.element($0, S(UInt64(99)))).bytes }
        #expect(sample.reason(proof, element: element) == nil)
        let m = sample.set.shape.digits
        let tally = try await MutationTally.of(
            runsLongTests ? 1_000_000 : 400, proof, donors: donors, layout: [(4 + m, 3 * m + 3)]
        ) { bytes in
            let reason = sample.reason(bytes, element: element)
            return reason == nil ? .accepted : reason == .shape ? .malformed : .refused
        }
        #expect(tally.accepted == 0 && tally.isMostlyWellFormed, "\(tally)")
    }

    // MARK: Sets

    @Test func setsRefused() throws {
        let good = MembershipSample<G>.commitment(.one, .one)
        let bytes = G.encode([good, good, good])
        func make(_ bytes: [UInt8]) throws(MembershipSetError) { _ = try MembershipSet<G>(canonical: bytes.span) }
        #expect(throws: MembershipSetError.count) { try make([]) }
        #expect(throws: MembershipSetError.count) { try make(Array(bytes.dropLast())) }
        #expect(throws: MembershipSetError.count) { try make([UInt8](repeating: 0, count: 32 * 65_537)) }
        #expect(throws: MembershipSetError.identity(1)) { try make(bytes[..<32] + [UInt8](repeating: 0, count: 32) + bytes[..<32]) }
        #expect(throws: MembershipSetError.encoding(2)) { try make(bytes[..<64] + [UInt8](repeating: 0xff, count: 32)) }
        #expect(throws: MembershipParametersError.base) {
            _ = try MembershipParameters(
                set: MembershipSet<G>(canonical: bytes.span), blindingBase: G.identity,
                generators: StandardMembershipGenerators.ristretto255)
        }
    }

    /// Every byte of every member, their order and their number are in the digest, at the edges of its blocks too.
    @Test func digests() throws {
        var seen: Set<[UInt8]> = []
        var number = 0
        for count in [1, 2, 3, 127, 128, 129, 255, 256, 257] {
            let sample = try MembershipProofTests.sample(count)
            seen.insert(sample.set.digest)
            number += 1
            for place in [0, count / 2, count - 1] {
                var bytes = sample.encodings
                bytes.replaceSubrange(32 * place..<32 * (place + 1), with: G.encode([G.generator]))
                let changed = try MembershipSet<G>(canonical: bytes.span)
                #expect(changed.digest != sample.set.digest && changed.digest.count == 32)
                if count > 2 {
                    seen.insert(changed.digest)
                    number += 1
                }
            }
        }
        #expect(seen.count == number)
    }
}
