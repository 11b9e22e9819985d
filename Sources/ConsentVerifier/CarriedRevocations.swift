// SPDX-License-Identifier: Apache-2.0
public import ConsentModel
private import FaultInjection
internal import MerkleLog

/// The newest revocation list of each trusted ledger among those that the files of one verification carry (docs/protocol.md section 8, The lists of the
/// other files). With it the verdict on a file does not depend on which file was judged first.
///
/// A list counts if its checkpoint is signed, has the quorum and is not ahead of the clock, and the list has its size and root: what is wrong with one
/// file says nothing about the others.
public struct CarriedRevocations: Sendable {
    /// What is known of a ledger.
    struct Ledger {
        /// The longest list; of one list with several checkpoints the one with the latest time.
        var newest: LedgerCheck.SignedList
        /// Whether two of the lists are no beginnings of one log.
        var isForked = false
        /// The checkpoints of the lists that were looked at and counted.
        var checkpoints: Set<[UInt8]>
    }

    private let policy: Policy
    private let now: UInt64
    /// By the bytes of the origin.
    private var ledgers: [[UInt8]: Ledger] = [:]

    /// None so far.
    ///
    /// - Parameter now: the present time, seconds since 1970.
    public init(policy: Policy, now: UInt64) {
        self.policy = policy
        self.now = now
    }

    /// Looks at the lists of a file, whatever it is.
    public mutating func add(carriedBy bytes: [UInt8]) {
        for list in RevocationList.carried(by: bytes) { add(list) }
    }

    /// Looks at a list.
    public mutating func add(_ list: RevocationList) {
        let (origin, note) = (Array(list.origin.utf8), Array(list.checkpoint.utf8))
        guard let trusted = policy.acceptance.ledger(origin: list.origin), ledgers[origin]?.checkpoints.contains(note) != true else { return }
        let check = LedgerCheck(trusted: trusted, policy: policy, evidence: Evidence(now: now))
        guard var signed = try? check.signedList(list, known: ledgers[origin]?.newest.log) else { return }
        guard !LedgerCheck.isAhead(signed.time, of: now) || Fault.isRemoved(.carriedAhead) else { return }
        guard var ledger = ledgers[origin] else {
            signed.log.detach()
            ledgers[origin] = Ledger(newest: signed, checkpoints: [note])
            return
        }
        ledger.checkpoints.insert(note)
        if !ledger.newest.isOneLog(with: signed) { ledger.isForked = true }
        if signed.isNewer(than: ledger.newest) {
            signed.log.detach()
            ledger.newest = signed
        }
        ledgers[origin] = ledger
    }

    /// What is known of the ledger; `nil` if no file carries a list of it that counts.
    subscript(origin: String) -> Ledger? {
        Fault.isRemoved(.carriedLists) ? nil : ledgers[Array(origin.utf8)]
    }

    /// The newest lists of the ledgers of which there is one history.
    var newest: [(trusted: Policy.Ledger, list: LedgerCheck.SignedList)] {
        policy.acceptance.ledgers.compactMap { trusted in
            guard let ledger = self[trusted.origin], !ledger.isForked else { return nil }
            return (trusted, ledger.newest)
        }
    }
}
