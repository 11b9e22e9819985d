// SPDX-License-Identifier: Apache-2.0
import Foundation
import MerkleLog
import Primitives
import TestSupport
import Testing

@Suite struct SignedNoteTests {
    private struct OpenCase: Decodable {
        let id: String
        let note_base64: String
        let trusted_vkeys: [String]
        let expected: String
        let verified: [String]?
    }

    private struct KeyCase: Decodable {
        let id: String
        let vkey: String?
        let expected: String?
    }

    private struct SignCase: Decodable {
        let skey: String?
        let text: String?
        let signed_note: String
    }

    static let peter = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

    @Test func openingGoNotes() throws {
        let cases: [OpenCase] = try vectorJSON("15-signed-notes-and-logs/go_note_open.json")
        #expect(cases.count > 4)
        for test in cases {
            var names: [String]?
            do {
                let keys = try test.trusted_vkeys.map { try VerifierKey(text: $0) }
                let bytes = try Base64.decode(test.note_base64)
                let note = try SignedNote(bytes: bytes)
                #expect(note.bytes == bytes)
                names = try note.verifiedSignatures(by: keys).map(\.key.name)
            } catch {
                names = nil
            }
            if test.expected == "accept" {
                #expect(names == test.verified, "\(test.id)")
            } else {
                // Without any known signature we return none; Go refuses at once.
                #expect(names == nil || names == [], "\(test.id)")
            }
        }
    }

    @Test func verifierKeys() throws {
        let cases: [KeyCase] = try vectorJSON("15-signed-notes-and-logs/go_note_vkeys.json")
        for test in cases {
            guard let text = test.vkey else { continue }
            let key = try? VerifierKey(text: text)
            #expect((key != nil) == (test.expected == "accept"), "\(test.id)")
            if let key { #expect(key.text == text) }
        }
    }

    /// Every proper substring of a key, and the key with any one byte incremented.
    @Test func damagedVerifierKeys() throws {
        let bytes = Array(Self.peter.utf8)
        for start in bytes.indices {
            for end in start..<bytes.count + 1 where end - start < bytes.count {
                let text = String(decoding: bytes[start..<end], as: UTF8.self)
                #expect(throws: MerkleLogError.self) { try VerifierKey(text: text) }
            }
            var incremented = bytes
            incremented[start] += 1
            let text = String(decoding: incremented, as: UTF8.self)
            #expect(throws: MerkleLogError.self) { try VerifierKey(text: text) }
        }
        for text in [Self.peter + "\n", " " + Self.peter, Self.peter.replacingOccurrences(of: "c74f20a3", with: "C74F20A3")] {
            #expect(throws: MerkleLogError.self) { try VerifierKey(text: text) }
        }
    }

    @Test func keysRefuseBadNamesAndSmallOrder() throws {
        let good = try VerifierKey(text: Self.peter).publicKey
        for name in ["", "a b", "a+b", "a\u{a0}b", "a\u{2003}", "a\nb", "a\tb", String(repeating: "x", count: 1025)] {
            #expect(throws: MerkleLogError.malformedKey("name")) { try VerifierKey(name: name, type: .ed25519, publicKey: good) }
        }
        for key in [[UInt8](repeating: 0, count: 32), Array(good.dropLast()), good + [0]] {
            #expect(throws: MerkleLogError.malformedKey("public key")) { try VerifierKey(name: "a", type: .ed25519, publicKey: key) }
        }
    }

    @Test func signingGoNotes() throws {
        let cases: [SignCase] = try vectorJSON("15-signed-notes-and-logs/go_note_sign.json")
        let text = try #require(cases[0].text)
        var note = try SignedNote(text: text)
        let skey = try #require(cases[0].skey?.split(separator: "+", maxSplits: 4).last.map(String.init))
        let seeds = [Array(try Base64.decode(skey).dropFirst()), [UInt8](repeating: 0, count: 32)]
        for (position, name) in ["PeterNeumann", "EnochRoot"].enumerated() {
            let seed = seeds[position]
            let key = try VerifierKey(name: name, type: .ed25519, publicKey: Ed25519.publicKey(seed: seed.span))
            note.add(NoteSignature(key: key, signature: try Ed25519.sign(seed: seed.span, message: note.signedBytes)))
            #expect(String(decoding: note.bytes, as: UTF8.self) == cases[position].signed_note)
            #expect(try SignedNote(bytes: note.bytes) == note)
        }
    }

    private static let line =
        "\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"

    @Test(arguments: [
        "", "\n", "\n\n", "\n\n\n", "text\n", "text\n\n", "text\n\n\n", "text\n" + line, "\n" + line, "text\n\n" + line.dropLast(),
        "text\n\n" + line + "\n", "text\n\n" + line + "x\n", "te\u{1}xt\n\n" + line, "te\rxt\n\n" + line, "text\r\n\r\n" + line,
        "te\0xt\n\n" + line,
        "text\n\n\u{2014}  x08go/ZJkuBS\n", "text\n\n\u{2014} a x08go/ZJ\n".replacingOccurrences(of: "ZJ", with: "Z"),
        "text\n\n\u{2014} a x08gow==\n", "text\n\n\u{2014} a+b x08go/ZJkuBS\n", "text\n\n\u{2014} a\u{a0}b x08go/ZJkuBS\n",
        "text\n\n\u{2014} a x08go/ZJkuBS \n", "text\n\n- a x08go/ZJkuBS\n", "text\n\n\u{2014}a x08go/ZJkuBS\n", "text\n\n\u{2014} a\n",
        "text\n\n\u{2014} a x08go/ZJkuB=\n",
    ])
    func malformedNotes(text: String) {
        #expect(throws: MerkleLogError.self) { try SignedNote(bytes: Array(text.utf8)) }
    }

    @Test func textMayHaveEmptyLines() throws {
        for text in ["\n", "a\n\n", "\n\n\n", "a\n\nb\n", "a\n\n\u{2014} x AAAAAAAA\n"] {
            let note = try SignedNote(bytes: Array((text + "\n" + Self.line).utf8))
            #expect(note.text == text && note.signatures.count == 1)
        }
    }

    @Test func invalidUTF8IsRefused() {
        for bytes in [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x80]] as [[UInt8]] {
            #expect(throws: MerkleLogError.malformedNote("not UTF-8")) { try SignedNote(bytes: bytes + Array(("\n\n" + Self.line).utf8)) }
        }
    }

