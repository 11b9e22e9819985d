// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
private import FaultInjection
internal import MerkleLog

/// A ledger of a bundle whose checkpoints were accepted.
struct AcceptedLedger {
    let consents: Checkpoint
    let revocations: Checkpoint
}

/// What the lists of a ledger that a bundle does not draw on withdraw, by leaf hash.
struct WithdrawnElsewhere {
    let origin: String
    let revoked: [NodeHash]
    /// Under `as_of`, what was withdrawn since.
    let since: [NodeHash]
}

extension BundleVerifier {
    /// What the lists at hand of ledgers that the bundle does not draw on withdraw: a revocation names an entry by its leaf hash, and counts wherever a
    /// copy of the entry stands.
    ///
    /// - Throws: when there are two lists of one ledger, or one that does not verify, or of a ledger that the policy does not trust.
    func withdrawnElsewhere(
        _ bundle: some BundleColumns, _ evidence: Evidence
    ) throws(ModelError) -> [WithdrawnElsewhere] {
        guard Set(evidence.newerRevocations.map { Array($0.origin.utf8) }).count == evidence.newerRevocations.count else {
            throw ModelError("revocations-twice", "two revocation lists are of one ledger", hint: "give only the newest")
        }
        var found: [WithdrawnElsewhere] = []
        for list in evidence.newerRevocations where !isDrawnOn(list.origin, by: bundle) {
            guard let trusted = policy.acceptance.ledger(origin: list.origin) else {
                throw ModelError(
                    "revocations-origin", "the revocation list is of \(list.origin), a ledger that the policy does not trust",
                    hint: "leave the list out, or give the one of \(bundle.header.ledgers.map(\.origin).joined(separator: ", "))")
            }
            let check = LedgerCheck(trusted: trusted, policy: policy, evidence: evidence)
            found.append(check.withdrawnElsewhere(try check.signedList(list, known: evidence.carried?[list.origin]?.all.newest?.list.log)))
        }
        for trusted in policy.acceptance.ledgers where !isDrawnOn(trusted.origin, by: bundle) {
            guard let carried = evidence.carried?[trusted.origin] else { continue }
            found.append(LedgerCheck(trusted: trusted, policy: policy, evidence: evidence).withdrawnElsewhere(carried))
        }
        return Fault.isRemoved(.revocationElsewhere) ? [] : found
    }

    private func isDrawnOn(_ origin: String, by bundle: some BundleColumns) -> Bool {
        bundle.header.ledgers.contains { $0.origin.utf8.elementsEqual(origin.utf8) }
    }

    /// Every ledger's checkpoints, inclusion of its entries, revocations and their age. `nil` unless all checkpoints were accepted.
    func checkLedgers(
        _ bundle: some BundleColumns, leaves: EntryLeaves, evidence: Evidence, _ verdict: inout Verdict
    ) throws(ModelError) -> [AcceptedLedger]? {
        let elsewhere = try withdrawnElsewhere(bundle, evidence)
        var revoked: [NodeHash] = []
        var since = elsewhere.flatMap(\.since)
        var accepted: [AcceptedLedger] = []
        for (number, ledger) in bundle.header.ledgers.enumerated() {
            let known = policy.acceptance.ledger(origin: ledger.origin)
            guard let trusted = Fault.isRemoved(.ledgerTrust) ? known ?? policy.acceptance.ledgers.first : known else {
                verdict.findings.append(
                    Finding(.unknownLedger, "the policy does not trust the ledger \(ledger.origin)", ledger: ledger.origin))
                continue
            }
            let positions = Self.positions(of: number, in: bundle.entryLedgers)
            var check = LedgerCheck(trusted: trusted, policy: policy, evidence: evidence)
            let hashes = leaves.hashes
            let result = try bundle.entryIndices.withSpan { (indices) throws(ModelError) in
                try check.run(
                    ledger, indices: indices.extracting(positions), leaves: hashes.span.extracting(positions),
                    inclusion: bundle.inclusions[number].bytes, revocations: bundle.revocations[number], memory: &verdict.memory)
            }
            verdict.findings += check.findings
            guard let result else { continue }
            accepted.append(AcceptedLedger(consents: result.consents, revocations: result.revocations))
            verdict.ledgers.append(
                Verdict.LedgerFacts(
                    origin: ledger.origin, consentsSize: result.consents.treeSize, consents: positions.count, counted: result.counted,
                    newest: result.newest))
            revoked += result.revoked
            since += result.withdrawnSince
        }
        // A revocation names an entry by its leaf hash: it counts wherever a copy of the entry stands.
        var named = Set(leaves.positions(of: revoked))
        if !Fault.isRemoved(.revocation) {
            verdict.add(named.sorted()) { finding(.revoked, "has been withdrawn", bundle, $0) }
            for ledger in elsewhere {
                let what = "has been withdrawn by \(ledger.origin)/revocations, which names a copy of it"
                let positions = leaves.positions(of: ledger.revoked).filter { named.insert($0).inserted }
                verdict.add(positions) { finding(.revoked, what, bundle, $0) }
            }
        }
        verdict.entriesWithdrawnSince = Set(leaves.positions(of: since)).subtracting(named)
        return accepted.count == bundle.header.ledgers.count ? accepted : nil
    }

