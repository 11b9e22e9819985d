// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentProver
import ConsentVerifier
import Groups
import MerkleLog
import SigmaProofs
import Testing

/// Every absorbed value binds, and what an attacker could do with one that did not.
///
/// ``Sample/weakly()`` is a deliberately weakened verifier: it uses the transcript of the honest bundle whatever it is given. Each forgery
/// works there and not here.
@Suite struct TranscriptBindingTests {
    /// An honest bundle with the verifier's view of it.
    struct Sample {
        var world: TestWorld
        var parts: BundleParts
        let honest: DatasetContext

        init(_ world: TestWorld, edit: (inout BundleDraft) throws -> Void = { _ in }) throws {
            self.world = world
            let bundle = try self.world.prove(edit: edit)
            parts = BundleParts(bundle)
            let view = try self.world.ledgers[0].view()
            honest = DatasetContext(
                statementDigest: try world.clauses.statement(world.kit.schema).digest, schemaDigest: world.kit.schema.digest,
                holder: world.holder, context: world.context, dataPoints: UInt64(world.rows.count), manifestOrigin: "a.example",
                manifestRoot: try world.manifest().root.bytes,
                ledgers: [
                    .init(
                        number: 0, origin: "a.example", consentsSize: view.consents.size, consentsRoot: view.consents.root,
                        revocationsSize: view.revocations.size, revocationsRoot: view.revocations.root)
                ], distinctConsents: UInt64(bundle.entries.count), rowsDigest: try RowsDigest.compute(bundle))
        }

        /// The reason that the equations refuse the present parts in `context`.
        func reason(_ context: DatasetContext) throws -> String? {
            let bundle = try parts.bundle()
            let equations = DatasetEquations(statement: try world.compiled(), context: context)
            do throws(Finding) {
                try equations.verify(
                    dataPoints: bundle.dataPoints, entries: bundle.entries, positions: bundle.positions, revealed: bundle.revealed,
                    proof: bundle.proof.bytes)
                return nil
            } catch {
                return error.reason
            }
        }

        /// The verifier as it is: the rows digest is that of the present columns.
        func strictly() throws -> String? {
            var context = honest
            context.rowsDigest = try RowsDigest.compute(parts.bundle())
            return try reason(context)
        }

        /// A verifier that does not bind the columns.
        func weakly() throws -> String? { try reason(honest) }

        /// The weights of the honest bundle, which an attacker knows after the fact.
        func weights() -> [UInt128] {
            let transcript = DatasetTranscript.begin(honest).weighted()
            return transcript.weights.weights(count: Int(honest.dataPoints))
        }
    }

    @Test(arguments: [
        "suite", "form", "statement", "schema", "holder", "context", "N", "manifestOrigin", "manifestRoot", "ledgerCount", "ledgerNumber",
        "ledgerOrigin", "consentsSize", "consentsRoot", "revocationsSize", "revocationsRoot", "distinct", "rows",
    ])
    func everyItem(_ item: String) throws {
        let sample = try Sample(TestWorld.honest(4))
        #expect(try sample.reason(sample.honest) == nil)
        var context = sample.honest
        switch item {
        case "suite": context.suite += "x"
        case "form": context.form = "dataset/2"
        case "statement": context.statementDigest[31] ^= 1
        case "schema": context.schemaDigest[0] ^= 1
        case "holder": context.holder = ""
        case "context": context.context = "x"
        case "N": context.dataPoints += 1
        case "manifestOrigin": context.manifestOrigin = "b.example"
        case "manifestRoot": context.manifestRoot[0] ^= 0x80
        case "ledgerCount": context.ledgers.append(context.ledgers[0])
        case "ledgerNumber": context.ledgers[0].number = 1
        case "ledgerOrigin": context.ledgers[0].origin = "b.example"
        case "consentsSize": context.ledgers[0].consentsSize += 1
        case "consentsRoot": context.ledgers[0].consentsRoot[7] ^= 1
        case "revocationsSize": context.ledgers[0].revocationsSize += 1
        case "revocationsRoot": context.ledgers[0].revocationsRoot[7] ^= 1
        case "distinct": context.distinctConsents -= 1
        default: context.rowsDigest[31] ^= 0x80
        }
        #expect(try sample.reason(context) == "dataEquation")
    }

    // MARK: Late changes

    /// Data points moved along the kernel of the known weights: `D_0 + rho_1 X`, `D_1 - rho_0 X`.
    @Test func dataPointsChangedLate() throws {
        var sample = try Sample(TestWorld.honest(4))
        let rho = sample.weights()
        let x = sample.world.kit.generators.recordData
        let points = try decoded(sample.parts.dataPoints.flatMap { $0 })
        sample.parts.dataPoints[0] = Suite.encode([Suite.add(points[0], Suite.vartimeMultiScalarMul([Suite.Scalar(rho[1])], [x]))])
        sample.parts.dataPoints[1] = Suite.encode([
            Suite.add(points[1], Suite.negate(Suite.vartimeMultiScalarMul([Suite.Scalar(rho[0])], [x])))
        ])
        #expect(try sample.weakly() == nil, "the forgery works where data points are not bound")
        #expect(try sample.strictly() == "dataEquation")
    }

