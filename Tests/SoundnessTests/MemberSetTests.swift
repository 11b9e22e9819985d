// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentProver
import ConsentVerifier
import Testing

/// What is in the set of unlinkable proofs, and what such proofs are known not to show.
@Suite struct MemberSetTests {
    /// Copies of a leaf are one member, and a statement about any copy is about all.
    @Test func copiesOfALeaf() throws {
        var world = try TestWorld.honest(3)
        world.ledgers[0].consents.append([world.receipts[1].entry])
        let bundle = try world.proveMembers(range: 0..<4)
        let verdict = try world.verify(bundle)
        #expect(verdict.findings == [])
        #expect(verdict.members?.members == 3 && verdict.ledgers.map(\.consents) == [3])
        for index in [1, 3] as [UInt64] {
            let statement = try world.withdrawal(1, index: index)
            #expect(try world.reasons(bundle, evidence: Evidence(now: TestWorld.now, withdrawals: [statement])) == ["set-changed"])
        }
        let elsewhere = try world.withdrawal(1, index: 2)
        #expect(
            code { _ = try world.verify(bundle, evidence: Evidence(now: TestWorld.now, withdrawals: [elsewhere])) } == "withdrawal-invalid")
    }

    /// Entries that are not in the ledger do not discredit a subject's statement, in any kind of bundle.
    @Test func forgedEntryBesideAStatement() throws {
        var world = try TestWorld.honest(3)
        let evidence = Evidence(now: TestWorld.now, withdrawals: [try world.withdrawal(1)])
        var members = MemberParts(try world.proveMembers())
        members.entries[1][117] ^= 1
        #expect(try world.reasons(members.bundle(), evidence: evidence) == ["inclusion"])
        var points = PointParts(try world.provePoints())
        points.entries[1][117] ^= 1
        #expect(try world.reasons(points.bundle(), evidence: evidence) == ["inclusion"])
        var dataset = BundleParts(try world.prove())
        dataset.entries[1][117] ^= 1
        #expect(try world.reasons(dataset.bundle(), evidence: evidence).contains("inclusion"))
    }

    /// Not a defence but its limit (docs/protocol.md section 14.6): a record that is committed twice is two rows, and nobody sees it.
    @Test func oneRecordCommittedTwice() throws {
        let world = try TestWorld.honest(2)
        var again = world
        again.rows = []
        try again.commitRows((0..<2).map { (TestKit.record($0), TestKit.subject($0)) })
        var parts = MemberParts(try world.proveMembers())
        let more = MemberParts(try again.proveMembers())
        parts.dataPoints += more.dataPoints
        parts.elements += more.elements
        parts.sigma += more.sigma
        parts.membership += more.membership
        let verdict = try world.verify(parts.bundle())
        #expect(verdict.findings == [] && verdict.dataPoints == 4 && verdict.members?.members == 2)
    }

    /// Ten false rows are named; only with an eleventh is there a word that others may be false too.
    @Test(arguments: [10, 11])
    func manyFalseRows(count: Int) throws {
        let world = try TestWorld.honest(count)
        var parts = MemberParts(try world.proveMembers())
        for row in 0..<count { parts.sigma[row][0] ^= 1 }
        let findings = try world.verify(parts.bundle()).findings
        #expect(findings.compactMap(\.row) == Array(0..<10))
        #expect(findings.count == count)
    }
}