    /// The entries of a ledger, which stand together: ``Bundle`` holds them in ascending order of ledger numbers.
    private static func positions(of number: Int, in column: U64Column) -> Range<Int> {
        column.withSpan { ledgers in
            var (before, through) = (0, 0)
            for entry in ledgers.indices {
                before += ledgers[entry] < UInt64(number) ? 1 : 0
                through += ledgers[entry] <= UInt64(number) ? 1 : 0
            }
            return before..<through
        }
    }

    /// Withdrawals signed by subjects, applied whether or not the issuer logged them, and the count of what was withdrawn since.
    func checkWithdrawals(
        _ bundle: some BundleColumns, leaves: EntryLeaves, evidence: Evidence, _ verdict: inout Verdict
    ) throws(ModelError) {
        let positions = try withdrawn(bundle, leaves: leaves, evidence: evidence, verdict)
        if !Fault.isRemoved(.withdrawal) {
            var named: Set<Int> = []
            verdict.findings += positions.counted.filter { named.insert($0).inserted }.map {
                finding(.revoked, "has been withdrawn by its data subject", bundle, $0, reason: "withdrawal")
            }
        }
        verdict.entriesWithdrawnSince.formUnion(positions.since)
        if policy.acceptance.freshness == .asOf { verdict.countWithdrawnSince(bundle.positions) }
    }

    /// The entries of a bundle, by position, that subjects' statements withdraw: those that count, and those that were withdrawn since.
    ///
    /// A statement has no time that anybody vouches for: under `as_of` it ends the proof only if the auditor says that it was made in time. Entries that
    /// are not in the ledger say nothing of a statement: then there are none.
    func withdrawn(
        _ bundle: some BundleColumns, leaves: EntryLeaves, evidence: Evidence, _ verdict: Verdict
    ) throws(ModelError) -> (counted: [Int], since: [Int]) {
        guard !verdict.findings.contains(where: { $0.code == .inclusion }) else { return ([], []) }
        var (counted, since): ([Int], [Int]) = ([], [])
        let isAsOf = policy.acceptance.freshness == .asOf
        let statements =
            evidence.withdrawals.map { ($0, isAsOf) }
            + evidence.withdrawalsInTime.map { ($0, isAsOf && Fault.isRemoved(.withdrawalInTime)) }
        for (withdrawal, isSince) in statements {
            let copies = leaves.positions(of: [withdrawal.leaf.node])
            guard let first = copies.first else {
                try checkIsElsewhere(withdrawal, bundle)
                continue
            }
            let position = copies.first { isInPlace(withdrawal, $0, bundle) } ?? first
            let isElsewhere = isOfAnotherTrustedLedger(withdrawal, bundle)
            let origin = bundle.header.ledgers[Int(bundle.entryLedgers[position])].origin + "/consents"
            guard let entry = try? Entry(parsing: bundle.entries[position]),
                Fault.isRemoved(.withdrawalPlace) || isElsewhere || isInPlace(withdrawal, position, bundle),
                (try? withdrawal.verify(entry: entry)) != nil
            else {
                throw ModelError(
                    "withdrawal-invalid",
                    "the withdrawal of entry \(bundle.entryIndices[position]) of \(origin) is of another place, or not signed by the entry's data subject",
                    hint: "use the statement exactly as the data subject made it")
            }
            if isSince { since.append(position) } else { counted.append(position) }
        }
        return (counted, since)
    }

    /// Whether a statement is of a ledger that the policy trusts and the bundle does not draw on: then it is of a copy of the entry there.
    private func isOfAnotherTrustedLedger(_ withdrawal: WithdrawalStatement, _ bundle: some BundleColumns) -> Bool {
        policy.acceptance.ledgers.contains { ledger in
            withdrawal.origin.utf8.elementsEqual((ledger.origin + "/consents").utf8) && !isDrawnOn(ledger.origin, by: bundle)
        }
    }

    /// Whether a statement is of the ledger and the leaf index of this entry.
    private func isInPlace(_ withdrawal: WithdrawalStatement, _ position: Int, _ bundle: some BundleColumns) -> Bool {
        let origin = bundle.header.ledgers[Int(bundle.entryLedgers[position])].origin + "/consents"
        return withdrawal.index == bundle.entryIndices[position] && withdrawal.origin.utf8.elementsEqual(origin.utf8)
    }

    /// Refuses a withdrawal that is not of the entry at its place: the statement is broken, or the ledger shows two histories.
    private func checkIsElsewhere(_ withdrawal: WithdrawalStatement, _ bundle: some BundleColumns) throws(ModelError) {
        let position = (0..<bundle.entryIndices.count).first {
            bundle.entryIndices[$0] == withdrawal.index
                && (bundle.header.ledgers[Int(bundle.entryLedgers[$0])].origin + "/consents").utf8.elementsEqual(withdrawal.origin.utf8)
        }
        guard position == nil || Fault.isRemoved(.withdrawalLeaf) else {
            throw ModelError(
                "withdrawal-other-entry",
                "the withdrawal is of another entry at index \(withdrawal.index) of \(withdrawal.origin) than the bundle's",
                hint: "the statement is damaged, or the ledger shows two histories: compare its checkpoints")
        }
    }
}
