// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentVerifier
import Testing

/// Members that are withdrawn after unlinkable proofs about them were made.
@Suite struct MemberWithdrawalTests {
    @Test func newerListUnderCurrent() throws {
        var world = try TestWorld.honest(4)
        try world.issue([world.kit.consent(100)])
        let early = try world.proveMembers(range: 0..<4)
        func reasons(_ list: RevocationList) throws -> [String] {
            try world.reasons(early, evidence: Evidence(now: TestWorld.now, newerRevocations: [list]))
        }
        #expect(try reasons(world.ledgers[0].revocationList()) == [])
        world.revoke(4)
        #expect(try reasons(world.ledgers[0].revocationList()) == [], "what is withdrawn was not in the range")
        world.revoke(1)
        let told = try world.verify(
            early, evidence: Evidence(now: TestWorld.now, newerRevocations: [world.ledgers[0].revocationList()]))
        #expect(told.findings.map(\.reason) == ["set-changed"] && told.findings.map(\.code) == [.set])
        // Proved again, the three that are left hold.
        world.rows.remove(at: 1)
        #expect(try world.reasons(world.proveMembers(range: 0..<4)) == [])
        #expect(try world.reasons(early, evidence: Evidence(now: TestWorld.now + 90_000)) == ["stale-age"])
    }

    /// A statement of a data subject that the issuer did not log.
    @Test func statementOfASubject() throws {
        let world = try TestWorld.honest(3)
        let bundle = try world.proveMembers()
        let withdrawal = try world.withdrawal(1)
        #expect(try world.reasons(bundle, evidence: Evidence(now: TestWorld.now, withdrawals: [withdrawal])) == ["set-changed"])
        let forged = try world.withdrawal(1, seed: 5)
        #expect(
            code { _ = try world.verify(bundle, evidence: Evidence(now: TestWorld.now, withdrawals: [forged])) } == "withdrawal-invalid")
        let elsewhere = try world.withdrawal(1, index: 2)
        #expect(
            code { _ = try world.verify(bundle, evidence: Evidence(now: TestWorld.now, withdrawals: [elsewhere])) }
                == "withdrawal-invalid")
    }

    /// Under `as_of` the proofs stay, and the number of members that were withdrawn since is told.
    @Test func withdrawnSince() throws {
        var world = try TestWorld.dated(consents: 3, rows: 2)
        world.freshness = .asOf
        let clauses = PointClauses.with {
            $0.inForce = Day(number: 20_400).flatMap { first in Day(number: 20_454).flatMap { DayInterval(first: first, last: $0) } }
        }
        let bundle = try world.proveMembers(clauses)
        var later = world
        later.revoke(2)
        let list = try later.ledgers[0].revocationList()
        func verdict(_ evidence: Evidence) throws -> Verdict { try world.verify(bundle, clauses, evidence: evidence) }
        let alone = try verdict(Evidence(now: TestWorld.now))
        #expect(alone.findings == [] && alone.withdrawnSince == .init(consents: 0, dataPoints: nil))
        let told = try verdict(Evidence(now: TestWorld.now, newerRevocations: [list], withdrawals: [world.withdrawal(0)]))
        #expect(told.findings == [] && told.withdrawnSince == .init(consents: 2, dataPoints: nil))
        let inTime = try verdict(Evidence(now: TestWorld.now, newerRevocations: [list], withdrawalsInTime: [world.withdrawal(0)]))
        #expect(inTime.findings.map(\.reason) == ["set-changed"])
    }
}
