// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
private import FaultInjection
internal import MerkleLog
internal import Primitives

/// The checks of one ledger of a bundle against what the policy says of it (docs/protocol.md sections 4.3 and 8).
struct LedgerCheck {
    /// How far ahead of the auditor's clock a cosigner's clock may be, in seconds.
    static let clockSkew: UInt64 = 300

    let trusted: Policy.Ledger
    let policy: Policy
    let evidence: Evidence
    var findings: [Finding] = []

    init(trusted: Policy.Ledger, policy: Policy, evidence: Evidence) {
        self.trusted = trusted
        self.policy = policy
        self.evidence = evidence
    }

    /// What was established.
    struct Result {
        let consents: Checkpoint
        /// The bundle's own revocations checkpoint, which the proof is bound to.
        let revocations: Checkpoint
        /// The list that counts (docs/protocol.md section 8): the bundle's or a newer one.
        let counted: SignedList
        /// The newest list at hand; its entries beyond those of ``counted`` were withdrawn since.
        let newest: SignedList

        /// The leaf hashes that were withdrawn in time to count.
        var revoked: [NodeHash] { counted.log.leafHashes }
        /// The leaf hashes that were withdrawn since.
        var withdrawnSince: ArraySlice<NodeHash> { newest.log.leafHashes.dropFirst(counted.log.leafHashes.count) }
    }

    /// A revocations log with its accepted checkpoint.
    struct SignedList {
        var log: RevocationLog
        let checkpoint: Checkpoint
        /// The checkpoint with all its signatures.
        let note: String
        /// The checkpoint's time, seconds since 1970.
        let time: UInt64

        /// Whether both are of one checkpoint, to the byte.
        func isSame(as other: SignedList) -> Bool { note.hasSameBytes(as: other.note) }

        /// Whether this list is the longer one, or the same with a later checkpoint.
        func isNewer(than other: SignedList) -> Bool {
            (checkpoint.treeSize, time) > (other.checkpoint.treeSize, other.time)
        }

        /// Whether the shorter of the two lists is the beginning of the longer one.
        func isOneLog(with other: SignedList) -> Bool {
            let (short, long) = checkpoint.treeSize < other.checkpoint.treeSize ? (self, other) : (other, self)
            return long.log.root(of: short.checkpoint.treeSize) == short.checkpoint.rootHash
        }
    }

    /// The first second after the days that an `as_of` policy is about; `nil` for one that wants a current list.
    private var asOfEnd: UInt64? {
        guard case .asOf = policy.acceptance.freshness else { return nil }
        return policy.statement.inForce?.last.endOfDay
    }

    /// Runs every check of a ledger; `nil` when a checkpoint of the bundle was not accepted.
    ///
    /// - Throws: when the auditor's newer revocation list does not verify.
    mutating func run(
        _ ledger: BundleHeader.Ledger, indices: Span<UInt64>, leaves: Span<LeafHash>, inclusion: [UInt8], revocations: BytesColumn,
        memory: inout LedgerMemory
    ) throws(ModelError) -> Result? {
        guard let (consents, _) = accepted(ledger.consents, log: "consents"),
            let (revoked, bundleTime) = accepted(ledger.revocations, log: "revocations")
        else { return nil }
        checkInclusion(indices: indices, leaves: leaves, proof: inclusion, checkpoint: consents)
        checkLogged(ledger.logged, indices: indices, consents: consents)

        let carried = evidence.carried?[trusted.origin]
        let own = RevocationLog(revocations, known: carried?.all.newest?.list.log)
        let isOwn = own.size == revoked.treeSize && own.root(of: own.size) == revoked.rootHash
        if !isOwn, !Fault.isRemoved(.revocationList) {
            add(.revocationList, "the revocation list in the bundle is not the one that \(trusted.origin) signed")
        }
        let bundles = SignedList(log: own, checkpoint: revoked, note: ledger.revocations, time: bundleTime)
        let given = try givenList(beside: bundles, isOwn: isOwn)
        let isForked = checkOneHistory(isOwn || given != nil ? given ?? bundles : nil, carried)
        let newest = newest(bundles, given: given, carried: isForked ? nil : carried)
        let counted = counted(bundles, given: given, newest: newest, carried: isForked ? nil : carried)
        if !newest.isSame(as: counted) { checkNotAhead(newest.time) }
        if let given, !given.isSame(as: counted), !given.isSame(as: newest) { checkNotAhead(given.time) }
        // Under `current` the latest checkpoint says how old it is: the longest list has all that its cosigners had seen. Under `as_of` only one of the
        // same list does.
        let isCurrent = asOfEnd == nil
        var time = counted.time
        if isOwn, isCurrent || counted.checkpoint.treeSize == revoked.treeSize { time = max(time, bundleTime) }
        if isCurrent, !isForked { time = max(time, given?.time ?? 0, carried?.all.latestTime ?? 0) }
        checkAge(time)
        // Only a list that has the root of its checkpoint speaks for the ledger: a holder's cut or padded list must neither move the memory nor
        // make the ledger look as if it had shown two histories.
        let isProven = (isOwn || given != nil || !newest.isSame(as: bundles)) && !isForked
        if isProven || Fault.isRemoved(.memoryOfProvenLists) { checkMemory(&memory, newest) }
        return Result(consents: consents, revocations: revoked, counted: counted, newest: newest)
    }

