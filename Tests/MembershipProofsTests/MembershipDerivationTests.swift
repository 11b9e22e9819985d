// SPDX-License-Identifier: Apache-2.0
import Groups
import MembershipProofs
import Primitives
import SigmaProofs
import TestSupport
import Testing
import Transcripts

/// Generators, the digest of the set and the transcript, item by item as docs/protocol.md, sections 11.1 and 11.2, has them.
@Suite struct MembershipDerivationTests {
    typealias G = Ristretto255

    private func prefixed(_ text: String) -> [UInt8] { prefixed(Array(text.utf8)) }
    private func prefixed(_ bytes: [UInt8]) -> [UInt8] { number(bytes.count) + bytes }
    private func number(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }

    @Test func generators() throws {
        func generator(_ message: [UInt8]) throws -> G.Point {
            let tag = Array("zkconsent/v1/generator/ristretto255".utf8)
            let uniform = try expandMessageXMD(message: message, dst: tag, count: 64)
            return G.points(uniformBytes: uniform.span)[0]
        }
        var expected = [try generator(prefixed("membership") + prefixed("blinding"))]
        for digit in 0..<8 {
            for value in 0..<4 {
                expected.append(
                    try generator(prefixed("membership") + prefixed("digit") + prefixed(number(digit)) + prefixed(number(value))))
            }
        }
        for digits in 1...8 {
            let bases = StandardMembershipGenerators.ristretto255.bases(digits: digits).points
            #expect(bases == Array(expected[..<(1 + 4 * digits)]))
        }
        #expect(Set(G.encode(expected).chunked(32)).count == 33)
    }

    @Test(arguments: [1, 127, 128, 129, 300]) func digest(count: Int) throws {
        let sample = try MembershipProofTests.sample(count)
        var input = prefixed("zkconsent/v1/membership/set") + prefixed("ristretto255") + number(count)
        for start in stride(from: 0, to: count, by: 128) {
            let block = Array(sample.encodings[32 * start..<32 * min(count, start + 128)])
            input += SHAKE128.hash(prefixed("zkconsent/v1/membership/block") + block, count: 32)
        }
        #expect(sample.set.digest == SHAKE128.hash(input, count: 32))
    }

    @Test func challenge() throws {
        let sample = try MembershipProofTests.sample(11)
        let element = sample.element(3, G.Scalar(UInt64(9)))
        let announcement = (0..<6 * 32).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let found = SpongeMembershipTranscript<G>.challenge(
            MembershipSample<G>.context, sample.parameters, element: element.span, announcement: announcement.span)
        // A duplex sponge: one block of the session, then everything.
        var input = MembershipSample<G>.session.bytes + [UInt8](repeating: 0, count: 136)
        input += prefixed([1, 2, 3]) + sample.set.digest + G.encode([MembershipSample<G>.bases[1]]) + element + announcement
        let wide = SHAKE128.hash(input, count: 48)
        #expect(found == G.Scalar(reducingWide: wide.span))
    }

    @Test func shapes() throws {
        for (count, digits) in [(1, 1), (4, 1), (5, 2), (16, 2), (17, 3), (64, 3), (65, 4), (256, 4), (257, 5), (1_025, 6)] {
            let sample = try MembershipProofTests.sample(count)
            #expect(sample.set.shape.digits == digits && sample.set.shape.places >= count)
            #expect(sample.parameters.proofByteCount == 32 * (7 + 4 * digits))
        }
    }
}

extension [UInt8] {
    fileprivate func chunked(_ size: Int) -> [[UInt8]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min(count, $0 + size)]) }
    }
}
