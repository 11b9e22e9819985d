// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
internal import ConsentVerifier
internal import MerkleLog

/// The newer revocation lists and signed withdrawals that an auditor brings.
struct EvidenceFiles {
    let lists: [(file: String, list: RevocationList)]
    private let withdrawals: [(file: String, statement: WithdrawalStatement)]
    /// Those of which the auditor says that they were made in time.
    private let inTime: [(file: String, statement: WithdrawalStatement)]
    /// The files that no bundle so far was concerned by.
    private(set) var unused: Set<String>

    /// Reads the files.
    ///
    /// - Throws: what reading throws; `revocations-twice`, `revocations-untrusted`.
    init(revocations: [String], withdrawals: [String], withdrawalsInTime: [String], policy: Policy) throws(ModelError) {
        var lists: [(file: String, list: RevocationList)] = []
        for file in revocations {
            let list = try RevocationList.parse(try InputFile.read(file, limit: 1 << 34), file: file)
            if let other = lists.first(where: { $0.list.origin == list.origin }) {
                throw ModelError(
                    "revocations-twice", "\(other.file) and this file are both lists of \(list.origin)", file: file,
                    hint: "give the newest one only")
            }
            guard policy.acceptance.ledger(origin: list.origin) != nil else {
                throw ModelError(
                    "revocations-untrusted", "this is a list of \(list.origin), which the policy does not trust", file: file,
                    hint: "the policy trusts \(policy.acceptance.ledgers.map(\.origin).joined(separator: ", "))")
            }
            lists.append((file, list))
        }
        self.lists = lists
        self.withdrawals = try Self.statements(withdrawals)
        inTime = try Self.statements(withdrawalsInTime)
        unused = Set(revocations + withdrawals + withdrawalsInTime)
    }

    private static func statements(_ files: [String]) throws(ModelError) -> [(file: String, statement: WithdrawalStatement)] {
        var statements: [(file: String, statement: WithdrawalStatement)] = []
        for file in files {
            let bytes = try InputFile.read(file, limit: WithdrawalStatement.byteCountLimit)
            statements.append((file, try WithdrawalStatement(parsing: bytes, file: file)))
        }
        return statements
    }

    /// What concerns a bundle.
    mutating func evidence(
        for bundle: some BundleColumns, now: UInt64, carried: CarriedRevocations?, memory: LedgerMemory
    ) -> Evidence {
        let origins = Set(bundle.header.ledgers.map(\.origin))
        unused.subtract(lists.filter { origins.contains($0.list.origin) }.map(\.file))
        // What is of another ledger counts too, and is of use if it names an entry of the bundle.
        let statements = withdrawals + inTime
        let others = lists.filter { unused.contains($0.file) }
        if !statements.isEmpty || !others.isEmpty,
            let leaves = bundle.entries.withSpan({ try? LeafHash.hashes(ofEntries: $0, entryByteCount: Bundle.entryByteCount) })
        {
            let present = Set(leaves)
            unused.subtract(statements.filter { present.contains($0.statement.leaf) }.map(\.file))
            let concerns = { (list: RevocationList) in
                (0..<list.revocations.count).contains { row in
                    (try? NodeHash(Array(list.revocations[row].dropFirst(2)))).map { present.contains(LeafHash(node: $0)) } ?? false
                }
            }
            unused.subtract(others.filter { concerns($0.list) }.map(\.file))
        }
        return Evidence(
            now: now, newerRevocations: lists.map(\.list), carried: carried, withdrawals: withdrawals.map(\.statement),
            withdrawalsInTime: inTime.map(\.statement), memory: memory)
    }

    /// An error of a verification, said of the evidence if it is about that, else of the bundle.
    func located(_ error: ModelError, bundle: String) -> ModelError {
        if error.code.hasPrefix("revocations-"), lists.count == 1 { return error.inFile(lists[0].file) }
        let statements = withdrawals + inTime
        if error.code.hasPrefix("withdrawal-"), statements.count == 1 { return error.inFile(statements[0].file) }
        return error.inFile(bundle)
    }
}