    /// The newest list at hand: of one list with several checkpoints the one with the latest time.
    private func newest(_ own: SignedList, given: SignedList?, carried: CarriedRevocations.Ledger?) -> SignedList {
        let newest = given ?? own
        guard let list = carried?.all.newest?.list, list.isNewer(than: newest), list.isOneLog(with: own) else { return newest }
        return list
    }

    /// The list that counts: the newest; under `as_of` the bundle's own if it is as of the policy's last day, else the auditor's, and in any case one that a
    /// quorum had signed by then.
    private func counted(
        _ own: SignedList, given: SignedList?, newest: SignedList, carried: CarriedRevocations.Ledger?
    ) -> SignedList {
        guard let end = asOfEnd else { return newest }
        var counted = own
        if let given, own.time < end || (isInTime(given) && !Fault.isRemoved(.asOfNewerInTime)) { counted = given }
        if let inTime = carried?.inTime.newest?.list, inTime.checkpoint.treeSize > counted.checkpoint.treeSize, inTime.isOneLog(with: own),
            !Fault.isRemoved(.carriedInTime)
        {
            counted = inTime
        }
        return counted
    }

    /// Whether a quorum had signed the list by the end of the days that an `as_of` policy is about.
    func isInTime(_ list: SignedList) -> Bool {
        asOfEnd.map { isCosigned(list.note, before: $0) } ?? false
    }

    /// Whether the lists of several files show two histories of the ledger, or this one is of another than they: then adds a finding.
    private mutating func checkOneHistory(_ list: SignedList?, _ carried: CarriedRevocations.Ledger?) -> Bool {
        guard let heads = carried?.all.heads else { return false }
        let others = heads.filter { head in heads.count > 1 || list?.isOneLog(with: head.list) == false }
        guard !others.isEmpty else { return false }
        if !Fault.isRemoved(.carriedFork) {
            let files = (heads.count > 1 ? [] : ["this file"]) + others.map(\.file).sorted()
            add(
                .rollback, "\(trusted.origin)/revocations shows two histories, in the lists of \(files.joined(separator: ", "))",
                reason: "rollback-files")
        }
        return true
    }

    private mutating func checkMemory(_ memory: inout LedgerMemory, _ list: SignedList) {
        let head = LedgerMemory.Head(size: list.checkpoint.treeSize, root: list.checkpoint.rootHash.bytes)
        let origin = trusted.origin + "/revocations"
        // A proof about the past has an earlier view of the log: that is no rollback.
        if asOfEnd != nil, let seen = memory.heads[origin], head.size < seen.size { return }
        if let refusal = memory.refusal(origin: origin, head: head, rootOfPrefix: { list.log.root(of: $0)?.bytes }) {
            add(.rollback, refusal)
        } else if !Self.isAhead(list.time, of: evidence.now) {
            memory.remember(origin: origin, head: head)
        }
    }

    // MARK: Checkpoints

    /// A checkpoint of one of the ledger's logs with its time, if the issuer signed it and the quorum of cosigners did.
    mutating func accepted(_ note: String, log: String) -> (Checkpoint, time: UInt64)? {
        do {
            return try verified(note, log: log)
        } catch {
            findings.append(error)
            return nil
        }
    }

