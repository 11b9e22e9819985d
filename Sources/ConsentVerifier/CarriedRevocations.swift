// SPDX-License-Identifier: Apache-2.0
public import ConsentModel
private import FaultInjection
internal import MerkleLog
internal import Primitives

/// The newest revocation list of each trusted ledger among those that the files of one verification carry and those that the auditor gave
/// (docs/protocol.md section 8, The lists of the other files). With it the verdict on a file does not depend on which file was judged first.
///
/// A list counts if its checkpoint is signed, has the quorum and is not ahead of the clock, and the list has its size and root: what is wrong with
/// one file says nothing about the others.
public struct CarriedRevocations: Sendable {
    /// What is known of a ledger.
    struct Ledger {
        /// All lists.
        var all = Histories()
        /// Under `as_of`, those that a quorum signed before the end of the policy's last day.
        var inTime = Histories()
        /// The digests of the checkpoints of lists that count.
        var checkpoints: Set<[UInt8]> = []
    }

    /// Lists of which none is the beginning of another: one, unless the ledger shows several histories.
    struct Histories {
        private(set) var heads: [(list: LedgerCheck.SignedList, file: String)] = []
        /// The latest time of any list, of whatever length, in seconds since 1970.
        private(set) var latestTime: UInt64 = 0

        /// The longest list, and of one list with several checkpoints the one with the latest time; `nil` if there are several histories, or none.
        var newest: (list: LedgerCheck.SignedList, file: String)? { heads.count == 1 ? heads[0] : nil }
        /// Every entry that a list withdraws.
        var leafHashes: [NodeHash] { heads.flatMap(\.list.log.leafHashes) }

        fileprivate mutating func add(_ list: LedgerCheck.SignedList, file: String) {
            latestTime = max(latestTime, list.time)
            if let position = heads.firstIndex(where: { $0.list.isOneLog(with: list) }) {
                guard list.isNewer(than: heads[position].list) else { return }
                heads.remove(at: position)
            }
            var list = list
            list.log.detach()
            heads.append((list, file))
        }
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
    public mutating func add(carriedBy bytes: [UInt8], file: String) {
        for list in RevocationList.carried(by: bytes) { add(list, file: file) }
    }

    /// Looks at a list.
    public mutating func add(_ list: RevocationList, file: String) {
        let (origin, digest) = (Array(list.origin.utf8), SHA256.hash(Array(list.checkpoint.utf8)))
        guard let trusted = policy.acceptance.ledger(origin: list.origin), ledgers[origin]?.checkpoints.contains(digest) != true else {
            return
        }
        let check = LedgerCheck(trusted: trusted, policy: policy, evidence: Evidence(now: now))
        guard let signed = try? check.signedList(list, known: ledgers[origin]?.all.heads.first?.list.log) else { return }
        guard !LedgerCheck.isAhead(signed.time, of: now) || Fault.isRemoved(.carriedAhead) else { return }
        ledgers[origin, default: Ledger()].checkpoints.insert(digest)
        ledgers[origin]?.all.add(signed, file: file)
        if check.isInTime(signed) { ledgers[origin]?.inTime.add(signed, file: file) }
    }

    /// What is known of the ledger; `nil` if no file carries a list of it that counts.
    subscript(origin: String) -> Ledger? {
        Fault.isRemoved(.carriedLists) ? nil : ledgers[Array(origin.utf8)]
    }
}
