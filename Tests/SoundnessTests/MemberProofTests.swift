// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentProver
import ConsentVerifier
import MembershipProofs
import SigmaProofs
import Testing
import Transcripts

/// Honest unlinkable point proofs verify: without this the refusals of the other suites would mean nothing.
@Suite struct MemberProofTests {
    @Test(arguments: PointProofTests.kinds)
    func everyKindOfClause(_ clauses: PointClauses) throws {
        let world = try TestWorld.honest(5)
        let bundle = try world.proveMembers(clauses)
        let verdict = try world.verify(bundle, clauses)
        #expect(verdict.findings == [])
        #expect(verdict.dataPoints == 5 && verdict.members == .init(range: 0..<5, members: 5))
        #expect(verdict.kind == .unlinkable)
        let bytes = BundleWriter.encode(bundle)
        #expect(ProofFileKind(of: bytes) == .members)
        let parsed = try MemberVerifier(policy: world.policy(clauses)).parse(bytes)
        #expect(try world.reasons(parsed, clauses) == [])
        #expect(BundleWriter.encode(parsed) == bytes)
    }

    /// Sets of every shape: one member, full and not full, with places that are padded.
    @Test(arguments: [1, 2, 4, 5, 15, 16, 17])
    func sizes(members: Int) throws {
        var world = try TestWorld.honest(members)
        // The first, the last and one between them; each row is about its own member.
        world.rows = [0, members / 2, members - 1].map { world.rows[$0] }
        let bundle = try world.proveMembers()
        let verdict = try world.verify(bundle)
        #expect(verdict.findings == [] && verdict.members?.members == members)
        #expect(Set((0..<3).map { bundle.elements[$0] }).count == 3, "K' are fresh, also about one member")
    }

    @Test func moreRowsThanAChunkOfTheProver() throws {
        let world = try TestWorld.honest(131)
        #expect(try world.reasons(world.proveMembers()) == [])
    }

    /// Entries of other schemas, withdrawn ones and what is no commitment are no members, and do no harm.
    @Test func whatIsNoMember() throws {
        var world = try TestWorld.honest(6)
        world.rows.removeLast(3)
        world.revoke(3)
        var foreign = world.receipts[4].entry
        foreign[Entry.schemaIDRange.lowerBound] ^= 1
        world.ledgers[0].consents.replace(4, by: foreign)
        for bad in [[UInt8](repeating: 0xff, count: 32), [UInt8](repeating: 0, count: 32)] {
            var entry = world.receipts[5].entry
            entry.replaceSubrange(Entry.consentRange, with: bad)
            world.ledgers[0].consents.replace(5, by: entry)
            world.ledgers[0].consents.append([[2, 1] + entry.dropFirst(2)])
            let verdict = try world.verify(world.proveMembers())
            #expect(verdict.findings == [] && verdict.members?.members == 3)
        }
    }

    @Test func partOfALedger() throws {
        var world = try TestWorld.honest(9)
        world.rows = Array(world.rows[3..<6])
        let verdict = try world.verify(world.proveMembers(range: 2..<7))
        #expect(verdict.findings == [] && verdict.members == .init(range: 2..<7, members: 5))
        #expect(throws: ProverFailure.self, "a row whose consent is outside is named") { try world.proveMembers(range: 4..<9) }
    }

    /// All entries of the range must have been logged by the policy's day.
    @Test func loggedBy() throws {
        var world = try TestWorld.honest(4)
        world.rows.removeLast(2)
        let day = try #require(Day(iso8601: "2026-01-31"))
        let early = (UInt64(day.number) + 1) * 86_400 - 10
        let view = try world.ledgers[0].view(loggedSize: 3, loggedTime: early)
        let policy = try world.policy(.linear, loggedBy: day)
        #expect(try world.reasons(world.proveMembers(range: 0..<3, view: view), policy: policy) == [])
        #expect(try world.reasons(world.proveMembers(range: 0..<4, view: view), policy: policy) == ["logged-by-index"])
        #expect(try world.reasons(world.proveMembers(range: 0..<3), policy: policy) == ["logged-by-absent"])
    }

    // MARK: The prover's own check

