// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentProver
import ConsentVerifier
import TestSupport
import Testing

/// Our unlinkable bundles under a second verifier that was written from docs/protocol.md sections 11 and 14 alone (`Tests/peers/member_verifier.py`):
/// random policies and ranges, sets with all that is no member, and altered files.
@Suite struct MemberPeerTests {
    private func ours(_ world: TestWorld) -> (Policy, [UInt8]) throws -> Verdict {
        { policy, bytes in
            let verifier = try MemberVerifier(policy: policy, generators: world.kit.generators)
            return try verifier.verify(verifier.parse(bytes), evidence: Evidence(now: TestWorld.now))
        }
    }

    @Test(arguments: 11...(runsLongTests ? 60 : 15) as ClosedRange<UInt64>)
    func agrees(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        let made = try RandomPointWorld(seed: seed, rows: 2, linked: true)
        var (world, clauses) = (made.world, made.clauses)
        try world.issue((0..<Int.random(in: 0..<20, using: &random)).map { world.kit.consent(100 + $0) })
        try addStrangeLeaves(&world)
        let size = UInt64(world.ledgers[0].consents.leaves.count)
        let range = 0..<UInt64.random(in: size - 3...size, using: &random)
        let bundle = try world.proveMembers(clauses, range: range)
        let parts = MemberParts(bundle)
        var cases = PeerCases(policy: try world.policyText(clauses))
        cases.add("bundle", BundleWriter.encode(bundle))

        func alter(_ name: String, _ edit: (inout MemberParts) throws -> Void) rethrows {
            var altered = parts
            try edit(&altered)
            cases.add(name) { try BundleWriter.encode(altered.bundle()) }
        }
        alter("sigma") { $0.sigma.flip(&random) }
        alter("sigma of another row") { $0.sigma.swapAt(0, 1) }
        alter("membership") { $0.membership.flip(&random) }
        alter("membership of another row") { $0.membership.swapAt(0, 1) }
        alter("element") { $0.elements.flip(&random) }
        alter("element of another row") { $0.elements.swapAt(0, 1) }
        alter("element and membership of another row") { parts in
            parts.elements.swapAt(0, 1)
            parts.membership.swapAt(0, 1)
        }
        alter("data point") { $0.dataPoints.flip(&random) }
        alter("entry") { $0.entries.flip(&random) }
        alter("entries of another order") { $0.entries.swapAt(0, 1) }
        alter("withdrawals") { $0.revocations[0] ^= 1 }
        alter("holder") { $0.header.holder += "x" }
        alter("context") { $0.header.context += "x" }
        alter("first") { $0.header.first += 1 }
        if bundle.ranges != nil {
            alter("range proof") { $0.rangeProofs.flip(&random) }
            alter("range commitments") { $0.rangeCommitments.flip(&random) }
        }
        if clauses.reveal.contains("age") {
            alter("revealed") { $0.revealed[$0.revealed.count - 1] = $0.revealed[$0.revealed.count - 1].replacing(0, by: .uint(17)) }
        }
        // Another range of the ledger, with its leaves and their inclusion.
        for other in [1..<range.upperBound, 0..<range.upperBound - 1] {
            try alter("range \(other)") { parts in
                parts.header.first = other.lowerBound
                parts.entries = other.map { world.ledgers[0].consents.leaves[Int($0)] }
                parts.inclusion = try world.ledgers[0].inclusion(Array(other))
            }
        }
        cases.addFlips(of: BundleWriter.encode(bundle), count: 6, using: &random)
        try cases.expectAgreement("member_verifier.py", holding: ["bundle"], ours(world))

        // A member withdrawn meanwhile, and another policy.
        world.revoke(1)
        var later = PeerCases(policy: try world.policyText(clauses))
        var withdrawn = parts
        withdrawn.header.ledger = BundleHeader.Ledger(
            origin: parts.header.ledger.origin, consents: parts.header.ledger.consents,
            revocations: try world.ledgers[0].view().revocations.note, logged: nil)
        withdrawn.revocations = world.ledgers[0].revocations.leaves.flatMap { $0 }
        later.add("a member withdrawn", try BundleWriter.encode(withdrawn.bundle()))
        try later.expectAgreement("member_verifier.py", holding: [], ours(world))
        clauses = made.other
        var others = PeerCases(policy: try world.policyText(clauses))
        others.add("under another policy", BundleWriter.encode(bundle))
        var relabelled = parts
        relabelled.header.statement = try clauses.statement(world.kit.schema).digest
        others.add("relabelled", try BundleWriter.encode(relabelled.bundle()))
        try others.expectAgreement("member_verifier.py", holding: [], ours(world))
    }

    /// Leaves of which not all are members: copies, other schemas, versions and kinds, days that are none, commitments that are none.
    private func addStrangeLeaves(_ world: inout TestWorld) throws {
        let entry = world.receipts[3].entry
        func changed(_ range: Range<Int>, _ bytes: [UInt8]) -> [UInt8] {
            var entry = entry
            entry.replaceSubrange(range, with: bytes)
            return entry
        }
        world.ledgers[0].consents.append([
            entry, changed(Entry.schemaIDRange, [UInt8](repeating: 0, count: 16)), changed(0..<1, [200]), changed(1..<2, [2]),
            changed(Entry.consentRange, [UInt8](repeating: 0, count: 32)), changed(Entry.consentRange, [UInt8](repeating: 255, count: 32)),
            changed(2..<6, [0x25, 0x48, 1, 0]), changed(2..<6, [0x26, 0x48, 1, 0]), changed(117..<118, [entry[117] ^ 1]),
        ])
    }

    /// Policies that no unlinkable proof can serve.
    @Test func refusedPolicies() throws {
        let world = try TestWorld.honest(3)
        let bundle = try BundleWriter.encode(world.proveMembers())
        for (clauses, acceptance) in [
            (PointClauses.linear, ["minimum_distinct_consents: 1"]), (.linear, ["one_to_one: true"]), (.with { $0.links = [.subject] }, []),
            (.with { $0.inForce = world.clauses.inForce }, []),
        ] {
            var cases = PeerCases(policy: try world.policyText(clauses, acceptance: acceptance))
            cases.add("bundle", bundle)
            try cases.expectAgreement("member_verifier.py", holding: [], ours(world))
        }
    }
}
