// SPDX-License-Identifier: Apache-2.0
import Foundation
import Primitives
import Testing

@Suite struct EncodingTests {
    @Test func base64AgreesWithFoundation() throws {
        var generator = SystemRandomNumberGenerator()
        for count in 0..<200 {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let text = Base64.encode(bytes)
            #expect(text == Data(bytes).base64EncodedString())
            #expect(try Base64.decode(text) == bytes)
        }
    }

    @Test(arguments: [
        "A", "AA", "AAA", "AA=", "A===", "====", "=AAA", "AA=A", "AB==", "AAB=", "AA==\n", " AA==", "AA==AA==", "AAA=AAAA", "AA\nA", "A-_A",
        "AAAA=", "AA==" + "====", "AÄ==", "AA A",
    ])
    func base64Refuses(text: String) {
        #expect(throws: PrimitivesError.self) { try Base64.decode(text) }
    }

    /// Exactly one of the 64 last characters of each padded form is canonical for each value.
    @Test func base64PaddingBitsAreZero() throws {
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        #expect(alphabet.filter { (try? Base64.decode("A\($0)==")) != nil }.count == 4)
        #expect(alphabet.filter { (try? Base64.decode("AA\($0)=")) != nil }.count == 16)
    }

    @Test func hex() throws {
        #expect(Hex.encode([0, 0xab, 0xff]) == "00abff")
        #expect(try Hex.decode("00abFF") == [0, 0xab, 0xff])
        for text in ["0", "0g", "g0", " 00", "0x00", "00 "] {
            #expect(throws: PrimitivesError.self) { try Hex.decode(text) }
        }
    }

    @Test func writingAndReading() throws {
        var bytes: [UInt8] = []
        bytes.appendLE16(0x0102)
        bytes.appendLE32(0x0304_0506)
        bytes.appendLE64(0x0708_090a_0b0c_0d0e)
        bytes.appendBE32(0x0304_0506)
        bytes.appendBE64(0x0708_090a_0b0c_0d0e)
        bytes.appendLengthPrefixed([1, 2, 3])
        #expect(Array(bytes.prefix(6)) == [2, 1, 6, 5, 4, 3])
        #expect(lengthPrefixed("ab") == [2, 0, 0, 0, 97, 98])
        var reader = ByteReader(bytes)
        #expect(try reader.readLE16() == 0x0102)
        #expect(try reader.readLE32() == 0x0304_0506)
        #expect(try reader.readLE64() == 0x0708_090a_0b0c_0d0e)
        #expect(try reader.readBE32() == 0x0304_0506)
        #expect(try reader.readBE64() == 0x0708_090a_0b0c_0d0e)
        #expect(throws: PrimitivesError.trailingBytes(offset: 26)) { try reader.expectEnd() }
        #expect(try reader.readLengthPrefixed(limit: 3) == [1, 2, 3])
        try reader.expectEnd()
        #expect(throws: PrimitivesError.unexpectedEnd(offset: 33)) { try reader.readUInt8() }
    }

    @Test func readerRefuses() {
        var reader = ByteReader([0xff, 0xff, 0xff, 0xff, 1])
        #expect(throws: PrimitivesError.unexpectedEnd(offset: 0)) { try reader.readLE64() }
        #expect(throws: PrimitivesError.unexpectedEnd(offset: 0)) { try reader.readBytes(-1) }
        #expect(throws: PrimitivesError.unexpectedEnd(offset: 0)) { try reader.readBytes(Int.max) }
        #expect(throws: PrimitivesError.limitExceeded(offset: 0)) { try reader.readLengthPrefixed(limit: 100) }
        var again = ByteReader([0xff, 0xff, 0xff, 0xff, 1])
        #expect(throws: PrimitivesError.unexpectedEnd(offset: 4)) { try again.readLengthPrefixed(limit: Int.max) }
    }
}
