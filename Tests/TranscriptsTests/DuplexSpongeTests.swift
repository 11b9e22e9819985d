// SPDX-License-Identifier: Apache-2.0

import Testing
import Transcripts

@Suite struct DuplexSpongeTests {
    static let session = SessionID(tag: "zkconsent/test/sponge")

    /// What the draft says every squeeze is: SHAKE128 over the padded session id and all that was absorbed.
    static func stream(_ absorbed: [UInt8], _ count: Int) -> [UInt8] {
        SHAKE128.hash(session.bytes + [UInt8](repeating: 0, count: 136) + absorbed, count: count)
    }

    enum Step: Sendable {
        case absorb(Int)
        case squeeze(Int)
    }

    /// Random-looking sequences of operations against the definition.
    @Test(arguments: 0..<64)
    func followsTheDefinition(_ seed: UInt64) {
        var generator = seed &* 0x9e37_79b9_7f4a_7c15 &+ 1
        func next(_ bound: UInt64) -> Int {
            generator = generator &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((generator >> 33) % bound)
        }
        var sponge = DuplexSponge(Self.session)
        var absorbed: [UInt8] = []
        var read = 0
        for _ in 0..<40 {
            let count = [0, 1, 16, 32, 167, 168, 169, 400][next(8)]
            if next(2) == 0 {
                let message = (0..<count).map { _ in UInt8(next(256)) }
                sponge.absorb(message)
                absorbed += message
                if count > 0 { read = 0 }
            } else {
                #expect(sponge.squeeze(count) == Array(Self.stream(absorbed, read + count).suffix(count)))
                read += count
            }
        }
    }

    @Test func squeezesIntoSpans() {
        var one = DuplexSponge(Self.session)
        var two = DuplexSponge(Self.session)
        one.absorb([1, 2, 3])
        two.absorb([1, 2, 3].span)
        var out = [UInt8](repeating: 0, count: 48)
        var span = out.mutableSpan
        one.squeeze(into: &span)
        #expect(out == two.squeeze(48))
    }

    @Test func sessionsDiffer() {
        #expect(SessionID(tag: "a") != SessionID(tag: "b"))
        #expect(SessionID([UInt8](repeating: 0, count: 31)) == nil)
        #expect(SessionID([UInt8](repeating: 0, count: 33)) == nil)
        #expect(SessionID(SessionID(tag: "a").bytes) == SessionID(tag: "a"))
    }
}