    private func verified(_ note: String, log: String) throws(Finding) -> (Checkpoint, time: UInt64) {
        let origin = trusted.origin + "/" + log
        let checkpoint: Checkpoint
        let time: UInt64?
        do throws(MerkleLogError) {
            let unverified = try UnverifiedCheckpoint(bytes: Array(note.utf8))
            let key = try VerifierKey(name: origin, type: .ed25519, publicKey: trusted.key.publicKey)
            checkpoint = try unverified.verified(by: key, origin: origin)
            time = try unverified.quorumTimestamp(cosigners: trusted.cosigners, quorum: trusted.quorum)
        } catch {
            throw Finding(
                .checkpoint, "the checkpoint of \(origin) is refused: \(error)", ledger: trusted.origin, reason: "checkpoint-\(log)")
        }
        guard let time = Fault.isRemoved(.quorum) ? time ?? evidence.now : time else {
            let lack =
                trusted.quorum < 1
                ? "has no time: the policy names no cosigners for it"
                : "has not the \(trusted.quorum) cosignatures that the policy demands"
            throw Finding(.quorum, "the checkpoint of \(origin) \(lack)", ledger: trusted.origin, reason: "quorum-\(log)")
        }
        return (checkpoint, time)
    }

    // MARK: Consents

    private mutating func checkInclusion(indices: Span<UInt64>, leaves: Span<LeafHash>, proof: [UInt8], checkpoint: Checkpoint) {
        do throws(MerkleLogError) {
            let hashes = try NodeHash.array(proof)
            try BatchInclusionProof(treeSize: checkpoint.treeSize, hashes: hashes).verify(
                indices: indices, leafHashes: leaves, checkpoint: checkpoint)
        } catch {
            add(.inclusion, "the entries are not in \(trusted.origin)/consents at size \(checkpoint.treeSize): \(error)")
        }
    }

    private mutating func checkLogged(_ logged: BundleHeader.Logged?, indices: Span<UInt64>, consents: Checkpoint) {
        guard let day = policy.acceptance.loggedBy, !Fault.isRemoved(.loggedBy) else { return }
        guard let logged else {
            add(.loggedBy, "the bundle does not show which entries were in the ledger by \(day.iso8601)", reason: "logged-by-absent")
            return
        }
        guard let (earlier, _) = accepted(logged.checkpoint, log: "consents") else { return }
        guard Fault.isRemoved(.loggedByTime) || isCosigned(logged.checkpoint, before: day.endOfDay) else {
            add(.loggedBy, "the earlier checkpoint was cosigned after \(day.iso8601)", reason: "logged-by-time")
            return
        }
        do throws(MerkleLogError) {
            let hashes = try NodeHash.array(logged.consistency.flatMap { $0 })
            try ConsistencyProof(oldSize: earlier.treeSize, newSize: consents.treeSize, hashes: hashes).verify(old: earlier, new: consents)
        } catch {
            add(.loggedBy, "the log does not extend its checkpoint of \(day.iso8601): \(error)", reason: "logged-by-consistency")
            return
        }
        let late = indices.indices.filter { indices[$0] >= earlier.treeSize }
        if let position = late.first, !Fault.isRemoved(.loggedByIndex) {
            let first = indices[position]
            findings.append(
                Finding(
                    .loggedBy,
                    "entry \(first) of \(trusted.origin)/consents was appended after \(day.iso8601) (\(late.count) such entries)",
                    ledger: trusted.origin, entryIndex: first, reason: "logged-by-index"))
        }
    }

    /// Whether a quorum of cosigners signed the checkpoint before `end`. The checkpoint's time, the quorum-th largest, says that it is no older; here
    /// the quorum itself must have signed in time, so that no single cosigner can date a checkpoint back.
    func isCosigned(_ note: String, before end: UInt64) -> Bool {
        let unverified = try? UnverifiedCheckpoint(bytes: Array(note.utf8))
        return (try? unverified?.isCosigned(before: end, by: trusted.cosigners, quorum: trusted.quorum)) ?? false
    }

    // MARK: Revocations

    /// The auditor's newer list, held to its own checkpoint and to the bundle's: the older list is a prefix of it. Where several files are verified, one that
    /// is not need not be an error of the auditor's: `nil` if it is the beginning of the bundle's, or if the bundle is refused for its list anyway.
    private mutating func givenList(beside own: SignedList, isOwn: Bool) throws(ModelError) -> SignedList? {
        guard let list = evidence.newerRevocations.first(where: { $0.origin.utf8.elementsEqual(trusted.origin.utf8) }) else { return nil }
        let carried = evidence.carried?[trusted.origin]?.all
        let old = own.checkpoint
        let signed = try signedList(list, known: carried?.newest?.list.log)
        if Fault.isRemoved(.newerListPrefix) || signed.log.root(of: old.treeSize) == old.rootHash { return signed }
        if let carried, !isOwn || signed.isOneLog(with: own) || carried.heads.count > 1 {
            checkNotAhead(signed.time)
            return nil
        }
        throw ModelError(
            "revocations-prefix",
            "the revocation list of \(signed.log.size) does not extend the bundle's of \(old.treeSize): it is older, or the ledger shows two histories",
            hint: "give the newest list; if it is, report the ledger")
    }

