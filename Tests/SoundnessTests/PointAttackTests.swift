// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentProver
import ConsentVerifier
import Groups
import SigmaProofs
import Testing

/// Provers that try to prove what is false, and proofs shown for what they were not made for. Whatever authenticates is renewed: the equations refuse.
@Suite struct PointAttackTests {
    // MARK: False statements

    struct Lie: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var clauses = PointClauses.linear
        let consent: @Sendable (inout Consent) -> Void

        static let all = [
            Lie(testDescription: "required flag missing") { $0.flags["purposes"] = [] },
            Lie(testDescription: "forbidden flag") { $0.flags["purposes"]?.insert("Marketing") },
            Lie(testDescription: "other constant") { $0.values["controller"] = .id(Array("https://other.example".utf8)) },
            Lie(testDescription: "other record") { $0.values["record"] = .id(TestKit.record(1_000_000)) },
            Lie(testDescription: "other subject", clauses: .with { $0.links = [.subject] }) {
                $0.values["subject"] = .id(TestKit.subject(1_000_000))
            },
            Lie(testDescription: "below the range", clauses: .ranged) { $0.values["age"] = .uint(17) },
            Lie(testDescription: "above the range", clauses: .ranged) { $0.values["age"] = .uint(91) },
            Lie(testDescription: "far above the range", clauses: .ranged) { $0.values["age"] = .uint(.max) },
            Lie(testDescription: "above the bits", clauses: .with { ($0.ranges, $0.rangeBits) = (["age": .init(minimum: 1)], 8) }) {
                $0.values["age"] = .uint(257)
            },
            Lie(
                testDescription: "no alternative",
                clauses: .with {
                    $0.forbid = [:]
                    $0.anyOf = [.init(require: ["data_categories": ["Location"]]), .init(forbid: ["purposes": ["Marketing"]])]
                }
            ) { $0.flags = ["data_categories": ["Health"], "purposes": ["ScientificResearch", "Marketing"]] },
            Lie(testDescription: "common clause of alternatives", clauses: .alternatives) { $0.flags["purposes"] = [] },
        ]
    }

    /// One row of four is false, at every position: it is named, and it alone.
    @Test(arguments: Lie.all)
    func oneFalseRow(_ lie: Lie) throws {
        for row in 0..<4 {
            var world = try TestWorld.honest(4)
            var consent = world.receipts[row].consent
            lie.consent(&consent)
            try world.reissue(row, consent)
            let bundle = try world.provePoints(lie.clauses, dishonestly: true)
            let findings = try world.verify(bundle, lie.clauses).findings
            #expect(findings.map(\.reason) == ["point-proof"])
            #expect(findings.map(\.row) == [row])
            #expect(findings.allSatisfy { $0.entryIndex != nil && $0.ledger == "a.example" })
            #expect(throws: (any Error).self, "an honest prover refuses") { try world.provePoints(lie.clauses) }
        }
    }

    /// A revealed value that is not the committed one.
    @Test func otherRevealedValue() throws {
        let world = try TestWorld.honest(3)
        let bundle = try world.provePoints(.revealing, dishonestly: true) { draft in
            draft.revealed[1] = draft.revealed[1].replacing(1, by: .uint(99))
        }
        #expect(try world.verify(bundle, .revealing).findings.map(\.row) == [1])
        var parts = try PointParts(world.provePoints(.revealing))
        parts.revealed[0] = parts.revealed[0].replacing(2, by: .id(Array("notice-9".utf8)))
        #expect(try world.verify(parts.bundle(), .revealing).findings.map(\.row) == [2])
    }

    // MARK: Swaps and replays

    @Test(arguments: [PointClauses.linear, .ranged, .everything])
    func swappedParts(_ clauses: PointClauses) throws {
        let world = try TestWorld.honest(3)
        let honest = try PointParts(world.provePoints(clauses))
        func rows(_ edit: (inout PointParts) -> Void) throws -> [Int?] {
            var parts = honest
            edit(&parts)
            return try world.verify(parts.bundle(), clauses).findings.map(\.row)
        }
        #expect(try rows { _ in } == [])
        #expect(try rows { $0.dataPoints.swapAt(0, 2) } == [0, 2], "another's data point")
        #expect(try rows { $0.positions.swapAt(0, 1) } == [0, 1], "another's entry")
        #expect(try rows { $0.sigma.swapAt(1, 2) } == [1, 2], "another's proof")
        guard clauses.ranges.isEmpty == false else { return }
        #expect(try rows { $0.rangeCommitments.swapAt(0, 1) } == [0, 1], "another's range commitment")
        #expect(try rows { $0.rangeProofs.swapAt(0, 1) } == [0, 1], "another's range proof")
        #expect(
            try rows {
                $0.rangeCommitments.swapAt(0, 1)
                $0.rangeProofs.swapAt(0, 1)
            } == [0, 1], "another's range part whole: it is true, of another value")
    }

    /// `pointRangeBinding`: a new linear part about the same `D`, `K`, `V_j` beside the old range part. Each is true by itself, and they were not made together.
    @Test func newLinearPart() throws {
        let world = try TestWorld.honest(1)
        let forger = try PointForger(world, .ranged)
        let row = try forger.opened(world, 0)
        let (old, new) = (forger.proof(row), forger.proof(row))
        #expect(try forger.refused([row.own, row.own], [old, new]) == [])
        let honest = try PointParts(world.provePoints(.ranged, dishonestly: true))
        func rows(_ sigma: [UInt8], _ rangeProof: [UInt8]) throws -> [Int?] {
            var parts = honest
            parts.rangeCommitments[0] = Suite.encode(Array(row.own[2...]))
            (parts.sigma[0], parts.rangeProofs[0]) = (sigma, rangeProof)
            return try world.verify(parts.bundle(), .ranged).findings.map(\.row)
        }
        let oldRange = try forger.rangePart(row, old)
        #expect(try rows(old, oldRange) == [])
        #expect(try rows(new, forger.rangePart(row, new)) == [])
        #expect(try rows(new, oldRange) == [0])
    }

    @Test(arguments: [PointClauses.linear, .alternatives])
    func replays(_ clauses: PointClauses) throws {
        var world = try TestWorld(ledgers: [TestLedger("a.example", seed: 1), TestLedger("b.example", seed: 2)])
        try world.issue((0..<2).map { world.kit.consent($0) })
        try world.commitRows((0..<2).map { (TestKit.record($0), TestKit.subject($0)) })
        let honest = try PointParts(world.provePoints(clauses))
        func reasons(_ policy: Policy? = nil, _ edit: (inout PointParts) throws -> Void) throws -> [String] {
            var parts = honest
            try edit(&parts)
            return try world.reasons(parts.bundle(), clauses, policy: policy)
        }
        #expect(try reasons { _ in } == [])
        let refused = ["point-proof", "point-proof"]
        #expect(try reasons { $0.header.holder = "Somebody Else" } == refused)
        #expect(try reasons { $0.header.context = "audit-2" } == refused)
        // The same entries in another ledger that the policy trusts.
        var other = world
        other.ledgers[1].consents = world.ledgers[0].consents
        let view = try other.ledgers[1].view()
        #expect(
            try reasons {
                $0.header.ledgers[0] = BundleHeader.Ledger(
                    origin: view.origin, consents: view.consents.note, revocations: view.revocations.note)
            } == refused)
        // Another statement, and the header changed with it.
        for change in [
            { (clauses: inout PointClauses) in clauses.constants["controller"] = .id(Array("https://clinic.example".utf8)) },
            {
                $0.require = ["purposes": ["Marketing"], "data_categories": ["Health"]]; $0.forbid = ["purposes": ["ScientificResearch"]]
            },
            { $0.links = [.subject] },
        ] {
            var changed = clauses
            change(&changed)
            let policy = try world.policy(changed)
            #expect(try reasons(policy) { $0.header.statement = policy.statement.digest } == refused)
        }
        // A statement whose proofs have another length.
        var shorter = clauses
        shorter.constants["age"] = .uint(18)
        let policy = try world.policy(shorter)
        #expect(try reasons(policy) { $0.header.statement = policy.statement.digest } == ["point-widths"])
        #expect(try reasons(policy) { _ in } == ["statement", "point-widths"])
    }

    /// The index of an entry is what the ledger says.
    @Test func otherIndex() throws {
        var world = try TestWorld.honest(2)
        try world.issue([world.kit.consent(7)])
        var parts = try PointParts(world.provePoints())
        parts.entryIndices[1] = 2
        #expect(try world.reasons(parts.bundle()).contains("inclusion"))
    }

    /// `bundleLedgersAscending`: two ledgers in the other order, and one of them twice.
    @Test func ledgersOutOfOrder() throws {
        let ledgers = try ["a.example", "b.example"].enumerated().map { try TestLedger($1, seed: UInt8(1 + $0)) }
        let world = try TestWorld.honest(2, ledgers: ledgers)
        let honest = try PointParts(world.provePoints())
        #expect(try world.reasons(honest.bundle()) == [])
        for order in [[1, 0], [0, 0], [1, 1]] {
            var parts = honest
            parts.header.ledgers = order.map { honest.header.ledgers[$0] }
            #expect(code { _ = try parts.bundle() } == "bundle-ledgers")
        }
    }

    @Test func withdrawnAndStale() throws {
        var world = try TestWorld.honest(3)
        let early = try world.provePoints()
        world.revoke(1)
        #expect(throws: (any Error).self) { try world.provePoints() }
        #expect(try world.reasons(world.provePoints(dishonestly: true)) == ["revoked"])
        let list = try world.ledgers[0].revocationList()
        #expect(try world.reasons(early, evidence: Evidence(now: TestWorld.now, newerRevocations: [list])) == ["revoked"])
        #expect(try world.reasons(early, evidence: Evidence(now: TestWorld.now + 90_000)) == ["stale-age"])
    }

    // MARK: Encodings

    @Test func identitiesAndBadEncodings() throws {
        let world = try TestWorld.honest(2)
        let honest = try PointParts(world.provePoints(.ranged))
        let identity = [UInt8](repeating: 0, count: 32)
        let high = [UInt8](repeating: 0xff, count: 32)
        func rows(_ edit: (inout PointParts) -> Void) throws -> [Int?] {
            var parts = honest
            edit(&parts)
            return try world.verify(parts.bundle(), .ranged).findings.map(\.row)
        }
        for bad in [identity, high] {
            #expect(try rows { $0.dataPoints[1] = bad } == [1])
            #expect(try rows { $0.rangeCommitments[1] = bad } == [1])
            for announcement in 0..<3 {
                let range = 32 * announcement..<32 * announcement + 32
                #expect(try rows { $0.sigma[1].replaceSubrange(range, with: bad) } == [1])
            }
        }
        #expect(try rows { $0.sigma[0].replaceSubrange(($0.sigma[0].count - 32)..., with: high) } == [0], "a response that is not reduced")
        // The same number once more, plus the order.
        for start in stride(from: 96, to: honest.sigma[0].count, by: 32) {
            #expect(try rows { $0.sigma[0].addOrder(at: start) } == [0])
        }
        for scalar in [1, 2] {
            #expect(try rows { $0.rangeProofs[0].addOrder(at: $0.rangeProofs[0].count - 32 * scalar) } == [0])
        }
    }

    /// Responses plus the order, where there is no other part that depends on the bytes of the linear one: the row is malformed.
    @Test(arguments: [PointClauses.linear, .alternatives])
    func responsesThatAreNotReduced(_ clauses: PointClauses) throws {
        let world = try TestWorld.honest(2)
        let honest = try PointParts(world.provePoints(clauses))
        let relation = try world.relation(clauses)
        let announced = 32 * (relation.alternatives?.template.equationCount ?? 2)
        for start in stride(from: announced, to: honest.sigma[0].count, by: 32) {
            var parts = honest
            parts.sigma[0].addOrder(at: start)
            #expect(try world.verify(parts.bundle(), clauses).findings.map(\.row) == [0])
            guard !relation.isDisjunction else { continue }
            let own = try decoded(honest.dataPoints[0] + honest.entries[Int(honest.positions[0])][Entry.consentRange])
            #expect(try PointForger(world, clauses).parsed([own], [parts.sigma[0]]).malformed == [0])
        }
    }

    /// `K''` is the identity: all that is left of the consent is in the clear.
    @Test func everythingRevealed() throws {
        let world = try TestWorld.honest(1)
        var parts = try PointParts(world.provePoints())
        parts.entries[0].replaceSubrange(Entry.consentRange, with: [UInt8](repeating: 0, count: 32))
        #expect(try world.reasons(parts.bundle()).contains("point-proof"))
    }

    // MARK: The two parts

    /// A range proof about a commitment that the linear part does not know: true by itself, and of no value.
    @Test func rangeOfAnotherCommitment() throws {
        let world = try TestWorld.honest(1)
        var young = try TestWorld.honest(1)
        var consent = young.receipts[0].consent
        consent.values["age"] = .uint(12)
        try young.reissue(0, consent)
        let lie = try PointParts(young.provePoints(.ranged, dishonestly: true))
        let truth = try PointParts(world.provePoints(.ranged))
        var parts = lie
        parts.rangeProofs = truth.rangeProofs
        #expect(try young.reasons(parts.bundle(), .ranged) == ["point-proof"])
        parts.rangeCommitments = truth.rangeCommitments
        #expect(try young.reasons(parts.bundle(), .ranged) == ["point-proof"])
    }

    /// A bundle without the columns of ranges that the policy demands.
    @Test func missingRangePart() throws {
        let world = try TestWorld.honest(1)
        var parts = try PointParts(world.provePoints(.ranged))
        (parts.rangeCommitments, parts.rangeProofs) = ([], [])
        #expect(try world.reasons(parts.bundle(), .ranged) == ["point-widths"])
    }

    /// A bundle with columns of ranges that the policy does not demand.
    @Test func surplusRangePart() throws {
        let world = try TestWorld.honest(1)
        let ranged = try PointParts(world.provePoints(.ranged))
        var parts = try PointParts(world.provePoints())
        (parts.rangeCommitments, parts.rangeProofs) = (ranged.rangeCommitments, ranged.rangeProofs)
        #expect(try world.reasons(parts.bundle()) == ["point-widths"])
    }

    /// `pointSigmaWidth`: linear parts of another length than the policy gives.
    @Test func columnsOfOtherWidths() throws {
        let world = try TestWorld.honest(2)
        let honest = try PointParts(world.provePoints())
        for edit in [{ $0 + [0] }, { $0.dropLast() }, { $0 + [UInt8](repeating: 0, count: 128) }] as [([UInt8]) -> [UInt8]] {
            var parts = honest
            parts.sigma = parts.sigma.map(edit)
            #expect(try world.reasons(parts.bundle()) == ["point-widths"])
        }
    }

    // MARK: Revealed columns

    /// `pointRevealedColumns`: a value in the clear that the policy does not ask for. No equation reads it, so it could be any.
    @Test func surplusRevealedColumn() throws {
        let world = try TestWorld.honest(2)
        var parts = try PointParts(world.provePoints())
        parts.revealed = [RevealedColumn(uint: "age", [99, 99])]
        #expect(try world.reasons(parts.bundle()) == ["revealed-columns"])
    }

    /// Values that the policy asks for are left out, under another name, or in another order.
    @Test func missingRevealedColumns() throws {
        let world = try TestWorld.honest(2)
        let honest = try PointParts(world.provePoints(.revealing))
        #expect(try world.reasons(honest.bundle(), .revealing) == [])
        let renamed = RevealedColumn(uint: "weight", [20, 20])
        for columns in [[], [honest.revealed[0]], [honest.revealed[1]], honest.revealed.reversed(), [honest.revealed[0], renamed]] {
            var parts = honest
            parts.revealed = columns
            #expect(try world.reasons(parts.bundle(), .revealing) == ["revealed-columns"])
        }
    }

    // MARK: Batches

    /// More rows than a chunk holds, some of them bad: the report names them.
    @Test func badRowsAmongMany() throws {
        let world = try TestWorld.honest(40)
        let honest = try PointParts(world.provePoints())
        for row in [0, 1, 19, 38, 39] {
            var parts = honest
            parts.sigma[row][70] ^= 1
            #expect(try world.verify(parts.bundle()).findings.map(\.row) == [row])
        }
        var parts = honest
        for row in parts.sigma.indices { parts.sigma[row][70] ^= 1 }
        let findings = try world.verify(parts.bundle()).findings
        #expect(findings.count == 11 && findings.last?.row == nil, "ten are listed, and how many more there are")
    }

    /// So many false rows are counted, and no more are looked for; a bundle with more is refused all the same.
    @Test(arguments: [(PointClauses.linear, ["a.example"]), (.ranged, ["a.example", "b.example"])])
    func moreFalseRowsThanAreCounted(_ clauses: PointClauses, _ origins: [String]) throws {
        let limit = PointVerifier.failureLimit
        let world = try TestWorld.honest(
            3, ledgers: origins.enumerated().map { try TestLedger($1, seed: UInt8(1 + $0)) })
        var parts = try PointParts(world.provePoints(clauses))
        // The three rows again and again.
        func repeated<T>(_ column: [T]) -> [T] { column.isEmpty ? [] : (0..<limit + 10).map { column[$0 % 3] } }
        parts.positions = repeated(parts.positions)
        parts.dataPoints = repeated(parts.dataPoints)
        parts.sigma = repeated(parts.sigma)
        parts.rangeCommitments = repeated(parts.rangeCommitments)
        parts.rangeProofs = repeated(parts.rangeProofs)
        #expect(try world.reasons(parts.bundle(), clauses) == [])

        func rest(_ falseRows: Range<Int>) throws -> [String] {
            var spoiled = parts
            for row in falseRows {
                // The range part depends on the linear one: both are false then.
                if row % 2 == 0 || clauses.ranges.isEmpty {
                    spoiled.sigma[row][spoiled.sigma[row].count - 32] ^= 1
                } else {
                    spoiled.rangeProofs[row][spoiled.rangeProofs[row].count - 32] ^= 1
                }
            }
            let findings = try world.verify(spoiled.bundle(), clauses).findings
            #expect(findings.allSatisfy { $0.code == .proof && $0.reason == "point-proof" })
            #expect(findings.prefix(10).allSatisfy { $0.row.map(falseRows.contains) ?? false })
            return findings.dropFirst(10).map(\.message)
        }
        let counted = "and \(limit - 10) more of the same kind"
        #expect(try rest(10..<limit + 10) == [counted])
        #expect(try rest(9..<limit + 10) == [counted + "; further rows do not hold or were not looked at"])
        #expect(try rest(0..<limit + 10) == [counted + "; further rows do not hold or were not looked at"])
    }
}
