// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import Transcripts

@Suite struct ExpandMessageXOFTests {
    struct File: Decodable {
        struct Case: Decodable { let len_in_bytes, msg, uniform_bytes: String }
        let DST: String
        let tests: [Case]
    }

    @Test(arguments: [("SHAKE128_36", KeccakFunction.shake128), ("SHAKE128_256", .shake128), ("SHAKE256_36", .shake256)])
    func vectors(_ name: String, _ function: KeccakFunction) throws {
        let file: File = try vectorJSON("03-rfc9380-hash-to-curve/expand_message_xof_\(name).json")
        #expect(!file.tests.isEmpty)
        for test in file.tests {
            let count = try #require(Int(test.len_in_bytes.dropFirst(2), radix: 16))
            let (message, tag) = (Array(test.msg.utf8), Array(file.DST.utf8))
            #expect(hex(try expandMessageXOF(function, message: message, dst: tag, count: count)) == test.uniform_bytes)
            let other: KeccakFunction = function == .shake128 ? .shake256 : .shake128
            #expect(hex(try expandMessageXOF(other, message: message, dst: tag, count: count)) != test.uniform_bytes)
        }
    }

    /// A tag of more than 255 bytes is replaced by its hash, of 64 bytes for SHAKE256, for which there is no file.
    @Test func longTags() throws {
        let long = [UInt8](repeating: 65, count: 256)
        let short = KeccakXOF.hash(.shake256, Array("H2C-OVERSIZE-DST-".utf8) + long, count: 64)
        let (a, b) = (
            try expandMessageXOF(.shake256, message: [1], dst: long, count: 32),
            try expandMessageXOF(.shake256, message: [1], dst: short, count: 32)
        )
        #expect(a == b)
        let full = [UInt8](repeating: 65, count: 255)
        let expected = KeccakXOF.hash(.shake256, [1, 0, 32] + full + [255], count: 32)
        #expect(try expandMessageXOF(.shake256, message: [1], dst: full, count: 32) == expected)
    }

    @Test func limits() throws {
        #expect(throws: ExpandMessageError.emptyTag) { try expandMessageXOF(.shake128, message: [], dst: [], count: 1) }
        #expect(throws: ExpandMessageError.count) { try expandMessageXOF(.shake128, message: [], dst: [1], count: 0) }
        #expect(throws: ExpandMessageError.count) { try expandMessageXOF(.shake128, message: [], dst: [1], count: 65_536) }
        #expect(throws: ExpandMessageError.function) { try expandMessageXOF(.turboSHAKE128, message: [], dst: [1], count: 1) }
        #expect(try expandMessageXOF(.shake128, message: [], dst: [1], count: 65_535).count == 65_535)
    }
}