    /// What the lists of files that draw on this ledger withdraw where the bundle does not: all of it, whatever the histories; under `as_of` what a quorum
    /// signed in time, and otherwise since.
    func withdrawnElsewhere(_ carried: CarriedRevocations.Ledger) -> WithdrawnElsewhere {
        let (all, isCurrent) = (carried.all.leafHashes, asOfEnd == nil)
        return WithdrawnElsewhere(origin: trusted.origin, revoked: isCurrent ? all : carried.inTime.leafHashes, since: isCurrent ? [] : all)
    }

    /// What a list of this ledger withdraws where the bundle does not draw on the ledger: all of it, under `as_of` only if a quorum signed it in time, and
    /// otherwise since.
    func withdrawnElsewhere(_ list: SignedList) -> WithdrawnElsewhere {
        let (all, counts) = (list.log.leafHashes, asOfEnd == nil || isInTime(list))
        return WithdrawnElsewhere(origin: trusted.origin, revoked: counts ? all : [], since: counts ? [] : all)
    }

    /// A list, held to its own checkpoint.
    ///
    /// - Parameter known: a log that may begin with the list.
    func signedList(_ list: RevocationList, known: RevocationLog? = nil) throws(ModelError) -> SignedList {
        let checkpoint: Checkpoint
        let time: UInt64
        do throws(Finding) {
            (checkpoint, time) = try verified(list.checkpoint, log: "revocations")
        } catch {
            throw ModelError("revocations-checkpoint", error.message, hint: "fetch the list from the ledger again")
        }
        // A list of another length is not hashed.
        let isOfItsSize = UInt64(list.revocations.count) == checkpoint.treeSize || Fault.isRemoved(.newerListRoot)
        let log = isOfItsSize ? RevocationLog(list.revocations, known: known) : nil
        guard let log, Fault.isRemoved(.newerListRoot) || log.root(of: log.size) == checkpoint.rootHash else {
            throw ModelError(
                "revocations-root", "the revocation list is not the one of its checkpoint", hint: "fetch it from the ledger again")
        }
        return SignedList(log: log, checkpoint: checkpoint, note: list.checkpoint, time: time)
    }

    private mutating func checkAge(_ time: UInt64) {
        guard !Fault.isRemoved(.freshness), checkNotAhead(time) else { return }
        switch policy.acceptance.freshness {
        case .current(let maximumAge):
            if evidence.now > time, evidence.now - time > maximumAge {
                add(
                    .stale, "the revocations checkpoint is \(evidence.now - time) seconds old, and the policy allows \(maximumAge)",
                    reason: "stale-age")
            }
        case .asOf:
            guard let last = policy.statement.inForce?.last else {
                add(.stale, "as_of means the last day of in_force, which the policy does not have", reason: "stale-as-of")
                return
            }
            if time < last.endOfDay, !Fault.isRemoved(.asOfAge) {
                add(.stale, "the revocations checkpoint was made before the end of \(last.iso8601)", reason: "stale-as-of")
            }
        }
    }

    /// Whether `time` is further ahead of the clock than clocks differ.
    static func isAhead(_ time: UInt64, of now: UInt64) -> Bool {
        time > now && time - now > clockSkew
    }

    /// Whether the auditor's clock has reached `time`, all but the skew of clocks; if not, adds a finding.
    @discardableResult private mutating func checkNotAhead(_ time: UInt64) -> Bool {
        guard Self.isAhead(time, of: evidence.now), !Fault.isRemoved(.freshness), !Fault.isRemoved(.freshnessFuture) else { return true }
        add(.stale, "the revocations checkpoint is dated \(time - evidence.now) seconds in the future", reason: "stale-future")
        return false
    }

    private mutating func add(_ code: Finding.Code, _ message: String, reason: String? = nil) {
        findings.append(Finding(code, message, ledger: trusted.origin, reason: reason))
    }
}

extension Finding: Error {}

extension Day {
    /// The first second after the day, since 1970.
    var endOfDay: UInt64 { (UInt64(number) + 1) * 86_400 }
}
