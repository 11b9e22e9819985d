// SPDX-License-Identifier: Apache-2.0
public import ConsentModel
internal import Groups
public import MerkleLog
internal import Secrets

extension DatasetAssembler {
    /// Unlinkable point proofs ready to be made: one for each row.
    public struct AssembledMembers: ~Copyable {
        /// Everything public.
        public var draft: MemberDraft
        private var witness: MemberWitness

        init(draft: MemberDraft, witness: consuming MemberWitness) {
            self.draft = draft
            self.witness = witness
        }

        /// Says that the openings are secret from here on: see `Declassification`.
        package borrowing func classify() { witness.classify() }

        /// The openings.
        public consuming func takeWitness() -> MemberWitness { witness }
    }

    /// The columns of a bundle of unlinkable point proofs, with a fresh `K'` for each row.
    ///
    /// The whole range is read, whichever entries it is about. What was done before to find a consent for each row takes the time and the addresses of
    /// a search, as for other kinds.
    ///
    /// - Parameters:
    ///   - entries: the leaves of a range of the consents log, 118 bytes each.
    /// - Throws: as ``finish(manifest:manifestRoot:holder:context:consent:)``.
    public consuming func finishMembers(
        holder: String, context: String, entries: (Range<UInt64>) throws -> [UInt8], consent: (LeafHash) throws -> Consent? = { _ in nil }
    ) throws -> AssembledMembers {
        guard let range = memberRange, ledgers.count == 1, let view = ledgers.first else {
            throw ModelError("member-ledger", "unlinkable proofs are about a range of exactly one ledger")
        }
        let receipts = try assign(consent)
        try checkRows()
        let revealed = try revealedColumns(receipts, consent)
        let header = MemberHeader(
            dataPoints: rowCount, holder: holder, context: context,
            ledger: BundleHeader.Ledger(
                origin: view.origin, consents: view.consents.note, revocations: view.revocations.note, logged: view.logged),
            first: range.lowerBound, count: range.count, schema: statements.schemas[0].digest, statement: statements.digest)

        var leafIndices = SecretLimbs(count: rowCount)
        leafIndices.withMutableSpan { indices in
            for (row, receipt) in receipts.enumerated() { indices[row] = places[receipt].index }
        }
        let fresh = SecretScalars<Suite>.random(count: rowCount)
        let differences = witness.consentBlindings(receipts).subtracting(fresh)
        let elements = elements(receipts, differences)
        let draft = MemberDraft(
            header: header, entries: try entries(range), dataPoints: dataPoints, elements: elements,
            inclusion: try view.inclusion(Array(range)), revocations: view.revocationColumn, revealed: revealed, sourceRows: sourceRows)
        let rows = witness.rowByRow(receipts, consentBlindings: fresh)
        return AssembledMembers(
            draft: draft, witness: MemberWitness(rows: rows, differences: differences, leafIndices: leafIndices))
    }

    /// `K' = K - delta H` of each row, encoded. What does not decode as `K` becomes a `K'` that fails.
    private func elements(_ receipts: [Int], _ differences: borrowing SecretScalars<Suite>) -> [UInt8] {
        let width = Entry.byteCount
        let encodings = receipts.flatMap { receipt in
            self.entries[width * receipt + Entry.consentRange.lowerBound..<width * receipt + Entry.consentRange.upperBound]
        }
        var (consents, _) = Suite.decodeEach(canonical: encodings.span)
        let bases = Suite.fixedBases(Generators.derive([Generators.blindingLabel]))
        var shifts = differences.withSpan { Suite.multiScalarMul(rows: receipts.count, $0, bases) }
        for row in shifts.indices { shifts[row] = Suite.add(consents[row], Suite.negate(shifts[row])) }
        var encoded = Suite.encode(shifts)
        Suite.wipe(&consents)
        declassify(&encoded, as: .commitment)
        return encoded
    }
}
