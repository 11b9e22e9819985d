// SPDX-License-Identifier: Apache-2.0

import Testing
import Transcripts

@Suite struct CodecTests {
    @Test func widths() throws {
        #expect(ModularCodec(modulus: []) == nil)
        #expect(ModularCodec(modulus: [0, 0]) == nil)
        #expect(ModularCodec(modulus: [1, 0]) == nil)
        #expect(try #require(ModularCodec(modulus: [2])).byteCount == 1)
        #expect(try #require(ModularCodec(modulus: [0, 1])).byteCount == 1)
        #expect(try #require(ModularCodec(modulus: [1, 1])).byteCount == 2)
        #expect(try #require(ModularCodec(modulus: littleEndian(UInt64(1) << 32))).byteCount == 4)
    }

    /// Every small modulus and value against machine arithmetic.
    @Test(arguments: [2, 3, 255, 256, 257, 65_535, 65_536, 65_537, 0x7fff_ffff] as [UInt64])
    func decodeReduces(_ modulus: UInt64) throws {
        let codec = try #require(ModularCodec(modulus: littleEndian(modulus)))
        for value in [0, 1, modulus - 1, modulus, modulus + 1, 3 * modulus - 1, UInt64.max, UInt64.max - 1] as [UInt64] {
            let expected = Array(littleEndian(value % modulus).prefix(codec.byteCount))
            #expect(codec.decode(littleEndian(value)) == expected)
            #expect(codec.decode(littleEndian(value) + [0, 0, 0, 0]) == expected)
        }
    }

    @Test func serializeRefusesUnreduced() throws {
        let codec = try #require(ModularCodec(modulus: [251]))
        #expect(throws: CodecError.notReduced) { try codec.serialize([251]) }
        #expect(throws: CodecError.notReduced) { try codec.serialize([0, 1]) }
        #expect(try codec.serialize([250, 0, 0]) == [250])
        var reader = ByteReader([250, 251])
        #expect(try codec.deserialize(&reader) == [250])
        #expect(throws: CodecError.notReduced) { try codec.deserialize(&reader) }
        #expect(reader.remaining == 1)
        #expect(throws: CodecError.trailingBytes) { try reader.finish() }
    }

    @Test(arguments: [[], [1], [4, 0, 0, 0], [4, 0, 0, 0, 1, 2, 3], [0xff, 0xff, 0xff, 0xff, 1]] as [[UInt8]])
    func truncatedStrings(_ bytes: [UInt8]) {
        var reader = ByteReader(bytes)
        #expect(throws: CodecError.truncated) { try reader.readVarLenString() }
        #expect(reader.remaining == bytes.count)
    }
}
