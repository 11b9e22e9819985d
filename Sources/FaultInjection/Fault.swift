// SPDX-License-Identifier: Apache-2.0

#if FAULT_INJECTION
    private import Foundation
#endif

/// The checks of the verifier that `make test-faults` removes, one at a time, to show that a test notices.
///
/// In every ordinary build ``isRemoved(_:)`` is the constant `false` and the check cannot be removed. Only a build with
/// `-DFAULT_INJECTION` (separate scratch path, never shipped) reads `ZKCONSENT_FAULT` once at start.
/// The table of checks and the tests that catch each removal is in docs/security.md.
public enum Fault: String, CaseIterable, Sendable {
    /// The context in the transcript of a dataset proof.
    case absorbContext
    /// The data-point commitments in the rows digest.
    case absorbDataPoints
    /// The number of distinct consents in the transcript.
    case absorbDistinct
    /// The entries, their ledgers and leaf indices in the rows digest.
    case absorbEntries
    /// The form of the proof in the transcript.
    case absorbForm
    /// The holder in the transcript.
    case absorbHolder
    /// The ledgers and their checkpoints in the transcript.
    case absorbLedgers
    /// The manifest in the transcript.
    case absorbManifest
    /// The number of rows in the transcript.
    case absorbN
    /// The position of the entry of each row in the rows digest.
    case absorbPositions
    /// The revealed values in the rows digest.
    case absorbRevealed
    /// The rows digest in the transcript.
    case absorbRows
    /// The schema digest in the transcript.
    case absorbSchema
    /// The list of schemas in the transcript of a proof about several.
    case absorbSchemas
    /// The statement digest in the transcript.
    case absorbStatement
    /// The suite in the transcript.
    case absorbSuite
    /// The announcements of all branches in the transcripts of proofs with alternatives, verified in a batch.
    case anyOfAbsorbAnnouncements
    /// The proofs with alternatives, responses and sub-challenges included, in what the weights of their batch are drawn from.
    case anyOfBatchDigest
    /// The sum of the sub-challenges of each proof with alternatives in a batch.
    case anyOfSum
    /// Under `as_of`, that the revocation list that counts is not older than the policy's last day.
    case asOfAge
    /// Under `as_of`, that a newer revocation list counts if a quorum had signed it by the policy's last day.
    case asOfNewerInTime
    /// The proofs, responses included, in what the weights of a batch are drawn from.
    case batchAbsorbProofs
    /// The combined equation of a batch.
    case batchEquation
    /// Every equation of a batch has a weight of its own.
    case batchWeightForEach
    /// The header of a container is in its one canonical form.
    case bundleCanonicalHeader
    /// The text `bundle` in the metadata is in its one canonical form.
    case bundleCanonicalText
    /// The entries of a bundle are strictly ascending, so that none occurs twice.
    case bundleEntriesAscending
    /// Every entry of a bundle is used by a row.
    case bundleEntryUnused
    /// The ledgers of a bundle are in strictly ascending order of their origins.
    case bundleLedgersAscending
    /// The schemas in a header are in strictly ascending order.
    case bundleSchemasAscending
    /// A revocation list that another file of one verification carries is not dated ahead of the clock.
    case carriedAhead
    /// The revocation lists that the files of one verification carry are of one history.
    case carriedFork
    /// Under `as_of`, a revocation list that another file carries counts if a quorum had signed it by the policy's last day.
    case carriedInTime
    /// The newest revocation list that a file of one verification carries counts for the others.
    case carriedLists
    /// A checkpoint's origin is the expected log's.
    case checkpointOrigin
    /// The recomputed challenge of a compact proof is the claimed one.
    case compactChallenge
    /// The equation of a folded proof on the side of the consents.
    case consentEquation
    /// The context is the one the policy demands.
    case contextMatch
    /// A cosigner's signature of checkpoint and time is valid.
    case cosignature
    /// A cosigner's key that is named twice is one vote of the quorum.
    case cosignerCountsOnce
    /// The equation of a folded proof on the side of the data points.
    case dataEquation
    /// No two entries are equal.
    case duplicateEntry
    /// Of two cosignatures of one key, the earlier one.
    case earlierCosignature
    /// An entry has the version and kind of a consent.
    case entryForm
    /// An entry was issued under the policy's schema.
    case entrySchema
    /// No announcement of a proof of a family is the identity.
    case familyAnnouncementIdentity
    /// The proofs of a family, responses included, in what the weights of their batch are drawn from.
    case familyBatchDigest
    /// No own element of a statement of a family is the identity.
    case familyElementIdentity
    /// No own element of a statement of a family makes an image the identity.
    case familyImageIdentity
    /// The scalars of a proof of a family are reduced.
    case familyResponses
    /// The revocations are as recent as the policy demands.
    case freshness
    /// A revocation list is not of the future.
    case freshnessFuture
    /// The schema that the header names is the policy's.
    case headerSchema
    /// The statement that the header names is the policy's.
    case headerStatement
    /// A commitment is not the identity.
    case identityCommitment
    /// A ledger is one that the policy trusts.
    case ledgerTrust
    /// The announcement in the transcript of one proof of a linear relation.
    case linearAbsorbAnnouncement
    /// The relation in the transcript of one proof of it.
    case linearAbsorbRelation
    /// The equations of one proof of a linear relation.
    case linearEquation
    /// No announcement of one proof of a linear relation is the identity.
    case linearIdentity
    /// A proof of a linear relation has exactly its length.
    case linearLength
    /// A policy with `logged_by` is applied at all.
    case loggedBy
    /// Every entry is below the size of the checkpoint that was cosigned by that day.
    case loggedByIndex
    /// That checkpoint was cosigned by that day.
    case loggedByTime
    /// The manifest has as many data points as the bundle.
    case manifestCount
    /// The manifest is the holder's.
    case manifestHolder
    /// The manifest is in a registry that the policy trusts.
    case manifestRegistration
    /// The manifest's root is that of the data points.
    case manifestRoot
    /// The range in the session of an unlinkable point proof.
    case memberAbsorbRange
    /// The set in the session of an unlinkable point proof.
    case memberAbsorbSet
    /// The linear part and the range part stand in the transcript of the membership part of an unlinkable point proof.
    case memberBinding
    /// Copies of a leaf are one member of a set.
    case memberCopies
    /// No unlinkable point proofs for a policy that counts consents.
    case memberCounts
    /// Entries of another schema, and what is no entry, are not in the set of unlinkable point proofs.
    case memberForm
    /// The membership part of an unlinkable point proof.
    case memberMembership
    /// The membership parts of a bundle have the width that the set gives.
    case memberMembershipWidth
    /// No unlinkable point proofs for a policy without a link to the record.
    case memberRecordLink
    /// An unlinkable bundle reveals the attributes that the policy demands, and no others.
    case memberRevealedColumns
    /// Withdrawn entries are not in the set of unlinkable point proofs.
    case memberRevoked
    /// The linear parts of an unlinkable bundle have the width that the policy gives.
    case memberSigmaWidth
    /// The columns of unlinkable point proofs have the widths that the policy and the set give.
    case memberWidths
    /// Entries that subjects have withdrawn by signed statements are not in the set of unlinkable point proofs.
    case memberWithdrawn
    /// The base of blindings in the transcript of a membership proof.
    case membershipAbsorbBase
    /// The surrounding statement in the transcript of a membership proof.
    case membershipAbsorbContext
    /// The commitments to the digits in the transcript of a membership proof.
    case membershipAbsorbDigits
    /// The element in the transcript of a membership proof.
    case membershipAbsorbElement
    /// The commitments to the polynomial in the transcript of a membership proof.
    case membershipAbsorbPolynomial
    /// The set in the transcript of a membership proof.
    case membershipAbsorbSet
    /// The proofs in what the weights of a batch of membership proofs are drawn from.
    case membershipBatchDigest
    /// The equation of a membership proof that makes digits of bits.
    case membershipBitEquation
    /// The equation of a membership proof that opens the commitments to the digits.
    case membershipDigitEquation
    /// Neither the element of a membership statement nor an element of its proof is the identity.
    case membershipIdentity
    /// A membership proof has exactly its length.
    case membershipLength
    /// The equation of a membership proof about the set.
    case membershipSetEquation
    /// Only a revocation list that has the root of its checkpoint moves the auditor's memory.
    case memoryOfProvenLists
    /// The root computed from a batch inclusion proof is the expected one.
    case merkleBatchInclusion
    /// The roots computed from a consistency proof are the expected ones.
    case merkleConsistency
    /// The root computed from an inclusion proof is the expected one.
    case merkleInclusion
    /// There are as many distinct consents as the policy demands.
    case minimumDistinct
    /// The auditor's newer revocation list extends the bundle's.
    case newerListPrefix
    /// The auditor's newer revocation list is the one of its checkpoint.
    case newerListRoot
    /// Sanity: removes nothing.
    case none
    /// A log's signature of a note is valid.
    case noteSignature
    /// Every row has a consent of its own.
    case oneToOne
    /// The announcements in the transcript of a proof of a disjunction.
    case orAbsorbAnnouncements
    /// The branches in the transcript of a proof of a disjunction.
    case orAbsorbBranches
    /// The equations of the branches of a disjunction.
    case orEquation
    /// No announcement of a disjunction's proof is the identity.
    case orIdentity
    /// A proof of a disjunction has exactly its length.
    case orLength
    /// A disjunction has a branch.
    case orNoBranches
    /// The sub-challenges of a disjunction sum to the challenge.
    case orSum
    /// No element of a proof is the identity.
    case proofIdentity
    /// A folded proof has exactly its length.
    case proofLength
    /// The announcements of linear parts in their transcripts.
    case pointAbsorbAnnouncement
    /// The context in the session of a point proof.
    case pointAbsorbContext
    /// The own elements of linear parts in their transcripts.
    case pointAbsorbElements
    /// The holder in the session of a point proof.
    case pointAbsorbHolder
    /// The ledger in the session of a point proof.
    case pointAbsorbLedger
    /// The schema digest in the session of a point proof.
    case pointAbsorbSchema
    /// The statement digest in the session of a point proof.
    case pointAbsorbStatement
    /// The equations of the linear part of a point proof.
    case pointEquation
    /// The range part of a point proof.
    case pointRange
    /// The linear part stands in the transcript of the range part of a point proof.
    case pointRangeBinding
    /// Revealed values are taken out of the commitment of a point proof.
    case pointRevealed
    /// A bundle of point proofs reveals the attributes that the policy demands, and no others.
    case pointRevealedColumns
    /// The linear parts of point proofs have the width that the policy gives.
    case pointSigmaWidth
    /// The columns of point proofs have the widths that the policy gives.
    case pointWidths
    /// A checkpoint has the quorum of cosigners.
    case quorum
    /// The bases of values and blindings in the transcript of a range proof.
    case rangeAbsorbBases
    /// The commitments in the transcript of a range proof.
    case rangeAbsorbCommitments
    /// The surrounding statement in the transcript of a range proof.
    case rangeAbsorbContext
    /// The commitments to the polynomial in the transcript of a range proof.
    case rangeAbsorbPolynomial
    /// The evaluation and its blindings in the transcript of a range proof.
    case rangeAbsorbResponses
    /// The messages of the rounds in the transcript of a range proof.
    case rangeAbsorbRounds
    /// The number of bits and of values in the transcript of a range proof.
    case rangeAbsorbShape
    /// The commitments to the bits in the transcript of a range proof.
    case rangeAbsorbVectors
    /// The proofs in what the weights of a batch of range proofs are drawn from.
    case rangeBatchDigest
    /// No commitment in a range statement, and no element of a range proof, is the identity.
    case rangeIdentity
    /// A range proof has exactly its length.
    case rangeLength
    /// The equation of a range proof about the polynomial.
    case rangePolynomialEquation
    /// The equation of a range proof about the inner product.
    case rangeProductEquation
    /// A bundle of a dataset reveals the attributes that the policy demands, and no others.
    case revealedColumns
    /// The revealed values are part of the equation.
    case revealedValues
    /// No entry has been revoked.
    case revocation
    /// The withdrawals in lists of trusted ledgers that the bundle does not draw on.
    case revocationElsewhere
    /// The revocation list is the one of its checkpoint.
    case revocationList
    /// The auditor has not seen a longer or another revocations log.
    case rollback
    /// A row is judged by the clauses for the schema of its entry.
    case schemaOfEntry
    /// No two schemas of a policy are the same, nor have entries of the same id.
    case schemasDistinct
    /// What a clause names has one kind in all schemas of a policy.
    case schemasKind
    /// That a quorum had signed a dataset's registration before the beacon of a spot check.
    case spotCheckBeaconTime
    /// That the openings of a spot check are of the registered dataset.
    case spotCheckManifest
    /// That the data points of a spot check are the registered ones.
    case spotCheckManifestRoot
    /// The equation of an opened data point.
    case spotCheckOpening
    /// That no two opened rows are one record.
    case spotCheckRepeated
    /// That exactly the drawn rows are opened.
    case spotCheckRows
    /// That the data subjects are named by the auditor's column.
    case spotCheckSubjectColumn
    /// A statement that proofs of a kind cannot serve is refused, not proved without the clause.
    case statementKind
    /// The scalars that are left of the tail in the transcript of a folded proof.
    case tailAbsorbLast
    /// The responses of the data points in the transcript of a folded proof.
    case tailAbsorbResponses
    /// The cross terms of the rounds in the transcript of a folded proof.
    case tailAbsorbRounds
    /// What the members of a batch say of themselves, in what its weights are drawn from.
    case verificationDigests
    /// Statements that are malformed, whose equations weigh nothing, are among the failures of a batch.
    case verificationMalformed
    /// The verifier's own randomness in the weights of a batch.
    case verificationRandomness
    /// Every equation of every statement of a batch has a weight of its own.
    case verificationWeightForEach
    /// No entry has been withdrawn by a statement at hand.
    case withdrawal
    /// Under `as_of`, that a statement counts of which the auditor says that it was made in time.
    case withdrawalInTime
    /// No withdrawal is of another entry at a place of the bundle.
    case withdrawalLeaf
    /// A data subject's withdrawal names the ledger and index of its entry.
    case withdrawalPlace
    /// The signature of a data subject's withdrawal.
    case withdrawalSignature
    /// That the key of a data subject's withdrawal is the one its entry names.
    case withdrawalTag

    /// Whether this check is removed from the present build.
    @inlinable
    public static func isRemoved(_ fault: Fault) -> Bool {
        #if FAULT_INJECTION
            return injected == fault
        #else
            return false
        #endif
    }

    #if FAULT_INJECTION
        /// The fault named by the environment; an unknown name stops the program, so that a typing error cannot pass as success.
        public static let injected: Fault = {
            guard let name = ProcessInfo.processInfo.environment["ZKCONSENT_FAULT"] else { return .none }
            guard let fault = Fault(rawValue: name) else { fatalError("unknown fault \(name)") }
            return fault
        }()
    #endif
}