    /// The linear part says nothing of the entries, and membership parts are verified together only: a row whose `K'` differs from no member is refused,
    /// with its number in the file, whichever rows they are.
    @Test(arguments: [[0], [7], [31, 32], [39], Array(0..<40)])
    func rowsWithWrongWitnesses(_ rows: [Int]) throws {
        let world = try TestWorld.honest(40), other = try TestWorld.honest(40)
        func edit(_ draft: inout MemberDraft) {
            for row in rows {
                let place = Entry.consentRange.lowerBound + Entry.byteCount * row
                draft.entries.replaceSubrange(place..<place + 32, with: other.receipts[row].entry[Entry.consentRange])
            }
            draft.sourceRows = draft.sourceRows.map { $0 + 100 }
        }
        do {
            _ = try world.proveMembers(edit: edit)
            Issue.record("proved")
        } catch ProverFailure.rows(let refusals) {
            #expect(refusals.map(\.row) == rows && refusals.map(\.sourceRow) == rows.map { $0 + 101 })
            #expect(refusals.allSatisfy { $0.code == .receipt && $0.message.hasPrefix("row \($0.sourceRow) cannot be proved") })
        }
        // What would have been handed out: the linear parts are true, the others are not.
        let relation = try world.relation()
        let bundle = try world.proveMembers(dishonestly: true, edit: edit)
        let set = try #require(MemberSet(bundle.entries, schemaID: world.kit.schema.id, withdrawn: []))
        let parameters = try #require(set.parameters(relation.generators))
        let session = relation.session(bundle.header, set: set.set.digest)
        let (columns, equations) = (bundle.columns(0..<40), MemberEquations(relation))
        #expect(equations.points.failures(columns.points, session: session) == [])
        #expect(equations.membershipFailures(columns, session: session, parameters, limit: .max) == rows)
    }

    // MARK: Which policies

    @Test func policiesThatCannotBeServed() throws {
        let world = try TestWorld.honest(1)
        func refusal(_ policy: Policy) -> String? { code { _ = try MemberVerifier(policy: policy, generators: world.kit.generators) } }
        #expect(refusal(try world.policy(.linear)) == nil)
        #expect(refusal(try world.policy(.everything)) == nil)
        #expect(refusal(try world.policy(.linear, minimum: 1)) == "proof-kind")
        #expect(refusal(try world.policy(.linear, oneToOne: true)) == "proof-kind")
        #expect(refusal(try world.policy(.with { $0.inForce = world.clauses.inForce })) == "proof-kind", "no not_before in this schema")
    }

    /// Without a link to the record one consent could cover any number of data points.
    @Test func noLinkToTheRecord() throws {
        let world = try TestWorld.honest(1)
        let policy = try world.policy(.with { $0.links = [.subject] })
        #expect(code { _ = try MemberVerifier(policy: policy, generators: world.kit.generators) } == "proof-kind")
        #expect(policy.obstacles(to: .unlinkable).map(\.clause) == ["link"])
        #expect(code { _ = try world.policy(.with { $0.links = [] }) } == "no-link")
    }

    // MARK: What is bound

    @Test func sessionBindsEveryItem() {
        let digest = [UInt8](repeating: 1, count: 32), other = [UInt8](repeating: 2, count: 32)
        let point = PointSession(statementDigest: digest, schemaDigest: digest, holder: "h", context: "c", origin: "o")
        let session = MemberSession(point: point, first: 1, count: 2, set: digest)
        var ids: Set<[UInt8]> = [session.id.bytes, point.id.bytes, MemberSession.membership.bytes]
        #expect(ids.count == 3)
        let changes: [(inout MemberSession) -> Void] = [
            { $0.point.flavor = .disjunctiveBatchable }, { $0.point.statementDigest = other }, { $0.point.schemaDigest = other },
            { $0.point.holder = "x" }, { $0.point.context = "x" }, { $0.point.origin = "x" }, { $0.first = 2 }, { $0.count = 1 },
            { ($0.first, $0.count) = (2, 1) }, { $0.set = other },
        ]
        for change in changes {
            var changed = session
            change(&changed)
            #expect(ids.insert(changed.id.bytes).inserted)
        }
    }

    /// The membership part's transcript begins with session, elements, the whole linear part and the range part.
    @Test(arguments: [PointClauses.linear, .ranged, .everything])
    func membershipPartBindsTheOthers(_ clauses: PointClauses) throws {
        let world = try TestWorld.honest(2)
        let bundle = try world.proveMembers(clauses)
        let relation = try world.relation(clauses)
        let set = try #require(MemberSet(bundle.entries, schemaID: world.kit.schema.id, withdrawn: []))
        let session = relation.session(bundle.header, set: set.set.digest)
        let equations = MemberEquations(relation)
        let columns = bundle.columns(0..<2)
        let contexts = equations.contexts(columns.points, session: session)
        let statements = equations.points.statements(columns.points)
        let width = statements.count / 2
        for row in 0..<2 {
            #expect(contexts[row].session == MemberSession.membership)
            let own = Array(statements[width * row..<width * (row + 1)])
            #expect(Array(own[..<32]) == bundle.dataPoints[row])
            let ranges = bundle.ranges.map { $0.proofs[row] } ?? []
            let bound = session.bytes + bundle.elements[row] + own + bundle.sigma[row] + ranges
            #expect(contexts[row].statement == SHAKE128.hash(bound, count: 32))
        }
    }

    @Test func theLimitIsThatOfMembershipProofs() {
        #expect(MemberHeader.rangeLimit == MembershipShape.largestCount)
    }
}
