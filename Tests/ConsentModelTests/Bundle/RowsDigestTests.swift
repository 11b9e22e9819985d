// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Primitives
import Testing

/// docs/protocol.md section 4.2, against a plain reading of it.
@Suite struct RowsDigestTests {
    private static func le64(_ value: UInt64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    private static func lp(_ bytes: [UInt8]) -> [UInt8] { Array(le64(UInt64(bytes.count))[..<4]) + bytes }

    /// The root over blocks of 1,024 bytes, as RFC 6962 section 2.1 defines it.
    private static func root(_ bytes: [UInt8]) -> [UInt8] {
        func root(_ leaves: ArraySlice<[UInt8]>) -> [UInt8] {
            guard leaves.count > 1 else { return SHA256.hash(leaves.first.map { [0] + $0 } ?? []) }
            var half = 1
            while 2 * half < leaves.count { half *= 2 }
            let middle = leaves.startIndex + half
            return SHA256.hash([1] + root(leaves[..<middle]) + root(leaves[middle...]))
        }
        let blocks = stride(from: 0, to: bytes.count, by: 1_024).map { Array(bytes[$0..<min($0 + 1_024, bytes.count)]) }
        return root(blocks[...])
    }

    /// The message as the document writes it.
    private static func naive(_ bundle: Bundle, revealing revealed: [RevealedColumn]? = nil) -> [UInt8] {
        func integers(_ column: U64Column) -> [UInt8] { column.values.flatMap { le64($0) } }
        var columns = [
            ("consent", integers(bundle.positions)), ("entry_ledger", integers(bundle.entryLedgers)),
            ("entry_index", integers(bundle.entryIndices)), ("data_points", bundle.dataPoints.bytes), ("entries", bundle.entries.bytes),
        ]
        for column in revealed ?? bundle.revealed {
            let name = "revealed." + column.attribute.name
            var (offsets, bytes): ([UInt8], [UInt8]) = (le64(0), [])
            for index in 0..<column.count {
                switch column[index] {
                case .id(let value): bytes += value
                case .uint(let value): bytes += le64(value)
                }
                offsets += le64(UInt64(bytes.count))
            }
            columns += column.attribute.kind == .uint ? [(name, bytes)] : [(name + ".offsets", offsets), (name + ".bytes", bytes)]
        }
        var message =
            lp(Array("zkconsent/v1/dataset/rows".utf8)) + le64(UInt64(bundle.positions.count)) + le64(UInt64(bundle.entries.count))
        for (name, bytes) in columns { message += lp(Array(name.utf8)) + root(bytes) }
        return SHA256.hash(message)
    }

    @Test func equalsTheDocument() throws {
        let bundle = try BundleFixture.make()
        #expect(try RowsDigest.compute(bundle) == Self.naive(bundle))
        #expect(try RowsDigest.compute(BundleFixture.parse(BundleFixture.file)) == Self.naive(bundle))
        // Values longer than a block.
        let long = try BundleFixture.make(revealed: [
            RevealedColumn(id: "x", [65_533, 65_534, 65_535, 65_535].map { [UInt8](repeating: 0x61, count: $0) })
        ])
        #expect(try RowsDigest.compute(long) == Self.naive(long))
        // No bundle has such values, but the digest must be right for whatever it is given.
        let longer = [RevealedColumn(id: "x", [65_535, 65_536, 65_537, 200_000].map { [UInt8](repeating: 0x61, count: $0) })]
        let digest = try RowsDigest.compute(
            entryLedgers: long.entryLedgers, entryIndices: long.entryIndices, entries: long.entries, revealed: longer,
            dataPoints: long.dataPoints, positions: long.positions)
        #expect(digest == Self.naive(long, revealing: longer))
    }

    @Test(arguments: [(819, 1), (1639, 3), (3000, 3000), (5000, 700)])
    func equalsTheDocumentAcrossBlocks(_ rows: Int, _ consents: Int) throws {
        let bundle = try Self.large(rows: rows, consents: consents)
        #expect(try RowsDigest.compute(bundle) == Self.naive(bundle))
    }

    /// Every value that is used per row changes the digest.
    @Test func everythingIsBound() throws {
        var digests: Set<[UInt8]> = []
        func add(_ bundle: Bundle) throws { #expect(digests.insert(try RowsDigest.compute(bundle)).inserted) }
        try add(BundleFixture.make())
        try add(BundleFixture.make(positions: [3, 0, 1, 2, 1, 0, 3]))
        try add(BundleFixture.make(ledgers: [0, 1, 1, 1], indices: [5, 1, 2, 3]))
        try add(BundleFixture.make(ledgers: [0, 0, 1, 1], indices: [5, 6, 2, 3]))
        for byte in 0..<4 * 118 {
            var entries = pattern(4 * 118, 6)
            entries[byte] ^= 1
            try add(BundleFixture.make(entries: entries))
        }
        for byte in 0..<7 * 32 {
            var dataPoints = pattern(7 * 32, 7)
            dataPoints[byte] ^= 1
            try add(BundleFixture.make(dataPoints: dataPoints))
        }
        try add(BundleFixture.make(revealed: []))
        try add(BundleFixture.make(revealed: [RevealedColumn(uint: "a", [1, 2, 3, 4])]))
        try add(BundleFixture.make(revealed: [RevealedColumn(uint: "a", [1, 2, 3, 5])]))
        // The same bytes under another name, in another kind of column, and split at another place.
        try add(BundleFixture.make(revealed: [RevealedColumn(uint: "b", [1, 2, 3, 4])]))
        try add(BundleFixture.make(revealed: [RevealedColumn(id: "a", [[97], [98, 99], [], []])]))
        try add(BundleFixture.make(revealed: [RevealedColumn(id: "a", [[97, 98], [99], [], []])]))
    }

    @Test func differentLengthsAreRefused() throws {
        let bundle = try BundleFixture.make()
        func compute(ledgers: [UInt64] = BundleFixture.ledgers, positions: [UInt64] = BundleFixture.positions) -> String? {
            code {
                _ = try RowsDigest.compute(
                    entryLedgers: U64Column(ledgers), entryIndices: bundle.entryIndices, entries: bundle.entries, revealed: bundle.revealed,
                    dataPoints: bundle.dataPoints, positions: U64Column(positions))
            }
        }
        #expect(compute() == nil)
        #expect(compute(ledgers: [0, 1]) == "bundle-columns")
        #expect(compute(positions: [0]) == "bundle-columns")
    }

    /// A million rows are written, read, checked and hashed; the times are printed.
    @Test func aMillionRows() throws {
        let bundle = try Self.large(rows: 1_000_000, consents: 500_000)
        let clock = ContinuousClock()
        var file: [UInt8] = []
        let writing = clock.measure { file = BundleWriter.encode(bundle) }
        let reading = try clock.measure { _ = try Bundle.parse(file, revealing: [RevealedAttribute(name: "day", kind: .uint)]) }
        let hashing = try clock.measure { _ = try RowsDigest.compute(bundle) }
        var loading = Duration.zero
        try inTemporaryFolder { folder in
            var pieces = try OutputFile(folder + "/pieces.zkb")
            try BundleWriter.write(bundle, to: &pieces)
            try pieces.commit()
            #expect(try InputFile.read(folder + "/pieces.zkb", limit: file.count) == file)
            try OutputFile.write(file, to: folder + "/x.zkb")
            loading = try clock.measure { _ = try InputFile.read(folder + "/x.zkb", limit: file.count) }
        }
        print("a million rows, \(file.count >> 20) MB: write \(writing), load \(loading), parse \(reading), hash \(hashing)")
        #expect(file.count > 100 << 20)
    }

    static func large(rows: Int, consents: Int) throws -> Bundle {
        var header = BundleFixture.header
        header.dataPoints = rows
        header.distinctConsents = consents
        return try BundleFixture.make(
            header: header, positions: (0..<rows).map { UInt64($0 % consents) }, ledgers: [UInt64](repeating: 1, count: consents),
            indices: (0..<consents).map { UInt64($0) }, entries: pattern(consents * 118, 1), dataPoints: pattern(rows * 32, 2),
            revealed: [RevealedColumn(uint: "day", (0..<consents).map { UInt64($0) })])
    }
}
