// SPDX-License-Identifier: Apache-2.0
public import ConsentModel

/// What the auditor brings to a verification besides the bundle and the policy.
public struct Evidence: Sendable {
    /// The present time, seconds since 1970.
    public var now: UInt64
    /// Revocation lists, at most one for each ledger of the policy: newer ones than the bundle's, and of ledgers that it does not draw on.
    public var newerRevocations: [RevocationList]
    /// The lists that the files of one verification carry, the bundle's own among them, and the auditor's; `nil` where it is judged by itself.
    public var carried: CarriedRevocations?
    /// Withdrawals that subjects have signed, whether or not a ledger knows them. Under an `as_of` policy they count as withdrawn since.
    public var withdrawals: [WithdrawalStatement]
    /// Such withdrawals of which the auditor knows that they were made before the end of the policy's last day.
    public var withdrawalsInTime: [WithdrawalStatement]
    /// What was seen of the logs before.
    public var memory: LedgerMemory

    /// Evidence as of `now`.
    public init(
        now: UInt64, newerRevocations: [RevocationList] = [], carried: CarriedRevocations? = nil, withdrawals: [WithdrawalStatement] = [],
        withdrawalsInTime: [WithdrawalStatement] = [], memory: LedgerMemory = LedgerMemory()
    ) {
        self.now = now
        self.newerRevocations = newerRevocations
        self.carried = carried
        self.withdrawals = withdrawals
        self.withdrawalsInTime = withdrawalsInTime
        self.memory = memory
    }
}
