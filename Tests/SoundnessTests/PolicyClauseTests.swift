// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentProver
import ConsentVerifier
import TestSupport
import Testing

/// One bad pair among honest ones, for each clause of the policy. Roots, lengths and signatures are those of the bad bundle: only the
/// equation can refuse.
@Suite struct PolicyClauseTests {
    static let small = Result { try (1...5).map { try TestWorld.honest($0) } }
    static let large = Result { try TestWorld.honest(10_000) }

    @Test(arguments: Fraud.allCases)
    func everyPositionOfSmallBundles(_ fraud: Fraud) throws {
        for honest in try Self.small.get() {
            for row in honest.rows.indices {
                try check(fraud, honest, row)
            }
        }
    }

    @Test(arguments: Fraud.allCases)
    func randomPositionsOfTenThousand(_ fraud: Fraud) throws {
        var random = SplitMix(state: UInt64(Fraud.allCases.firstIndex(of: fraud) ?? 0))
        for _ in 0..<2 { try check(fraud, Self.large.get(), Int.random(in: 0..<10_000, using: &random)) }
    }

    private func check(_ fraud: Fraud, _ honest: TestWorld, _ row: Int) throws {
        var world = fraud.world(honest)
        try fraud.commit(&world, at: row)
        let bundle = try world.prove(dishonestly: true) { fraud.edit(&$0, row: row) }
        #expect(try world.reasons(bundle) == [fraud.reason], "row \(row) of \(world.rows.count)")
    }

    /// The same worlds without the fraud verify.
    @Test(arguments: [Fraud.otherSubject, .otherRecord])
    func withoutFraud(_ fraud: Fraud) throws {
        var world = fraud.world(try Self.small.get()[4])
        #expect(try world.reasons(world.prove(dishonestly: true)) == [])
    }

    /// The prover who fits the witness to the false data point instead of the true consent fails the other equation.
    @Test func witnessOfTheOtherRecord() throws {
        var world = try TestWorld.honest(4)
        world.rows[2].record = TestKit.record(77)
        let bundle = try world.prove(dishonestly: true) { $0.positions[2] = 2 }
        #expect(try world.reasons(bundle) == ["dataEquation"])
    }

    /// Two rows that exchange their consents.
    @Test(arguments: [(2, 0, 1), (5, 1, 4), (5, 0, 4)])
    func swappedPairs(rows: Int, a: Int, b: Int) throws {
        var world = try TestWorld.honest(rows)
        let bundle = try world.prove(dishonestly: true) { $0.positions.swapAt(a, b) }
        #expect(try world.reasons(bundle) == ["consentEquation"])
    }

    // MARK: The honest prover refuses

    @Test(arguments: [
        (Fraud.requiredFlagMissing, RowRefusal.Code.policy), (.forbiddenFlag, .policy), (.firstDayMissing, .policy),
        (.lastDayMissing, .policy),
        (.otherConstant, .policy), (.otherRecord, .noConsent), (.otherSubject, .noConsent), (.otherDataPoint, .dataPoint),
        (.middleDayMissing, .receipt),
    ])
    func honestProverNamesTheRow(_ fraud: Fraud, _ expected: RowRefusal.Code) throws {
        var world = fraud.world(try Self.small.get()[4])
        try fraud.commit(&world, at: 3)
        let failure = #expect(throws: ProverFailure.self) { try world.prove() }
        guard case .rows(let refusals) = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(refusals.map(\.row) == [3] && refusals.map(\.code) == [expected] && refusals.map(\.sourceRow) == [4])
    }

    @Test func honestProverRefusesTheRevoked() throws {
        var world = try TestWorld.honest(4)
        world.revoke(1)
        let failure = #expect(throws: ProverFailure.self) { try world.prove() }
        guard case .rows(let refusals) = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(refusals.map(\.row) == [1] && refusals.map(\.code) == [.revoked])
    }

    /// When every opening is right and the statement is false, the self-check is what stops the bundle; links are named.
    @Test func selfCheck() throws {
        var world = try TestWorld.honest(4)
        try Fraud.forbiddenFlag.commit(&world, at: 0)
        #expect(throws: ProverFailure.selfCheck("consentEquation")) { try world.prove(dishonestly: true, selfChecking: true) }
        var linked = try TestWorld.honest(4)
        try Fraud.otherRecord.commit(&linked, at: 2)
        let failure = #expect(throws: ProverFailure.self) { try linked.prove(dishonestly: true, selfChecking: true) }
        guard case .rows(let refusals) = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(refusals.map(\.row) == [2] && refusals.map(\.code) == [.noConsent])
    }
}
