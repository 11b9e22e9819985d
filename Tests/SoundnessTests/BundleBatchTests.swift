// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentVerifier
import Groups
import Testing

/// Bundles whose equations are checked together get the verdicts that each gets by itself.
@Suite struct BundleBatchTests {
    typealias Scalar = Suite.Scalar

    /// Honest bundles of one policy, of different sizes.
    static let honest = Result { try bundles(TestWorld()) }

    /// The same under a policy whose tail is not halved, for it has four places: the last scalar is the response of the consent's blinding.
    static let short = Result {
        var world = try TestWorld()
        world.clauses.inForce = try interval("2026-01-02", "2026-01-07")
        world.clauses.reveal = ["notice", "age", "subject"]
        return try bundles(world)
    }

    static func bundles(_ world: TestWorld) throws -> (world: TestWorld, bundles: [Bundle]) {
        var world = world
        try world.issue((0..<6).map { world.kit.consent($0) })
        var bundles: [Bundle] = []
        for count in 1...6 {
            world.rows = []
            try world.commitRows((0..<count).map { (TestKit.record($0), TestKit.subject($0)) })
            bundles.append(try world.prove())
        }
        return (world: world, bundles: bundles)
    }

    /// A scalar of a proof changed by `error`: one of the last leaves every challenge as it is. Counted in scalars from the first response, or
    /// from the end if negative.
    static func spoiled(_ bundle: Bundle, response: Int, by error: Scalar) throws -> Bundle {
        var parts = BundleParts(bundle)
        let start = response < 0 ? parts.proof.count + 32 * response : 64 + 32 * response
        let old = try Scalar(canonical: parts.proof.span.extracting(start..<start + 32))
        parts.proof.replaceSubrange(start..<start + 32, with: (old + error).bytes)
        return try parts.bundle()
    }

    /// The blinding of the data point, and that of the consent if the tail is not halved, multiply the same generator.
    static let dataBlinding = 2
    static let consentBlinding = -1

    static func reasons(_ bundles: [Bundle], _ world: TestWorld) throws -> (together: [[String]], alone: [[String]]) {
        let verifier = try DatasetVerifier(policy: world.policy())
        var batch = BundleBatch(verifier)
        for bundle in bundles { _ = try batch.append(bundle, evidence: Evidence(now: TestWorld.now)) }
        #expect(batch.count == bundles.count)
        let together = batch.close()
        #expect(batch.count == 0 && batch.close().isEmpty)
        let alone = try bundles.map { try verifier.verify($0, evidence: Evidence(now: TestWorld.now)) }
        #expect(together.map(\.findings) == alone.map(\.findings))
        return (together.map { $0.findings.map(\.reason) }, alone.map { $0.findings.map(\.reason) })
    }

    @Test func honestBundles() throws {
        let (world, bundles) = try Self.honest.get()
        #expect(try Self.reasons(bundles, world).together == [[], [], [], [], [], []])
        #expect(try Self.reasons([bundles[2]], world).together == [[]])
        #expect(try Self.reasons([], world).together == [])
    }

    /// One bad bundle at every position, and every set of bad ones.
    @Test func everyMixture() throws {
        let (world, bundles) = try Self.honest.get()
        let bad = try bundles.enumerated().map {
            try Self.spoiled($1, response: $0 % 2 == 0 ? Self.dataBlinding : Self.consentBlinding, by: .one)
        }
        for mask in 0..<(1 << bundles.count) {
            let mixture = bundles.indices.map { mask >> $0 & 1 == 1 ? bad[$0] : bundles[$0] }
            let expected = bundles.indices.map { mask >> $0 & 1 == 0 ? [] : [$0 % 2 == 0 ? "dataEquation" : "consentEquation"] }
            #expect(try Self.reasons(mixture, world).together == expected)
        }
    }

    /// Errors that cancel between bundles, and between the two equations of one.
    @Test func cancellingErrors() throws {
        let (world, bundles) = try Self.short.get()
        #expect(try world.compiled().tail.count == 4)
        let error = Scalar(UInt64(12_345))
        for response in [Self.dataBlinding, Self.consentBlinding, -2] {
            let pair = [
                try Self.spoiled(bundles[1], response: response, by: error), bundles[0],
                try Self.spoiled(bundles[4], response: response, by: -error),
            ]
            let reason = response == Self.dataBlinding ? "dataEquation" : "consentEquation"
            #expect(try Self.reasons(pair, world).together == [[reason], [], [reason]])
        }
        let both = try Self.spoiled(
            Self.spoiled(bundles[3], response: Self.dataBlinding, by: error), response: Self.consentBlinding, by: -error)
        #expect(try Self.reasons([bundles[0], both], world).together == [[], ["dataEquation"]])
    }

    /// Malformed proofs, bad encodings and other findings stand beside the equations of the rest.
    @Test func otherFindings() throws {
        let (world, bundles) = try Self.honest.get()
        var short = BundleParts(bundles[1])
        short.proof.removeLast(32)
        var encoding = BundleParts(bundles[2])
        encoding.proof.replaceSubrange(0..<32, with: [UInt8](repeating: 0xff, count: 32))
        var entry = BundleParts(bundles[3])
        entry.entries[0][0] = 9
        let mixture = [bundles[0], try short.bundle(), try encoding.bundle(), try entry.bundle(), bundles[5]]
        let reasons = try Self.reasons(mixture, world).together
        #expect(reasons[0] == [] && reasons[4] == [])
        #expect(reasons[1] == ["proof-form"] && reasons[2] == ["proof-form"])
        #expect(reasons[3].contains("entry-form"))
    }
}
