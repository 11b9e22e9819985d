// SPDX-License-Identifier: Apache-2.0

import Groups
import Provers
import Secrets
import SigmaProofs
import Testing
import Transcripts

@Suite struct LinearProofTests {
    typealias Tiny = AdditiveGroup<Order13>
    typealias Large = AdditiveGroup<OrderM61>
    static let session = SigmaTag(application: "zkconsent-test", flavor: .batchable, group: Tiny.self).session
    static let compactSession = SigmaTag(application: "zkconsent-test", flavor: .compact, group: Tiny.self).session

    static func reason(_ body: () throws -> Void) -> ProofRejected.Reason? {
        do { try body() } catch { return (error as? ProofRejected)?.reason }
        return nil
    }

    /// All tuples of `count` values below `bound`.
    static func tuples(_ count: Int, below bound: UInt64) -> [[UInt64]] {
        (0..<count).reduce([[]]) { lists, _ in lists.flatMap { list in (0..<bound).map { list + [$0] } } }
    }

    static func tinySamples() throws -> [Sample<Tiny>] {
        let h = Tiny.point(5)
        return [
            try .chaumPedersen(x: .init(UInt64(3)), h: h),
            try .pedersen(m: .init(UInt64(7)), r: .init(UInt64(2)), h: h),
            try .opensTo(m: .init(UInt64(4)), r: .init(UInt64(9)), h: h),
        ]
    }

    /// Every batchable proof there is over a group of 13: accepted exactly if the integers satisfy every equation and no announcement is 0.
    @Test(arguments: 0..<3)
    func batchableExhaustively(_ index: Int) throws {
        let relation = try Self.tinySamples()[index].relation
        let q = Order13.q
        var accepted = 0
        for announcement in Self.tuples(relation.equations.count, below: q) {
            let transcript = LinearTranscript(Self.session, relation)
            let c = transcript.challenge(announcement: announcement.map(Tiny.point)).scalar.value
            for responses in Self.tuples(relation.scalarCount, below: q) {
                let holds = relation.equations.indices.allSatisfy { i in
                    let equation = relation.equations[i]
                    let left = equation.terms.reduce(0) {
                        $0 + $1.coefficient.value * responses[Int($1.scalar)] * relation.elements[Int($1.element)].value
                    }
                    let image = equation.image.reduce(0) { $0 + $1.coefficient.value * relation.elements[Int($1.element)].value }
                    return left % q == (announcement[i] + c * image) % q
                }
                let proof = BatchableProof<Tiny>(
                    announcement: announcement.map(Tiny.point), responses: responses.map { Tiny.Scalar($0) })
                let reason = Self.reason { try proof.verify(relation, session: Self.session) }
                let expected: ProofRejected.Reason? = announcement.contains(0) ? .identityAnnouncement : holds ? nil : .equation
                #expect(reason == expected)
                accepted += reason == nil ? 1 : 0
            }
        }
        #expect(accepted > 0)
    }

    /// Every compact proof there is.
    @Test(arguments: 0..<3)
    func compactExhaustively(_ index: Int) throws {
        let sample = try Self.tinySamples()[index]
        let relation = sample.relation
        let q = Order13.q
        for c in 0..<q {
            for responses in Self.tuples(relation.scalarCount, below: q) {
                let announcement = relation.equations.indices.map { i in
                    let equation = relation.equations[i]
                    let left = equation.terms.reduce(0) {
                        $0 + $1.coefficient.value * responses[Int($1.scalar)] * relation.elements[Int($1.element)].value
                    }
                    return Tiny.point(left % q + c * (q - relation.image[i].value))
                }
                let derived = LinearTranscript(Self.compactSession, relation).challenge(announcement: announcement).scalar.value
                let expected: ProofRejected.Reason? =
                    announcement.contains(Tiny.identity) ? .identityAnnouncement : derived == c ? nil : .challenge
                let proof = CompactProof<Tiny>(challenge: .init(c), responses: responses.map { Tiny.Scalar($0) })
                #expect(Self.reason { try proof.verify(relation, session: Self.compactSession) } == expected)
            }
        }
    }

    /// The all-zero compact proof, which a verifier without the identity check could accept.
    @Test func zeroProof() throws {
        for sample in try Self.tinySamples() {
            let zeros = [UInt8](repeating: 0, count: CompactProof.byteCount(for: sample.relation))
            let proof = try CompactProof(parsing: zeros.span, for: sample.relation)
            #expect(Self.reason { try proof.verify(sample.relation, session: Self.compactSession) } == .identityAnnouncement)
        }
    }

    @Test func honestProofsOverTheTinyGroup() throws {
        for sample in try Self.tinySamples() {
            for _ in 0..<50 {
                let batchable = try LinearProver.batchableProof(of: sample.relation, witness: sample.secret, session: Self.session)
                let compact = try LinearProver.compactProof(of: sample.relation, witness: sample.secret, session: Self.compactSession)
                let (bytes, compactBytes) = (batchable.bytes, compact.bytes)
                #expect(try BatchableProof(parsing: bytes.span, for: sample.relation) == batchable)
                #expect(try CompactProof(parsing: compactBytes.span, for: sample.relation) == compact)
            }
        }
    }
}
