// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentProver
import ConsentVerifier
import Groups
import MembershipProofs
import MerkleLog
import Provers
import Secrets
import Testing

/// Provers of unlinkable proofs that try to prove what is false, and proofs shown for what they were not made for. Whatever authenticates is renewed:
/// the equations refuse. That a linear combination of members is no member is shown in ``MembershipTests``.
@Suite struct MemberAttackTests {
    // MARK: False statements

    /// One row of four is false, at every position: it is named, and it alone.
    @Test(arguments: PointAttackTests.Lie.all.filter { $0.clauses.links.contains(.record) })
    func oneFalseRow(_ lie: PointAttackTests.Lie) throws {
        for row in 0..<4 {
            var world = try TestWorld.honest(4)
            var consent = world.receipts[row].consent
            lie.consent(&consent)
            try world.reissue(row, consent)
            let findings = try world.verify(world.proveMembers(lie.clauses, dishonestly: true), lie.clauses).findings
            #expect(findings.map(\.reason) == ["member-proof"])
            #expect(findings.map(\.row) == [row])
            #expect(findings.allSatisfy { $0.entryIndex == nil && $0.ledger == "a.example" })
            #expect(throws: (any Error).self, "an honest prover refuses") { try world.proveMembers(lie.clauses) }
        }
    }

    /// A consent that the holder made up: its linear part is true, and the membership part is that of another row.
    @Test func inventedConsent() throws {
        let world = try TestWorld.honest(3)
        var forger = world
        let lie = world.receipts[1].consent
        try forger.reissue(1, lie)
        let truth = MemberParts(try world.proveMembers())
        let leaves = world.ledgers[0].consents.leaves
        let head = try world.ledgers[0].view()
        let bundle = try forger.proveMembers(dishonestly: true) { draft in
            draft.entries = leaves.flatMap { $0 }
            draft.inclusion = truth.inclusion
            draft.header.ledger = BundleHeader.Ledger(
                origin: head.origin, consents: head.consents.note, revocations: head.revocations.note)
        }
        #expect(try world.verify(bundle).findings.map(\.row) == [1])
        for other in 0..<3 {
            var parts = MemberParts(bundle)
            parts.membership[1] = other == 1 ? truth.membership[1] : parts.membership[other]
            #expect(try world.verify(parts.bundle()).findings.map(\.row) == [1])
        }
    }

    /// A consent under another schema with the same commitment.
    @Test func memberOfAnotherSchema() throws {
        var world = try TestWorld.honest(3)
        var entry = world.receipts[1].entry
        entry[Entry.schemaIDRange.lowerBound] ^= 1
        world.ledgers[0].consents.replace(1, by: entry)
        #expect(try world.verify(world.proveMembers(dishonestly: true)).findings.map(\.row) == [1])
    }

    /// A prover who makes its set as if nothing had been withdrawn.
    @Test func withdrawnMember() throws {
        var world = try TestWorld.honest(3)
        world.revoke(1)
        #expect(throws: (any Error).self, "an honest prover refuses") { try world.proveMembers() }
        var parts = MemberParts(try world.proveMembers(dishonestly: true) { $0.revocations = [] })
        parts.revocations = world.ledgers[0].revocations.leaves.flatMap { $0 }
        #expect(try world.reasons(parts.bundle()) == ["member-proof", "member-proof", "member-proof"])
        // And one who leaves it out: the others hold.
        #expect(try world.verify(world.proveMembers(dishonestly: true)).findings.map(\.row) == [1])
    }

