// SPDX-License-Identifier: Apache-2.0
import CKernels
import Foundation
import Primitives
import TestSupport
import Testing

@Suite struct DigestTests {
    @Test func knownAnswers() {
        #expect(Hex.encode(SHA256.hash([])) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(Hex.encode(SHA256.hash(Array("abc".utf8))) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            Hex.encode(SHA512.hash(Array("abc".utf8)))
                == "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
        )
    }

    @Test(arguments: [0, 1, 55, 56, 63, 64, 65, 127, 128, 1000])
    func piecesEqualTheWhole(count: Int) {
        let message = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7) }
        var small = SHA256.Hasher()
        var large = SHA512.Hasher()
        for start in stride(from: 0, to: count, by: 13) {
            let piece = Array(message[start..<min(start + 13, count)])
            small.update(piece)
            large.update(piece.span)
        }
        #expect(small.finalize() == SHA256.hash(message))
        #expect(large.finalize() == SHA512.hash(message))
    }

    @Test(arguments: [0, 1, 2, 5, 6, 15, 16, 17, 21, 22, 33, 511, 512, 513, 3001], [UInt8?.none, 0, 1])
    func bulkEqualsOneByOne(count: Int, prefix: UInt8?) throws {
        let recordByteCount = 118
        let bytes = (0..<count * recordByteCount).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        var expected: [UInt8] = []
        for index in 0..<count {
            let record = bytes[index * recordByteCount..<(index + 1) * recordByteCount]
            expected += SHA256.hash((prefix.map { [$0] } ?? []) + record)
        }
        try HashingPath.each { path in
            let hashes = try SHA256.hashEach(prefix: prefix, recordByteCount: recordByteCount, bytes.span)
            #expect(hashes == expected, "\(path)")
        }
    }

    /// Padding is right on both sides of every block boundary.
    @Test(arguments: 1...200)
    func bulkOfEveryLength(recordByteCount: Int) throws {
        // Three records are hashed one by one, nineteen in a group of sixteen and one by one.
        for (count, prefix) in [3, 19].flatMap({ count in ([nil, 0, 0xff] as [UInt8?]).map { (count, $0) } }) {
            let bytes = (0..<recordByteCount * count).map { UInt8(truncatingIfNeeded: $0 &* 89 &+ 5) }
            let expected = (0..<count).flatMap { index in
                SHA256.hash((prefix.map { [$0] } ?? []) + bytes[index * recordByteCount..<(index + 1) * recordByteCount])
            }
            try HashingPath.each { path in
                let hashes = try SHA256.hashEach(prefix: prefix, recordByteCount: recordByteCount, bytes)
                #expect(hashes == expected, "\(path)")
            }
        }
    }

    /// The way that a test asks for is the one that is taken: a suspended kernel writes nothing.
    @Test func theKernelIsSuspended() {
        HashingPath.each { path in
            let records = [UInt8](repeating: 3, count: 16 * 64)
            var hashes = [UInt8](repeating: 0xaa, count: 16 * 32)
            let isHashed = zk_sha256_x16(records, 64, 16, 0, 1, &hashes)
            #expect(HashingPath.isVectorInUse == (path == .vector))
            #expect(isHashed == (path == .vector ? 1 : 0))
            let hash = SHA256.hash([0] + records[..<64])
            #expect(hashes == (path == .vector ? (0..<16).flatMap { _ in hash } : [UInt8](repeating: 0xaa, count: 16 * 32)))
        }
    }

    /// Suspensions are counted.
    @Test func suspensionsNest() {
        HashingPath.each { path in
            zk_suspend_vector_hashing()
            zk_suspend_vector_hashing()
            #expect(!HashingPath.isVectorInUse)
            zk_resume_vector_hashing()
            #expect(!HashingPath.isVectorInUse)
            zk_resume_vector_hashing()
            #expect(HashingPath.isVectorInUse == (path == .vector))
        }
    }

    @Test func bulkRefusesRecordsThatDoNotFit() {
        #expect(throws: PrimitivesError.invalidLength("records")) {
            try SHA256.hashEach(prefix: nil, recordByteCount: 3, [1, 2, 3, 4])
        }
        #expect(throws: PrimitivesError.invalidLength("records")) { try SHA256.hashEach(prefix: nil, recordByteCount: 0, []) }
    }

    @Test func pairsIgnoreTheOddHash() {
        let hashes = [UInt8](repeating: 7, count: 96)
        #expect(SHA256.hashPairs(prefix: 1, hashes) == SHA256.hash([1] + hashes[0..<64]))
    }

    /// A level of a tree, by both ways and over all cores.
    @Test func pairsOfAWholeLevel() {
        let hashes = (0..<64 * 5_003).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        let expected = (0..<5_003).flatMap { SHA256.hash([1] + hashes[64 * $0..<64 * ($0 + 1)]) }
        HashingPath.each { path in
            let level = SHA256.hashPairs(prefix: 1, hashes)
            #expect(level == expected, "\(path)")
        }
    }

    private struct ExpandVectors: Decodable {
        struct Case: Decodable {
            let len_in_bytes: String
            let msg: String
            let uniform_bytes: String
        }
        let DST: String
        let tests: [Case]
    }

    @Test(arguments: [("SHA512_38", ExpandHash.sha512), ("SHA256_38", .sha256), ("SHA256_256", .sha256)])
    func expandMessageVectors(file: String, hash: ExpandHash) throws {
        let vectors: ExpandVectors = try vectorJSON("03-rfc9380-hash-to-curve/expand_message_xmd_\(file).json")
        #expect(!vectors.tests.isEmpty)
        for test in vectors.tests {
            let count = try #require(Int(test.len_in_bytes.dropFirst(2), radix: 16))
            let (message, tag) = (Array(test.msg.utf8), Array(vectors.DST.utf8))
            #expect(Hex.encode(try expandMessageXMD(hash, message: message, dst: tag, count: count)) == test.uniform_bytes)
            let other: ExpandHash = hash == .sha256 ? .sha512 : .sha256
            #expect(Hex.encode(try expandMessageXMD(other, message: message, dst: tag, count: count)) != test.uniform_bytes)
        }
    }

    @Test func expandMessageLimits() throws {
        #expect(throws: PrimitivesError.self) { try expandMessageXMD(message: [], dst: [], count: 64) }
        #expect(throws: PrimitivesError.self) { try expandMessageXMD(message: [], dst: [1], count: 0) }
        #expect(throws: PrimitivesError.self) { try expandMessageXMD(message: [], dst: [1], count: 16321) }
        #expect(try expandMessageXMD(message: [], dst: [1], count: 16320).count == 16320)
        #expect(throws: PrimitivesError.self) { try expandMessageXMD(.sha256, message: [], dst: [1], count: 8161) }
        #expect(try expandMessageXMD(.sha256, message: [], dst: [1], count: 8160).count == 8160)
        let long = [UInt8](repeating: 65, count: 256)
        let short = SHA512.hash(Array("H2C-OVERSIZE-DST-".utf8) + long)
        #expect(try expandMessageXMD(message: [], dst: long, count: 32) == expandMessageXMD(message: [], dst: short, count: 32))
    }
}
