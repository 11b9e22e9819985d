// SPDX-License-Identifier: Apache-2.0
import Groups
import Primitives
import TestSupport
import Testing

/// Thousands of random and hostile cases (millions in `make test-long`) against OpenSSL, libsecp256k1 and arkworks.
@Suite struct CurvePeerTests {
    /// Cases that go to a peer together.
    private static let batch = 1000

    @Test func combinationsOfP256() throws { try combinations(OpenSSLPeer(), batches: runsLongTests ? 500 : 2) }
    @Test func combinationsOfSecp256k1() throws { try combinations(LibSecp256k1Peer(), batches: runsLongTests ? 500 : 2) }
    @Test func combinationsOfBLS12381() throws { try combinations(ArkworksPeer(), batches: runsLongTests ? 200 : 2) }

    @Test func encodingsOfP256() throws { try encodings(OpenSSLPeer(), batches: runsLongTests ? 1000 : 6) }
    @Test func encodingsOfSecp256k1() throws { try encodings(LibSecp256k1Peer(), batches: runsLongTests ? 1000 : 6) }
    @Test func encodingsOfBLS12381() throws { try encodings(ArkworksPeer(), batches: runsLongTests ? 200 : 3) }

    @Test func sumsOfP256() throws { try sums(OpenSSLPeer()) }
    @Test func sumsOfSecp256k1() throws { try sums(LibSecp256k1Peer()) }
    @Test func sumsOfBLS12381() throws { try sums(ArkworksPeer()) }

    // MARK: a G + b P + Q

    /// A scalar: small, close to the order, close to a power of two, or random.
    private func scalar<G: WeierstrassGroup>(_ group: G.Type, _ random: inout TestRandom) -> G.Scalar {
        switch random.next() % 8 {
        case 0: return G.Scalar(random.next() % 5)
        case 1: return -G.Scalar(random.next() % 5)
        case 2: return G.Scalar(UInt128(1) << UInt128(random.next() % 128)) - G.Scalar(random.next() % 3)
        case 3: return G.Scalar(UInt128(random.next()) << 64 | UInt128(random.next()))
        default: return G.scalar(random.bytes(48))
        }
    }

    /// A point: a small multiple of the generator, so that equal, opposite and cancelling terms are frequent, or random.
    private func point<G: WeierstrassGroup>(_ group: G.Type, _ small: [G.Point], _ random: inout TestRandom) -> G.Point {
        if random.next() % 2 == 0 { return small[Int(random.next() % UInt64(small.count))] }
        return G.hashed(random.bytes(G.uniformByteCount))[0]
    }

    private func combinations<Peer: CurvePeer>(_ peer: Peer, batches: Int) throws {
        typealias G = Peer.G
        var random = TestRandom(11)
        let generatorTable = G.fixedBases([G.generator])
        let multiples = G.prefixSums([G.Point](repeating: G.generator, count: 4))
        let small = multiples + multiples.map { G.negate($0) }
        var identities = 0
        for _ in 0..<batches {
            var ours: [G.Point] = []
            var questions: [CurveCombination] = []
            for _ in 0..<Self.batch {
                var (a, b) = (scalar(G.self, &random), scalar(G.self, &random))
                var p = point(G.self, small, &random)
                var q = random.next() % 4 == 0 ? G.negate(p) : point(G.self, small, &random)
                switch random.next() % 16 {
                case 0:
                    // The sum is the identity or a neighbour of it, with P and Q multiples of G.
                    (p, q) = (multiples[3], multiples[2])
                    a = -(b * G.Scalar(3 as UInt64)) - G.Scalar(1 + random.next() % 3)
                case 1: (a, b) = (.zero, .zero - .one)
                default: break
                }
                let sum = constantTime(G.self, [a, b, .one], [G.generator, p, q])
                #expect(G.vartimeMultiScalarMul([a, b, .one], [G.generator, p, q]) == sum)
                let limbs = a.limbs
                let fixed = G.multiScalarMul(rows: 1, limbs.span, generatorTable)[0]
                #expect(G.add(G.add(fixed, G.product(b, p)), q) == sum)
                if G.isIdentity(sum) { identities += 1 }
                ours.append(sum)
                let encoded = G.encode([p, q])
                questions.append(
                    CurveCombination(
                        a: a.bytes, b: b.bytes, p: piece(encoded, 0, G.pointByteCount), q: piece(encoded, 1, G.pointByteCount)))
            }
            let answers = try peer.combine(questions)
            #expect(answers.flatMap { $0 } == G.encode(ours))
        }
        #expect(identities > batches * 5)
    }

    private func constantTime<G: WeierstrassGroup>(_ group: G.Type, _ scalars: [G.Scalar], _ points: [G.Point]) -> G.Point {
        let limbs = scalars.flatMap(\.limbs)
        return G.multiScalarMul(limbs.span, points)
    }

    // MARK: Encodings

