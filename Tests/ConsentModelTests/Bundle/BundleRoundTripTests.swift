// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Foundation
import TestSupport
import Testing

@Suite struct BundleRoundTripTests {
    @Test func prefixesOfColumns() throws {
        let long = try #require(BytesColumn([1, 2, 3, 4, 5, 6], rowByteCount: 2))
        for count in 0...3 { #expect(long.rows(0..<count).isPrefix(of: long)) }
        #expect(!long.isPrefix(of: long.rows(0..<2)), "longer")
        #expect(!long.rows(1..<2).isPrefix(of: long), "from another place")
        #expect(long.rows(1..<2).isPrefix(of: long.rows(1..<3)), "of a view")
        for position in 0..<4 {
            var bytes: [UInt8] = [1, 2, 3, 4]
            bytes[position] ^= 1
            #expect(try !#require(BytesColumn(bytes, rowByteCount: 2)).isPrefix(of: long))
        }
        #expect(try !#require(BytesColumn([1, 2, 3], rowByteCount: 3)).isPrefix(of: long), "rows of another length")
    }

    @Test func everythingIsReadBack() throws {
        let bundle = try BundleFixture.parse(BundleFixture.file)
        #expect(bundle.header == BundleFixture.header)
        #expect(bundle.positions.values == BundleFixture.positions)
        #expect(bundle.entryLedgers.values == BundleFixture.ledgers)
        #expect(bundle.entryIndices.values == BundleFixture.indices)
        #expect(bundle.entries.bytes == pattern(4 * 118, 6))
        #expect(bundle.entries[2] == Array(pattern(4 * 118, 6)[236..<354]))
        #expect(bundle.entries.withSpan(of: 1..<3) { $0.count } == 236)
        #expect(bundle.dataPoints.bytes == pattern(7 * 32, 7))
        #expect(bundle.inclusions.map(\.count) == [2, 0])
        #expect(bundle.revocations.map(\.count) == [3, 0])
        #expect(bundle.revocations[0].bytes == pattern(3 * 34, 9))
        #expect(bundle.proof.bytes == pattern(160, 10))
        #expect(bundle.revealed.map(\.attribute) == BundleFixture.attributes)
        for entry in 0..<4 {
            #expect(bundle.revealed[0][entry] == .id(pattern(32, 20 + entry)))
            #expect(bundle.revealed[1][entry] == .id(Array(BundleFixture.notices[entry].utf8)))
            #expect(bundle.revealed[2][entry] == .uint(BundleFixture.notBefore[entry]))
            #expect(bundle.revealed[3][entry] == .uint(BundleFixture.expires[entry]))
        }
    }

    /// One content has one file: what is written, read and written again is the same bytes.
    @Test func encodingIsCanonical() throws {
        let file = try BundleFixture.file
        #expect(BundleWriter.encode(try BundleFixture.parse(file)) == file)
        #expect(try Container(file).file == file)
    }

    @Test func streamedAndEncodedAreEqual() throws {
        try inTemporaryFolder { folder in
            let path = folder + "/x.zkb"
            var output = try OutputFile(path)
            try BundleWriter.write(try BundleFixture.make(), to: &output)
            try output.commit()
            #expect(try InputFile.read(path, limit: 1 << 20) == BundleFixture.file)
        }
    }

    @Test func layoutIsThatOfTheDocument() throws {
        let summary = try BundleSummary(parsing: BundleFixture.file)
        #expect(
            Set(summary.columns.map(\.name))
                == [
                    "consent", "entry_ledger", "entry_index", "revealed.not_before", "revealed.expires", "revealed.record.offsets",
                    "revealed.notice.offsets", "data_points", "entries", "inclusion.0", "inclusion.1", "revocations.0", "revocations.1",
                    "revealed.record.bytes", "revealed.notice.bytes", "proof",
                ])
        let file = try Container(BundleFixture.file)
        #expect(try file.range("consent") == 0..<56)
        #expect(try file.range("revealed.not_before") == 120..<152)
        #expect(try file.range("revealed.notice.offsets") == 224..<264)
        #expect(try file.range("proof").upperBound == file.data.count)
        #expect(file.header["__metadata__"]?["format"] == .string("zkconsent-bundle/1"))
    }

    @Test func summaryNeedsNoPolicy() throws {
        let summary = try BundleSummary(parsing: BundleFixture.file, file: "x.zkb")
        #expect(summary.header as? BundleHeader == BundleFixture.header)
        #expect(summary.revealed == ["not_before", "expires", "record", "notice"])
        #expect(summary.revocationCount(ledger: 0) == 3)
        #expect(summary.revocationCount(ledger: 1) == 0)
        #expect(summary.revocationCount(ledger: 2) == nil)
        #expect(summary.byteCount == (try BundleFixture.file.count))
    }

    @Test func nothingRevealed() throws {
        let bundle = try BundleFixture.make(revealed: [])
        let file = BundleWriter.encode(bundle)
        #expect(try Bundle.parse(file, revealing: []).revealed.isEmpty)
        #expect(code { _ = try BundleFixture.parse(file) } == "tensor-missing")
    }
}

/// Calls `body` with the path of a new folder that is removed afterwards.
func inTemporaryFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "zkconsent-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
}
