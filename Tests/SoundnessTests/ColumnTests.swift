// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentProver
import ConsentVerifier
import Groups
import MerkleLog
import Testing

/// Columns of one honest bundle dropped, repeated, reordered and exchanged, with manifest and inclusion recomputed.
@Suite struct ColumnTests {
    /// Five rows; rows 0 and 1 share the first entry.
    static func world() throws -> (world: TestWorld, parts: BundleParts) {
        var world = try TestWorld()
        world.clauses.links = [.subject]
        try world.issue((0..<4).map { world.kit.consent($0) })
        try world.commitRows([0, 0, 1, 2, 3].enumerated().map { (TestKit.record($0), TestKit.subject($1)) })
        let bundle = try world.prove()
        #expect(try world.reasons(bundle) == [])
        return (world, BundleParts(bundle))
    }

    struct Change: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let change: @Sendable (inout BundleParts) -> Void

        static let all = [
            Change(testDescription: "row dropped") {
                $0.dataPoints.remove(at: 1)
                $0.positions.remove(at: 1)
            },
            Change(testDescription: "last row and its entry dropped") {
                $0.dataPoints.removeLast()
                $0.positions.removeLast()
                $0.entries.removeLast()
                $0.entryLedgers.removeLast()
                $0.entryIndices.removeLast()
            },
            Change(testDescription: "row repeated") {
                $0.dataPoints.insert($0.dataPoints[2], at: 3)
                $0.positions.insert($0.positions[2], at: 3)
            },
            Change(testDescription: "row repeated at the end") {
                $0.dataPoints.append($0.dataPoints[0])
                $0.positions.append($0.positions[0])
            },
            Change(testDescription: "one row replaced by another") {
                $0.dataPoints[0] = $0.dataPoints[1]
            },
            Change(testDescription: "rows exchanged") {
                $0.dataPoints.swapAt(1, 3)
                $0.positions.swapAt(1, 3)
            },
            Change(testDescription: "rows of one entry exchanged") { $0.dataPoints.swapAt(0, 1) },
            Change(testDescription: "rows reversed") {
                $0.dataPoints.reverse()
                $0.positions.reverse()
            },
            Change(testDescription: "data points rotated") { $0.dataPoints.append($0.dataPoints.removeFirst()) },
            Change(testDescription: "positions permuted") { $0.positions = [1, 1, 0, 2, 3] },
            Change(testDescription: "position moved to another entry") { $0.positions = [0, 1, 1, 2, 3] },
        ]
    }

    @Test(arguments: Change.all)
    func refusedByTheTranscript(_ change: Change) throws {
        var (world, parts) = try Self.world()
        change.change(&parts)
        try parts.renewManifest(&world)
        try parts.renewLedger(0, world.ledgers[0])
        #expect(try world.reasons(parts.bundle()) == ["dataEquation"])
    }

    /// The same against a manifest that was not renewed.
    @Test func manifestHoldsTheDataPoints() throws {
        var (world, parts) = try Self.world()
        parts.dataPoints.swapAt(0, 1)
        #expect(try world.reasons(parts.bundle()) == ["manifest-root", "dataEquation"])
        parts.dataPoints.swapAt(0, 1)
        parts.dataPoints.append(parts.dataPoints[0])
        parts.positions.append(0)
        #expect(try world.reasons(parts.bundle()) == ["manifest-count", "manifest-root", "dataEquation"])
    }

    /// The root of N leaves under another N.
    @Test func manifestHoldsN() throws {
        var (world, parts) = try Self.world()
        let column = world.dataPoints
        let manifest = try Manifest(
            dataset: "scans", holder: world.holder, dataPointCount: 7, root: Manifest.root(ofDataPoints: column.span))
        parts.header.manifest = try world.ledgers[0].register(manifest)
        #expect(try world.reasons(parts.bundle()) == ["manifest-count"])
    }

    // MARK: Structure

    @Test func entriesReordered() throws {
        var (_, parts) = try Self.world()
        parts.entryIndices.swapAt(0, 1)
        parts.entries.swapAt(0, 1)
        #expect(code { _ = try parts.bundle() } == "bundle-entries-order")
    }

    /// One entry twice: it would count as two consents.
    @Test func entryTwiceUnderOneIndex() throws {
        var (_, parts) = try Self.world()
        parts.entries.insert(parts.entries[0], at: 0)
        parts.entryIndices.insert(0, at: 0)
        parts.entryLedgers.insert(0, at: 0)
        parts.positions = [0, 1, 2, 3, 4]
        #expect(code { _ = try parts.bundle() } == "bundle-entries-order")
    }

    @Test func entryUnused() throws {
        var (_, parts) = try Self.world()
        parts.positions[2] = 0
        #expect(code { _ = try parts.bundle() } == "bundle-entry-unused")
    }

    @Test func positionOutOfRange() throws {
        var (_, parts) = try Self.world()
        parts.positions[2] = 4
        #expect(code { _ = try parts.bundle() } == "bundle-position")
        parts.positions[2] = .max
        #expect(code { _ = try parts.bundle() } == "bundle-position")
    }

    @Test func headerNotCanonical() throws {
        let (world, parts) = try Self.world()
        let file = BundleWriter.encode(try parts.bundle())
        let verifier = try DatasetVerifier(policy: world.policy())
        // One of the spaces that pad the header becomes part of the JSON.
        let length = file[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
        let header = Array(file[8..<8 + length])
        let end = try #require(header.lastIndex(of: UInt8(ascii: "}")))
        var spaced = Array(header[...end])
        spaced.insert(0x20, at: 1)
        while spaced.count % 8 != 0 { spaced.append(0x20) }
        let forged = (0..<8).map { UInt8(truncatingIfNeeded: spaced.count >> (8 * $0)) } + spaced + file[(8 + length)...]
        #expect(code { _ = try verifier.parse(file) } == nil)
        #expect(code { _ = try verifier.parse(forged) } == "safetensors-not-canonical")
    }

    @Test func textNotCanonical() throws {
        let (world, parts) = try Self.world()
        let file = BundleWriter.encode(try parts.bundle())
        let verifier = try DatasetVerifier(policy: world.policy())
        let length = file[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
        let old = Array(#"{"__metadata__":{"bundle":"{\"context\""#.utf8)
        let header = Array(file[8..<8 + length])
        #expect(Array(header.prefix(old.count)) == old)
        let end = try #require(header.lastIndex(of: UInt8(ascii: "}")))
        var spaced = Array(#"{"__metadata__":{"bundle":"{ \"context\""#.utf8) + header[old.count...end]
        while spaced.count % 8 != 0 { spaced.append(0x20) }
        let forged = (0..<8).map { UInt8(truncatingIfNeeded: spaced.count >> (8 * $0)) } + spaced + file[(8 + length)...]
        #expect(code { _ = try verifier.parse(forged) } == "bundle-not-canonical")
    }

    // MARK: Encodings

    /// The identity commits to nothing: neither as data point nor as calendar commitment.
    @Test func identities() throws {
        var world = try TestWorld.honest(3)
        world.rows[1].dataPoint = [UInt8](repeating: 0, count: 32)
        #expect(try world.reasons(world.prove(dishonestly: true)) == ["encoding-identity"])
        world = try TestWorld.honest(3)
        try world.spoilEntry(2) { $0.replaceSubrange(Entry.calendarRange, with: [UInt8](repeating: 0, count: 32)) }
        #expect(try world.reasons(world.prove(dishonestly: true)) == ["encoding-identity"])
    }

    /// Encodings that RFC 9496 refuses.
    @Test(arguments: [
        // p: the integer 0 in another form; 1, which is negative; 2^255 - 1.
        [UInt8](arrayLiteral: 0xed) + [UInt8](repeating: 0xff, count: 30) + [0x7f], [1] + [UInt8](repeating: 0, count: 31),
        [UInt8](repeating: 0xff, count: 32),
    ])
    func nonCanonicalEncodings(_ encoding: [UInt8]) throws {
        var world = try TestWorld.honest(3)
        world.rows[1].dataPoint = encoding
        #expect(try world.reasons(world.prove(dishonestly: true)) == ["encoding-canonical"])
        world = try TestWorld.honest(3)
        try world.spoilEntry(0) { $0.replaceSubrange(Entry.calendarRange, with: encoding) }
        #expect(try world.reasons(world.prove(dishonestly: true)) == ["encoding-canonical"])
    }

    @Test(arguments: [(0, "entry-form"), (1, "entry-form"), (5, "entry-form"), (6, "entry-schema"), (21, "entry-schema")])
    func entryFields(byte: Int, reason: String) throws {
        var world = try TestWorld.honest(3)
        try world.spoilEntry(1) { $0[byte] ^= 0x80 }
        #expect(try world.reasons(world.prove(dishonestly: true)) == [reason])
    }
}

extension TestWorld {
    /// Changes an entry's bytes, in the ledger too.
    mutating func spoilEntry(_ position: Int, _ change: (inout [UInt8]) -> Void) throws {
        change(&receipts[position].entry)
        ledgers[receipts[position].ledger].consents.replace(receipts[position].index, by: receipts[position].entry)
    }
}