    /// An encoding: a point, a point with a flipped bit, a random or extreme `x`, another first byte.
    private func encoding<G: WeierstrassGroup>(_ group: G.Type, _ random: inout TestRandom) -> [UInt8] {
        let count = G.pointByteCount
        var bytes = random.bytes(count)
        let choice = random.next() % 8
        if choice < 4 { bytes = G.encode(G.hashed(random.bytes(G.uniformByteCount))) }
        if choice < 3 {
            let bit = Int(random.next() % UInt64(8 * count))
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        } else if choice == 4 {
            // Close to the modulus, above or below it, or close to 0.
            let modulus = random.next() % 3 == 0 ? [UInt8](repeating: 0, count: G.parameters.p.count) : G.parameters.p
            bytes.replaceSubrange((count - modulus.count)..., with: modulus)
            bytes[count - 1] = UInt8(truncatingIfNeeded: random.next())
            bytes[count - 1 - Int(random.next() % 8)] &= UInt8(truncatingIfNeeded: random.next())
        }
        if choice >= 4 {
            let good: UInt8 = count == 33 ? 2 | UInt8(random.next() & 1) : 0x80 | bytes[0] & 0x3f
            bytes[0] = random.next() % 8 == 0 ? UInt8(truncatingIfNeeded: random.next()) : good
        }
        return bytes
    }

    private func encodings<Peer: CurvePeer>(_ peer: Peer, batches: Int) throws {
        typealias G = Peer.G
        var random = TestRandom(12)
        var (accepted, refused) = (0, 0)
        for _ in 0..<batches {
            let questions = (0..<Self.batch).map { _ in encoding(G.self, &random) }
            let answers = try peer.decode(questions)
            for i in questions.indices {
                let ours = G.decoded(questions[i])
                #expect((ours != nil) == (answers[i] != nil), "\(hex(questions[i]))")
                if let ours {
                    accepted += 1
                    #expect(G.encode(ours) == questions[i] && answers[i] == questions[i])
                } else {
                    refused += 1
                }
            }
            if G.pointByteCount == 33 { try uncompressed(peer, &random) }
        }
        #expect(accepted > batches * 50 && refused > batches * 100)
    }

    /// 04, x, y: a point, with a flipped bit, with another first byte.
    private func uncompressed<Peer: CurvePeer>(_ peer: Peer, _ random: inout TestRandom) throws {
        typealias G = Peer.G
        for i in 0..<100 {
            let point = G.hashed(random.bytes(G.uniformByteCount))[0]
            let coordinates = try #require(G.affineCoordinates(point))
            var encoding = [4] + coordinates.x + coordinates.y
            if i % 2 == 1 {
                let bit = Int(random.next() % UInt64(8 * encoding.count))
                encoding[bit / 8] ^= 1 << UInt8(bit % 8)
            }
            // The hybrid form, 06 and 07, is not ours.
            let answer = encoding[0] == 4 ? try peer.decode([encoding])[0] : nil
            let ours = G.decodedUncompressed(encoding)
            #expect(ours.map { G.encode([$0]) } == answer)
        }
    }

    // MARK: Sums of many

    private func sums<Peer: CurvePeer>(_ peer: Peer) throws {
        typealias G = Peer.G
        var random = TestRandom(13)
        for size in [1, 40, 99, 100, 130, 600] + (runsLongTests ? [5000, 20000] : []) {
            let points = G.hashed(random.bytes(size * G.uniformByteCount))
            let scalars = (0..<size).map { _ in scalar(G.self, &random) }
            let encoded = G.encode(points)
            let zero = G.Scalar.zero.bytes
            let products = try peer.combine(
                (0..<size).map { i in
                    CurveCombination(
                        a: zero, b: scalars[i].bytes, p: piece(encoded, i, G.pointByteCount), q: G.encode([G.identity]))
                })
            var sum = products[0]
            if size > 1 {
                // Added up by the peer, in pairs.
                var level = products
                while level.count > 1 {
                    let pairs = stride(from: 0, to: level.count - 1, by: 2).map { i in
                        CurveCombination(a: zero, b: G.Scalar.one.bytes, p: level[i], q: level[i + 1])
                    }
                    let odd = level.count % 2 == 1 ? [level[level.count - 1]] : []
                    level = try peer.combine(pairs) + odd
                }
                sum = level[0]
            }
            #expect(G.encode([G.vartimeMultiScalarMul(scalars, points)]) == sum, "\(size)")
            #expect(G.encode([constantTime(G.self, scalars, points)]) == sum, "\(size)")
        }
    }

    // MARK: Hashing

    @Test func hashingToBLS12381() throws {
        typealias G = BLS12381G1
        var random = TestRandom(14)
        let count = runsLongTests ? 100_000 : 500
        let messages = (0..<count).map { _ in random.bytes(Int(random.next() % 100)) }
        let tags = (0..<count).map { _ in random.bytes(1 + Int(random.next() % 60)) }
        let answers = try ArkworksPeer().ask(
            (0..<count).map { "hash \(messages[$0].isEmpty ? "_" : hex(messages[$0])) \(hex(tags[$0]))" })
        for i in 0..<count {
            let uniform = try expandMessageXMD(.sha256, message: messages[i], dst: tags[i], count: G.uniformByteCount)
            #expect(G.encode(G.hashed(uniform)) == answers[i])
        }
    }
}
