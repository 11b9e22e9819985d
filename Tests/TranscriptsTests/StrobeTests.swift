// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import Transcripts

@Suite struct StrobeTests {
    struct File: Decodable {
        struct Operation: Decodable {
            let name: String
            let meta, stream: Bool
            let input_data: String?
            let input_length: Int?
            let output, state_after: String?
        }
        let proto_string: String
        let security: Int
        let operations: [Operation]
    }

    @Test(arguments: ["simple", "meta"]) func vectors(_ name: String) throws {
        let file: File = try vectorJSON("12-merlin-strobe/strobe_\(name).json")
        #expect(file.operations.count == 11)
        let security = try #require(Strobe.Security(rawValue: file.security))
        var strobe = Strobe(label: Array(file.proto_string.utf8), security: security)
        for operation in file.operations {
            let input = try #require(bytes(hex: operation.input_data ?? ""))
            let (meta, more) = (operation.meta, operation.stream)
            var output: [UInt8] = []
            switch operation.name {
            case "init": break
            case "KEY": strobe.key(input, meta: meta, more: more)
            case "AD": strobe.associate(input, meta: meta, more: more)
            case "PRF": output = strobe.pseudorandom(input.count, meta: meta, more: more)
            case "send_ENC": output = strobe.sendEncrypted(input, meta: meta, more: more)
            case "recv_ENC": output = strobe.receiveEncrypted(input, meta: meta, more: more)
            case "send_MAC": output = strobe.sendMAC(input.count, meta: meta, more: more)
            case "recv_MAC":
                let isRight = strobe.receiveMAC(input, meta: meta)
                #expect(!isRight)
            case "send_CLR":
                strobe.sendClear(input, meta: meta, more: more)
                output = input
            case "recv_CLR":
                strobe.receiveClear(input, meta: meta, more: more)
                output = input
            case "RATCHET": strobe.ratchet(input.count, meta: meta, more: more)
            default: Issue.record("unknown operation \(operation.name)")
            }
            #expect(hex(output) == operation.output ?? "", "\(operation.name)")
            if let state = operation.state_after { #expect(hex(strobe.stateBytes) == state, "\(operation.name)") }
        }
    }

    /// Two parties exchange messages over block boundaries; what one sends the other receives, and both end in one state.
    @Test(arguments: [Strobe.Security.bits128, .bits256]) func conversation(_ security: Strobe.Security) {
        var alice = Strobe(label: [1], security: security)
        var bob = Strobe(label: [1], security: security)
        alice.key([7, 7, 7])
        bob.key([7, 7, 7])
        for count in [0, 1, 5, 130, 134, 165, 166, 167, 400] {
            let message = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
            let ciphertext = alice.sendEncrypted(message)
            #expect(ciphertext.count == count && (count < 5 || ciphertext != message))
            let received = bob.receiveEncrypted(ciphertext)
            #expect(received == message)
            let tag = bob.sendMAC(16)
            let isRight = alice.receiveMAC(tag)
            #expect(isRight)
            bob.sendClear(message)
            alice.receiveClear(message)
            alice.ratchet(32)
            bob.ratchet(32)
        }
        let (a, b) = (alice.pseudorandom(32), bob.pseudorandom(32))
        #expect(a == b)
        var tag = alice.sendMAC(16)
        tag[15] ^= 1
        let isRight = bob.receiveMAC(tag)
        #expect(!isRight)
    }

    /// An operation in pieces is the operation in one.
    @Test func pieces() {
        var one = Strobe(label: [])
        var many = Strobe(label: [])
        let message = (0..<1_000).map { UInt8(truncatingIfNeeded: $0 * 3) }
        one.associate(message)
        for start in stride(from: 0, to: 1_000, by: 37) { many.associate(Array(message[start..<min(1_000, start + 37)]), more: start > 0) }
        let whole = one.pseudorandom(500)
        let parts = many.pseudorandom(200) + many.pseudorandom(300, more: true)
        #expect(whole == parts)
        let (a, b) = (one.sendEncrypted(message), many.sendEncrypted(Array(message.prefix(170))))
        let rest = many.sendEncrypted(Array(message.dropFirst(170)), more: true)
        #expect(a == b + rest)
        let (x, y) = (one.stateBytes, many.stateBytes)
        #expect(x == y)
    }
}
