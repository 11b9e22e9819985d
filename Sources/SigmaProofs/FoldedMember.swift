// SPDX-License-Identifier: Apache-2.0

private import FaultInjection
public import Groups
private import Transcripts

/// A relation whose generators are shared by many folded proofs in one batch.
public struct FoldedBases<G: Group>: Sendable {
    /// The relation.
    public let relation: FoldedRelation<G>
    let data: SharedBases<G>
    let consent: SharedBases<G>

    /// The generators of `relation`. Proofs that are to share them are given the same value.
    public init(_ relation: FoldedRelation<G>) {
        self.relation = relation
        data = SharedBases(relation.dataBases)
        consent = SharedBases(relation.consentBases)
    }
}

/// A folded proof of which only the two equations are left to check: columns are folded and the challenges are derived.
///
/// As a member of a batch it is one statement. Its generators, thousands of them, are multiplied once for all proofs of the relation.
public struct FoldedMember<G: Group>: BatchMember {
    private let bases: FoldedBases<G>
    private let foldedData: G.Point
    private let foldedConsent: G.Point
    private let challenges: FoldedChallenges<G>
    private let proof: FoldedProof<G>

    /// Derives the challenges.
    ///
    /// - Parameters:
    ///   - foldedData: `D* = sum rho_i D_i` over every row, with the weights of `transcript`.
    ///   - foldedConsent: `C'`, folded with the same weights, less what the policy constrains and reveals.
    ///   - transcript: Made from the verifier's own view of the statement.
    /// - Throws: one opaque failure, for a proof of another shape or with an identity.
    public init(
        _ bases: FoldedBases<G>, foldedData: G.Point, foldedConsent: G.Point, transcript: consuming WeightedTranscript,
        proof: FoldedProof<G>
    ) throws(FoldedProofError) {
        challenges = try FoldedVerifier.challenges(bases.relation, transcript: transcript, proof: proof)
        self.bases = bases
        self.foldedData = foldedData
        self.foldedConsent = foldedConsent
        self.proof = proof
    }

    /// Checks both equations, each on its own.
    ///
    /// - Throws: one opaque failure, whose internal reason names the equation.
    public func check() throws(FoldedProofError) {
        try FoldedVerifier.check(
            bases, foldedData: foldedData, foldedConsent: foldedConsent, challenges: challenges, proof: proof)
    }

    // MARK: Batch

    public var statementCount: Int { 1 }
    /// None: a malformed proof has no member.
    public var malformed: [Int] { [] }
    /// (D) and (C): each has a weight of its own that nobody knows before every response is fixed, so that they may be added.
    public var equationCount: Int { 2 }

    /// Everything that stands in the equations but the generators, which are the verifier's: the end of the transcript binds every byte of the proof,
    /// each challenge follows from what was absorbed before it, and the folded columns are the verifier's own sums.
    public var digest: [UInt8] {
        var xof = SHAKE128()
        xof.absorb(lengthPrefixed(Array("zkconsent/v1/batch/folded".utf8)))
        let scalars = ([challenges.announcement] + challenges.rounds).flatMap { $0.bytes }
        xof.absorb(lengthPrefixed(G.encode([foldedData, foldedConsent]) + scalars))
        xof.absorb(lengthPrefixed(challenges.end))
        var reader = xof.finished()
        return reader.read(32)
    }

    /// Right side minus left side of either equation, times its weight.
    public func add(_ statements: Range<Int>, weights: [G.Scalar], to sum: inout WeightedEquations<G>) {
        guard !statements.isEmpty else { return }
        if !Fault.isRemoved(.dataEquation) {
            let (weight, responses) = (weights[0], proof.dataResponses)
            sum.addShort([weight], [proof.announcement.data])
            sum.add([weight * challenges.announcement], [foldedData])
            sum.add(responses.map { -weight * $0 }, sharing: bases.data)
        }
        if !Fault.isRemoved(.consentEquation) {
            let terms = FoldedConsentTerms(bases.relation, challenges, proof, weight: weights[1])
            sum.add(terms.messageScalars + [terms.folded], terms.messages + [foldedConsent])
            sum.add(terms.bases, sharing: bases.consent)
        }
    }
}