    /// The same with calendar commitments: flags exchanged between two rows.
    @Test func entriesChangedLate() throws {
        var sample = try Sample(TestWorld.honest(4))
        let rho = sample.weights()
        let x = sample.world.kit.generators.flags[0]
        let points = try decoded(sample.parts.entries.flatMap { $0[Entry.calendarRange] })
        let moved = Suite.encode([
            Suite.add(points[0], Suite.vartimeMultiScalarMul([Suite.Scalar(rho[1])], [x])),
            Suite.add(points[1], Suite.negate(Suite.vartimeMultiScalarMul([Suite.Scalar(rho[0])], [x]))),
        ])
        sample.parts.entries[0].replaceSubrange(Entry.calendarRange, with: moved[..<32])
        sample.parts.entries[1].replaceSubrange(Entry.calendarRange, with: moved[32...])
        #expect(try sample.weakly() == nil)
        #expect(try sample.strictly() == "dataEquation")
    }

    /// Bytes of an entry that no equation reads, its index and its ledger.
    @Test(arguments: ["issuance day", "K", "withdrawal tag", "index"])
    func entryBytesOutsideTheEquations(_ part: String) throws {
        var sample = try Sample(TestWorld.honest(4))
        switch part {
        case "issuance day": sample.parts.entries[1][2] ^= 1
        case "K": sample.parts.entries[1].replaceSubrange(Entry.consentRange, with: sample.parts.entries[2][Entry.consentRange])
        case "withdrawal tag": sample.parts.entries[1][117] ^= 1
        default: sample.parts.entryIndices[3] += 1
        }
        #expect(try sample.weakly() == nil)
        #expect(try sample.strictly() == "dataEquation")
    }

    /// Two entries with one commitment and different withdrawal tags: which of them covers a row is bound.
    @Test func positionsChangedLate() throws {
        var world = try TestWorld.honest(4)
        world.clauses.links = [.subject]
        let first = world.receipts[0]
        world.receipts[1].consent = first.consent
        world.receipts[1].k = first.k
        world.receipts[1].t = first.t
        try world.spoilEntry(1) { $0.replaceSubrange(Entry.calendarRange, with: first.entry[Entry.calendarRange]) }
        world.rows = []
        try world.commitRows([0, 2, 3, 0].enumerated().map { (TestKit.record($0), TestKit.subject($1)) })
        let entries = world.receipts.flatMap(\.entry)
        var sample = try Sample(world) {
            // The first and the last row are of one subject, whose two entries are 0 and 1.
            $0.header.distinctConsents = 4
            $0.entries = entries
            $0.entryIndices = [0, 1, 2, 3]
            $0.entryLedgers = [0, 0, 0, 0]
            // The witness has one of two openings of the same subject.
            $0.receipts = [0, 0, 1, 2]
            $0.positions = [0, 2, 3, 1]
            $0.inclusions = [[]]
        }
        #expect(try sample.strictly() == nil)
        sample.parts.positions = [1, 2, 3, 0]
        #expect(try sample.weakly() == nil)
        #expect(try sample.strictly() == "dataEquation")
    }

    /// Revealed integers shifted along an integer relation of the known weights: ages are false and their weighted sum is as before.
    @Test func revealedValuesChangedLate() throws {
        let (count, age) = (64, UInt64(1) << 40)
        var world = try TestWorld()
        world.clauses.reveal = ["age"]
        try world.issue(
            (0..<count).map {
                var consent = world.kit.consent($0)
                consent.values["age"] = .uint(age)
                return consent
            })
        try world.commitRows((0..<count).map { (TestKit.record($0), TestKit.subject($0)) })
        var sample = try Sample(world)
        let relation = try #require(integerRelation(sample.weights()))
        #expect(relation.contains { $0 != 0 } && relation.allSatisfy { abs($0) < 1 << 39 })
        sample.parts.revealed[0] = sample.parts.revealed[0].replacing(
            sample.parts.positions.indices.map { .uint(UInt64(Int64(age) + relation[$0])) })
        #expect(try sample.weakly() == nil)
        #expect(try sample.strictly() == "dataEquation")
    }

    /// A merging factor that is known before the shared responses are fixed would be forgeable: `FoldedForgeryTests` of the proof system
    /// runs the forgery against such a verifier. Here each equation refuses by itself, for one proof each.
    @Test func equationsAreSeparate() throws {
        var world = try TestWorld.honest(2)
        try Fraud.otherRecord.commit(&world, at: 1)
        #expect(try world.reasons(world.prove(dishonestly: true)) == ["consentEquation"])
        world = try TestWorld.honest(2)
        try Fraud.otherDataPoint.commit(&world, at: 1)
        #expect(try world.reasons(world.prove(dishonestly: true)) == ["dataEquation"])
    }
}