    @Test func limits() throws {
        func note(lines: Int) -> [UInt8] { Array(("text\n\n" + String(repeating: Self.line, count: lines)).utf8) }
        #expect(try SignedNote(bytes: note(lines: 64)).signatures.count == 64)
        #expect(throws: MerkleLogError.limitExceeded("more than 64 signatures")) { try SignedNote(bytes: note(lines: 65)) }
        let large = String(repeating: "x", count: (1 << 20) - Self.line.utf8.count - 2) + "\n\n" + Self.line
        #expect(try SignedNote(bytes: Array(large.utf8)).bytes == Array(large.utf8))
        #expect(throws: MerkleLogError.limitExceeded("note of more than 1048576 bytes")) {
            try SignedNote(bytes: Array(("x" + large).utf8))
        }
        let marks = String(repeating: "\u{301}", count: 31)
        #expect(throws: MerkleLogError.limitExceeded("more than 30 combining characters in a row")) { try SignedNote(text: "a\(marks)\n") }
    }

    /// Names are compared byte by byte: a composed and a decomposed letter are two names.
    @Test func namesAreBytes() throws {
        let seed = [UInt8](repeating: 3, count: 32)
        let publicKey = try Ed25519.publicKey(seed: seed.span)
        let composed = try VerifierKey(name: "\u{e9}", type: .ed25519, publicKey: publicKey)
        let decomposed = try VerifierKey(name: "e\u{301}", type: .ed25519, publicKey: publicKey)
        #expect(composed.name == decomposed.name)
        #expect(composed != decomposed)
        var note = try SignedNote(text: "text\n")
        note.add(NoteSignature(key: composed, signature: try Ed25519.sign(seed: seed.span, message: note.signedBytes)))
        #expect(try note.verifiedSignatures(by: [composed]).count == 1)
        #expect(try note.verifiedSignatures(by: [decomposed]).isEmpty)
    }

    @Test func everyBitFlipOfAKnownSignatureRefusesTheNote() throws {
        let seed = [UInt8](repeating: 3, count: 32)
        let key = try VerifierKey(name: "a", type: .ed25519, publicKey: Ed25519.publicKey(seed: seed.span))
        let unsigned = try SignedNote(text: "text\n")
        let signature = try Ed25519.sign(seed: seed.span, message: unsigned.signedBytes)
        for bit in 0..<512 {
            var flipped = signature
            flipped[bit / 8] ^= 1 << (bit % 8)
            var note = unsigned
            note.add(NoteSignature(key: key, signature: flipped))
            note.add(NoteSignature(key: key, signature: signature))
            #expect(throws: MerkleLogError.invalidSignature("a")) { try note.verifiedSignatures(by: [key]) }
        }
        #expect(throws: MerkleLogError.malformedNote("the text does not end in a newline")) { try SignedNote(text: "text") }
        #expect(throws: MerkleLogError.malformedNote("control character")) { try SignedNote(text: "te\txt\n") }
    }
}
