// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
internal import ConsentVerifier

/// The newer revocation lists and signed withdrawals that an auditor brings.
struct EvidenceFiles {
    private let lists: [(file: String, list: RevocationList)]
    private let withdrawals: [WithdrawalStatement]

    /// Reads the files.
    ///
    /// - Throws: what reading throws; `revocations-twice`, `revocations-untrusted`.
    init(revocations: [String], withdrawals: [String], policy: Policy) throws(ModelError) {
        var lists: [(file: String, list: RevocationList)] = []
        for file in revocations {
            let list = try RevocationList.parse(try InputFile.read(file, limit: 1 << 34), file: file)
            if let other = lists.first(where: { $0.list.origin == list.origin }) {
                throw ModelError(
                    "revocations-twice", "\(other.file) and this file are both lists of \(list.origin)", file: file, hint: "give the newest one only")
            }
            guard policy.acceptance.ledger(origin: list.origin) != nil else {
                throw ModelError(
                    "revocations-untrusted", "this is a list of \(list.origin), which the policy does not trust", file: file,
                    hint: "the policy trusts \(policy.acceptance.ledgers.map(\.origin).joined(separator: ", "))")
            }
            lists.append((file, list))
        }
        self.lists = lists
        var statements: [WithdrawalStatement] = []
        for file in withdrawals {
            let bytes = try InputFile.read(file, limit: WithdrawalStatement.byteCountLimit)
            statements.append(try WithdrawalStatement(parsing: bytes, file: file))
        }
        self.withdrawals = statements
    }

    /// What concerns a bundle.
    func evidence(for bundle: Bundle, now: UInt64, memory: LedgerMemory) -> Evidence {
        let origins = Set(bundle.header.ledgers.map(\.origin))
        return Evidence(
            now: now, newerRevocations: lists.map(\.list).filter { origins.contains($0.origin) }, withdrawals: withdrawals, memory: memory)
    }
}