    /// A member of the ledger, and not of the range.
    @Test func memberOutsideTheRange() throws {
        var world = try TestWorld.honest(5)
        world.rows = [world.rows[1], world.rows[4]]
        #expect(try world.verify(world.proveMembers(range: 0..<4, dishonestly: true)).findings.map(\.row) == [1])
        // Places that pad the set are the last member, and nobody else.
        #expect(try world.verify(world.proveMembers(range: 0..<3, dishonestly: true)).findings.map(\.row) == [1])
        // Shown for a range that it is in.
        var parts = MemberParts(try world.proveMembers(range: 0..<4, dishonestly: true))
        parts.header.first = 1
        parts.entries = Array(world.ledgers[0].consents.leaves[1..<5])
        parts.inclusion = try world.ledgers[0].inclusion(Array(1..<5))
        #expect(try world.verify(parts.bundle()).findings.map(\.row) == [0, 1])
    }

    /// A revealed value that is not the committed one.
    @Test func otherRevealedValue() throws {
        let world = try TestWorld.honest(3)
        let bundle = try world.proveMembers(.revealing, dishonestly: true) { draft in
            draft.revealed[1] = draft.revealed[1].replacing(1, by: .uint(99))
        }
        #expect(try world.verify(bundle, .revealing).findings.map(\.row) == [1])
        var parts = MemberParts(try world.proveMembers(.revealing))
        parts.revealed[0] = parts.revealed[0].replacing(2, by: .id(Array("notice-9".utf8)))
        #expect(try world.verify(parts.bundle(), .revealing).findings.map(\.row) == [2])
    }

    // MARK: Swaps and replays

    @Test(arguments: [PointClauses.linear, .ranged, .everything])
    func swappedParts(_ clauses: PointClauses) throws {
        let world = try TestWorld.honest(3)
        let honest = MemberParts(try world.proveMembers(clauses))
        func rows(_ edit: (inout MemberParts) -> Void) throws -> [Int?] {
            var parts = honest
            edit(&parts)
            return try world.verify(parts.bundle(), clauses).findings.map(\.row)
        }
        #expect(try rows { _ in } == [])
        #expect(try rows { $0.dataPoints.swapAt(0, 2) } == [0, 2], "another's data point")
        #expect(try rows { $0.elements.swapAt(0, 1) } == [0, 1], "another's element")
        #expect(try rows { $0.sigma.swapAt(1, 2) } == [1, 2], "another's linear part")
        #expect(try rows { $0.membership.swapAt(1, 2) } == [1, 2], "another's membership part")
        #expect(
            try rows {
                $0.elements.swapAt(0, 1)
                $0.membership.swapAt(0, 1)
            } == [0, 1], "another's element with its membership part")
        #expect(
            try rows {
                $0.sigma.swapAt(0, 1)
                $0.dataPoints.swapAt(0, 1)
            } == [0, 1], "another's data point with its linear part")
        guard !clauses.ranges.isEmpty else { return }
        #expect(try rows { $0.rangeCommitments.swapAt(0, 1) } == [0, 1], "another's range commitment")
        #expect(try rows { $0.rangeProofs.swapAt(0, 1) } == [0, 1], "another's range proof")
    }

    /// Parts of two proofs of the same row do not fit together: `K'` is fresh in each.
    @Test func partsOfTwoProofs() throws {
        let world = try TestWorld.honest(2)
        let honest = MemberParts(try world.proveMembers()), second = MemberParts(try world.proveMembers())
        for edit in [
            { $0.membership[1] = second.membership[1] }, { $0.sigma[1] = second.sigma[1] }, { $0.elements[1] = second.elements[1] },
        ] as [(inout MemberParts) -> Void] {
            var parts = honest
            edit(&parts)
            #expect(try world.verify(parts.bundle()).findings.map(\.row) == [1])
        }
    }

    /// `memberBinding`: new linear and range parts about the same `D`, `K'`, `V_j` beside the old membership part. Each is true by itself, and they were not
    /// made together.
    @Test(arguments: [PointClauses.linear, .ranged])
    func newLinearPart(_ clauses: PointClauses) throws {
        var world = try TestWorld.honest(3)
        world.rows = [world.rows[1]]
        let honest = MemberParts(try world.proveMembers(clauses, dishonestly: true))
        let relation = try world.relation(clauses)
        let entries = bytesColumn(honest.entries.flatMap { $0 }, Bundle.entryByteCount)
        let set = try #require(MemberSet(entries, schemaID: world.kit.schema.id, withdrawn: []))
        let forger = PointForger(relation, session: relation.session(honest.header, set: set.set.digest))
        let difference = FalseRelation.random()
        let row = try forger.opened(world, 0, receipt: 1, difference: difference)
        let element = Suite.encode([row.own[1]])
        let prover = MembershipProver<SpongeMembershipTranscript<Suite>>(try #require(set.parameters(relation.generators)))
        func membership(_ sigma: [UInt8], _ rangeProof: [UInt8]) throws -> [UInt8] {
            let columns = forger.columns(row, sigma, rangeProof)
            let context = MemberEquations(relation).contexts(columns, session: forger.session)[0]
            let place = [UInt64(1)]
            return try prover.prove(
                index: SecretLimbs(copying: place.span), difference: SecretScalars(copying: [difference]), element: element,
                opening: context
            ).bytes
        }
        func rows(_ sigma: [UInt8], _ rangeProof: [UInt8], _ membership: [UInt8]) throws -> [Int?] {
            var parts = honest
            (parts.elements[0], parts.sigma[0], parts.membership[0]) = (element, sigma, membership)
            if !clauses.ranges.isEmpty {
                (parts.rangeCommitments[0], parts.rangeProofs[0]) = (Suite.encode(Array(row.own[2...])), rangeProof)
            }
            return try world.verify(parts.bundle(), clauses).findings.map(\.row)
        }
        let (old, new) = (forger.proof(row), forger.proof(row))
        let (oldRange, newRange) = (try forger.rangePart(row, old), try forger.rangePart(row, new))
        let oldMembership = try membership(old, oldRange)
        #expect(try rows(old, oldRange, oldMembership) == [])
        #expect(try rows(new, newRange, membership(new, newRange)) == [])
        #expect(try rows(new, newRange, oldMembership) == [0], "the old membership part")
        #expect(try rows(new, oldRange, oldMembership) == [0], "the old range and membership parts")
        guard !clauses.ranges.isEmpty else { return }
        #expect(try rows(new, oldRange, membership(new, oldRange)) == [0], "the old range part")
        #expect(try rows(old, newRange, membership(old, newRange)) == [0], "the old linear part")
    }

    @Test(arguments: [PointClauses.linear, .alternatives])
    func replays(_ clauses: PointClauses) throws {
        var world = try TestWorld(ledgers: [TestLedger("a.example", seed: 1), TestLedger("b.example", seed: 2)])
        try world.issue((0..<2).map { world.kit.consent($0) })
        try world.commitRows((0..<2).map { (TestKit.record($0), TestKit.subject($0)) })
        let honest = MemberParts(try world.proveMembers(clauses))
        func reasons(_ policy: Policy? = nil, _ edit: (inout MemberParts) throws -> Void) throws -> [String] {
            var parts = honest
            try edit(&parts)
            return try world.reasons(parts.bundle(), clauses, policy: policy)
        }
        #expect(try reasons { _ in } == [])
        let refused = ["member-proof", "member-proof"]
        #expect(try reasons { $0.header.holder = "Somebody Else" } == refused)
        #expect(try reasons { $0.header.context = "audit-2" } == refused)
        // The same entries in another ledger that the policy trusts.
        var other = world
        other.ledgers[1].consents = world.ledgers[0].consents
        let view = try other.ledgers[1].view()
        #expect(
            try reasons {
                $0.header.ledger = BundleHeader.Ledger(
                    origin: view.origin, consents: view.consents.note, revocations: view.revocations.note)
            } == refused)
        // Another statement, and the header changed with it.
        for change in [
            { (clauses: inout PointClauses) in clauses.constants["controller"] = .id(Array("https://clinic.example".utf8)) },
            {
                $0.require = ["purposes": ["Marketing"], "data_categories": ["Health"]]; $0.forbid = ["purposes": ["ScientificResearch"]]
            },
        ] {
            var changed = clauses
            change(&changed)
            let policy = try world.policy(changed)
            #expect(try reasons(policy) { $0.header.statement = policy.statement.digest } == refused)
            #expect(try reasons(policy) { _ in } == ["statement"] + refused)
        }
        var unknown = honest
        unknown.header.ledger.origin = "c.example"
        #expect(try world.reasons(unknown.bundle(), clauses) == ["unknown-ledger"])
    }

    /// A larger range with the same members: what is beyond is of another schema.
    @Test func otherRangeWithTheSameSet() throws {
        var world = try TestWorld.honest(3)
        var foreign = world.receipts[2].entry
        foreign[Entry.schemaIDRange.lowerBound] ^= 1
        world.rows.removeLast()
        world.ledgers[0].consents.replace(2, by: foreign)
        var parts = MemberParts(try world.proveMembers(range: 0..<2))
        #expect(try world.reasons(parts.bundle()) == [])
        parts.entries.append(foreign)
        parts.inclusion = try world.ledgers[0].inclusion([0, 1, 2])
        #expect(try world.reasons(parts.bundle()) == ["member-proof", "member-proof"])
    }

    /// A point proof is none of these, and none of these is a point proof.
    @Test func kindsAreTold() throws {
        let world = try TestWorld.honest(2)
        let points = try world.provePoints(), members = try world.proveMembers()
        #expect(code { _ = try MemberBundle.parse(BundleWriter.encode(points), revealing: []) } == "bundle-kind")
        #expect(code { _ = try PointBundle.parse(BundleWriter.encode(members), revealing: []) } == "bundle-kind")
        #expect(code { _ = try Bundle.parse(BundleWriter.encode(members), revealing: []) } == "bundle-kind")
        var parts = MemberParts(members)
        for row in 0..<2 {
            parts.sigma[row] = points.sigma[row]
            parts.elements[row] = Array(points.entries[row][Entry.consentRange])
        }
        #expect(try world.reasons(parts.bundle()) == ["member-proof", "member-proof"])
    }

    // MARK: Encodings and forms

    @Test func identitiesAndBadEncodings() throws {
        let world = try TestWorld.honest(2)
        let honest = MemberParts(try world.proveMembers(.ranged))
        let identity = [UInt8](repeating: 0, count: 32)
        let high = [UInt8](repeating: 0xff, count: 32)
        func rows(_ edit: (inout MemberParts) -> Void) throws -> [Int?] {
            var parts = honest
            edit(&parts)
            return try world.verify(parts.bundle(), .ranged).findings.map(\.row)
        }
        for bad in [identity, high] {
            #expect(try rows { $0.dataPoints[1] = bad } == [1])
            #expect(try rows { $0.elements[1] = bad } == [1])
            #expect(try rows { $0.rangeCommitments[1] = bad } == [1])
            for element in 0..<5 {
                #expect(try rows { $0.membership[1].replaceSubrange(32 * element..<32 * element + 32, with: bad) } == [1])
            }
        }
        for scalar in 1...6 {
            #expect(
                try rows {
                    let end = $0.membership[0].count - 32 * (scalar - 1)
                    $0.membership[0].replaceSubrange(end - 32..<end, with: high)
                } == [0], "a response that is not reduced")
            #expect(
                try rows { $0.membership[0].addOrder(at: $0.membership[0].count - 32 * scalar) } == [0], "the same number plus the order")
        }
        for start in stride(from: 96, to: honest.sigma[0].count, by: 32) {
            #expect(try rows { $0.sigma[0].addOrder(at: start) } == [0])
        }
        for scalar in [1, 2] {
            #expect(try rows { $0.rangeProofs[0].addOrder(at: $0.rangeProofs[0].count - 32 * scalar) } == [0])
        }
    }

    /// A bundle with columns of ranges that the policy does not demand.
    @Test func surplusRangePart() throws {
        let world = try TestWorld.honest(2)
        let ranged = MemberParts(try world.proveMembers(.ranged))
        var parts = MemberParts(try world.proveMembers())
        (parts.rangeCommitments, parts.rangeProofs) = (ranged.rangeCommitments, ranged.rangeProofs)
        #expect(try world.reasons(parts.bundle()) == ["member-widths"])
    }

    /// `memberRevealedColumns`: a value in the clear that the policy does not ask for. No equation reads it, so it could be any.
    @Test func surplusRevealedColumn() throws {
        let world = try TestWorld.honest(2)
        var parts = MemberParts(try world.proveMembers())
        parts.revealed = [RevealedColumn(uint: "age", [99, 99])]
        #expect(try world.reasons(parts.bundle()) == ["revealed-columns"])
    }

    /// Values that the policy asks for are left out, under another name, or in another order.
    @Test func missingRevealedColumns() throws {
        let world = try TestWorld.honest(2)
        let honest = MemberParts(try world.proveMembers(.revealing))
        #expect(try world.reasons(honest.bundle(), .revealing) == [])
        let renamed = RevealedColumn(uint: "weight", [20, 20])
        for columns in [[], [honest.revealed[0]], [honest.revealed[1]], honest.revealed.reversed(), [honest.revealed[0], renamed]] {
            var parts = honest
            parts.revealed = columns
            #expect(try world.reasons(parts.bundle(), .revealing) == ["revealed-columns"])
        }
    }

    @Test func columnsOfOtherWidths() throws {
        let world = try TestWorld.honest(2)
        var parts = MemberParts(try world.proveMembers(.ranged))
        (parts.rangeCommitments, parts.rangeProofs) = ([], [])
        #expect(try world.reasons(parts.bundle(), .ranged) == ["member-widths"], "no range parts where the policy demands them")
        for edit in [{ $0 + [0] }, { $0.dropLast() }, { $0 + [UInt8](repeating: 0, count: 128) }] as [([UInt8]) -> [UInt8]] {
            parts = MemberParts(try world.proveMembers())
            parts.membership = parts.membership.map(edit)
            #expect(try world.reasons(parts.bundle()) == ["member-widths"])
            parts = MemberParts(try world.proveMembers())
            parts.sigma = parts.sigma.map(edit)
            #expect(try world.reasons(parts.bundle()) == ["member-widths"])
        }
    }

    /// Headers that ask for what there is not.
    @Test func hostileRanges() throws {
        let world = try TestWorld.honest(3)
        let honest = MemberParts(try world.proveMembers())
        for (first, count) in [(0, 0), (0, 65_537), (0, -1), (UInt64(1) << 53, 3), (.max, 3)] as [(UInt64, Int)] {
            #expect(
                code {
                    var header = honest.header
                    (header.first, header.count) = (first, count)
                    _ = try MemberBundle(
                        header: header, entries: bytesColumn(honest.entries.flatMap { $0 }, 118),
                        dataPoints: bytesColumn(honest.dataPoints.flatMap { $0 }, 32),
                        elements: bytesColumn(honest.elements.flatMap { $0 }, 32),
                        inclusion: bytesColumn(honest.inclusion, 32), revocations: bytesColumn([], 34), revealed: [],
                        sigma: bytesColumn(honest.sigma.flatMap { $0 }, honest.sigma[0].count), ranges: nil,
                        membership: bytesColumn(honest.membership.flatMap { $0 }, honest.membership[0].count))
                } == "bundle-range")
        }
        // In the tree's stead, beyond its end, and at the end of numbers.
        for first in [1, 3, 1 << 40, 1 << 53 - 1] as [UInt64] {
            var parts = honest
            parts.header.first = first
            #expect(try world.reasons(parts.bundle()).contains("inclusion"))
        }
        // An entry more, or less, than the range has.
        var parts = honest
        parts.entries.append(parts.entries[0])
        #expect(try world.reasons(parts.bundle()).contains("inclusion"))
        parts.entries.removeLast(2)
        #expect(try world.reasons(parts.bundle()).contains("inclusion"))
        // An entry that is not the ledger's.
        parts = honest
        parts.entries[2][117] ^= 1
        #expect(try world.reasons(parts.bundle()) == ["inclusion"])
        // The text of the header.
        let text = String(decoding: BundleWriter.encode(try world.proveMembers()), as: UTF8.self)
        #expect(text.contains(#"\"range\":{\"count\":3,\"first\":0}"#))
    }

    @Test func noMember() throws {
        var world = try TestWorld.honest(2)
        let honest = MemberParts(try world.proveMembers())
        for position in 0..<2 { world.revoke(position) }
        var parts = honest
        let view = try world.ledgers[0].view()
        parts.header.ledger.revocations = view.revocations.note
        parts.revocations = view.revocationColumn
        #expect(try world.reasons(parts.bundle()) == ["set-empty"])
        #expect(throws: (any Error).self) { try world.proveMembers(dishonestly: true) }
    }

    // MARK: Batches and bytes

    @Test func badRowsAmongMany() throws {
        let world = try TestWorld.honest(24)
        let honest = MemberParts(try world.proveMembers())
        for row in 0..<24 {
            var parts = honest
            if row % 2 == 0 { parts.sigma[row][70] ^= 1 } else { parts.membership[row][parts.membership[row].count - 32] ^= 1 }
            #expect(try world.verify(parts.bundle()).findings.map(\.row) == [row])
        }
        var parts = honest
        func rows() throws -> [Int?] {
            let findings = try world.verify(parts.bundle()).findings
            #expect(findings.allSatisfy { $0.code == .proof && $0.reason == "member-proof" })
            #expect(findings.dropFirst(10).allSatisfy { $0.message == "further rows do not hold or were not looked at" })
            return findings.map(\.row)
        }
        // Responses, which have to be searched for, and elements, which are malformed.
        for row in 0..<11 { parts.membership[row][parts.membership[row].count - 32] ^= 1 }
        #expect(try rows() == Array(0..<10) + [nil], "ten are listed")
        parts.membership[10] = honest.membership[10]
        #expect(try rows() == Array(0..<10), "ten are all")
        for row in 10..<24 { parts.sigma[row][70] ^= 1 }
        #expect(try rows() == Array(0..<10) + [nil])
        for row in 0..<24 { parts.membership[row][0] ^= 1 }
        #expect(try rows() == Array(0..<10) + [nil])
    }

    /// Every byte of a small bundle.
    @Test func everyByte() throws {
        var world = try TestWorld.honest(3)
        world.revoke(2)
        world.rows.removeLast(2)
        let clauses = PointClauses.with {
            $0.reveal = ["notice", "age"]
        }
        let bytes = BundleWriter.encode(try world.proveMembers(clauses))
        let verifier = try MemberVerifier(policy: world.policy(clauses), generators: world.kit.generators)
        #expect(try verifier.verify(verifier.parse(bytes), evidence: Evidence(now: TestWorld.now)).findings == [])
        var unnoticed: [Int] = []
        for position in bytes.indices {
            var spoiled = bytes
            spoiled[position] ^= 1 << UInt8(position % 8)
            guard let bundle = try? verifier.parse(spoiled) else { continue }
            if try verifier.verify(bundle, evidence: Evidence(now: TestWorld.now)).holds { unnoticed.append(position) }
        }
        #expect(unnoticed == [])
        for length in stride(from: 0, to: bytes.count, by: 13) {
            #expect(throws: ModelError.self) { try verifier.parse(Array(bytes.prefix(length))) }
        }
    }
}
