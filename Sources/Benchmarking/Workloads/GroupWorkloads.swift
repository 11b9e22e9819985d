// SPDX-License-Identifier: Apache-2.0
internal import Groups
internal import Secrets

// Operations of a group, each on `n` items of one call: that is how other modules use them.

/// Inputs that are the same in every run.
enum Inputs {
    /// `count` bytes of a fixed stream, different for each `seed`.
    static func bytes(_ count: Int, seed: UInt64) -> [UInt8] {
        var state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 1
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            for index in 0..<count {
                state ^= state << 13
                state ^= state >> 7
                state ^= state << 17
                buffer[index] = UInt8(truncatingIfNeeded: state >> 24)
            }
            initialized = count
        }
    }

    /// `count` scalars, uniform in the field.
    static func scalars<G: Group>(_ group: G.Type, _ count: Int, seed: UInt64) -> [G.Scalar] {
        let width = G.Scalar.wideByteCount
        let wide = bytes(count * width, seed: seed)
        return (0..<count).map { index in
            let chunk = Array(wide[index * width..<(index + 1) * width])
            return G.Scalar(reducingWide: chunk.span)
        }
    }

    /// `count` scalars below 2^128.
    static func shortScalars<G: Group>(_ group: G.Type, _ count: Int, seed: UInt64) -> [G.Scalar] {
        let wide = bytes(count * 16, seed: seed)
        return (0..<count).map { index in
            G.Scalar(wide[16 * index..<16 * (index + 1)].reduce(UInt128(0)) { $0 << 8 | UInt128($1) })
        }
    }

    /// `count` distinct elements, as they come out of additions.
    static func points<G: Group>(_ group: G.Type, _ count: Int) -> [G.Point] {
        let first = G.vartimeMultiScalarMul(scalars(group, 1, seed: 7), [G.generator])
        return Array(G.prefixSums([first] + [G.Point](repeating: G.generator, count: count)).dropFirst().prefix(count))
    }

    /// The encodings of ``points(_:_:)``.
    static func encodings<G: Group>(_ group: G.Type, _ count: Int) -> [UInt8] { G.encode(points(group, count)) }

    /// ``points(_:_:)`` as they come out of decoding.
    static func decoded<G: Group>(_ group: G.Type, _ count: Int) throws -> [G.Point] {
        let encodings = encodings(group, count)
        return try G.decode(canonical: encodings.span)
    }

    /// The limbs of scalars, one after the other.
    static func limbs<G: Group>(_ group: G.Type, _ scalars: [G.Scalar]) -> [UInt64] { scalars.flatMap(\.limbs) }

    /// The length of the group order in bits.
    static func orderBits<G: Group>(_ group: G.Type) -> Int {
        let limbs = (-G.Scalar.one).limbs
        guard let top = limbs.lastIndex(where: { $0 != 0 }) else { return 0 }
        return 64 * top + 64 - limbs[top].leadingZeroBitCount
    }
}

/// The benchmarks of one group.
enum GroupWorkloads {
    static func decode<G: Group>(_ group: G.Type, _ n: Int) throws -> [BenchmarkCase] {
        let encodings = Inputs.encodings(group, n)
        return [
            BenchmarkCase(
                name: "decode", suite: G.name, n: n, item: "point", bytes: encodings.count, peers: Peers.decode(G.name)
            ) { try check(G.decode(canonical: encodings.span).count == n, "decode") }
        ]
    }

    static func encode<G: Group>(_ group: G.Type, _ n: Int) throws -> [BenchmarkCase] {
        let points = Inputs.points(group, n)
        let size = n * G.pointByteCount
        return [
            BenchmarkCase(name: "encode", suite: G.name, n: n, item: "point", bytes: size, peers: Peers.encode(G.name)) {
                try check(G.encode(points).count == size, "encode")
            }
        ]
    }

    static func hashToGroup<G: Group>(_ group: G.Type, _ n: Int) throws -> [BenchmarkCase] {
        guard G.uniformByteCount > 0 else { return [] }
        let bytes = Inputs.bytes(n * G.uniformByteCount, seed: 3)
        return [
            BenchmarkCase(
                name: "hash-to-group", suite: G.name, n: n, item: "point", bytes: bytes.count, peers: Peers.hashToGroup(G.name)
            ) { try check(G.points(uniformBytes: bytes.span).count == n, "hash-to-group") }
        ]
    }

    /// Variable time, with 128-bit and with full scalars; and with inputs that somebody chose to be slow.
    static func multiScalar<G: Group>(_ group: G.Type, _ n: Int) throws -> [BenchmarkCase] {
        let points = try Inputs.decoded(group, n)
        func subject(_ name: String, _ bits: Int, _ scalars: [G.Scalar], _ points: [G.Point]) -> BenchmarkCase {
            BenchmarkCase(
                name: name, suite: G.name, n: n, item: "point", bits: bits, peers: name == "msm" ? Peers.multiScalar(G.name) : []
            ) { _ = G.vartimeMultiScalarMul(scalars, points) }
        }
        let full = Inputs.orderBits(group)
        var cases = [subject("msm", full, Inputs.scalars(group, n, seed: 1), points)]
        if full > 128 { cases.insert(subject("msm", 128, Inputs.shortScalars(group, n, seed: 1), points), at: 0) }
        return cases
    }

    /// The same with inputs that somebody chose: equal scalars, zero scalars, one point again and again.
    static func chosenInputs<G: Group>(_ group: G.Type, _ n: Int) throws -> [BenchmarkCase] {
        let points = try Inputs.decoded(group, n)
        let (scalars, full) = (Inputs.scalars(group, n, seed: 1), Inputs.orderBits(group))
        let random = BenchmarkPeer(name: "random inputs", items: n) { _ = G.vartimeMultiScalarMul(scalars, points) }
        let equal = [G.Scalar](repeating: scalars.first ?? .one, count: n)
        let zero = [G.Scalar](repeating: .zero, count: n)
        let repeated = [G.Point](repeating: points.first ?? G.generator, count: n)
        let inputs = [("equal-scalars", equal, points), ("zero-scalars", zero, points), ("repeated-points", scalars, repeated)]
        return inputs.map { name, scalars, points in
            BenchmarkCase(name: "msm-" + name, suite: G.name, n: n, item: "point", bits: full, peers: [random]) {
                _ = G.vartimeMultiScalarMul(scalars, points)
            }
        }
    }

    /// Constant time, arbitrary bases; with n = 1 it is one secret multiplication.
    static func multiScalarSecret<G: Group>(_ group: G.Type, _ n: Int) throws -> [BenchmarkCase] {
        let points = try Inputs.decoded(group, n)
        let limbs = Inputs.limbs(group, Inputs.scalars(group, n, seed: 2))
        return [
            BenchmarkCase(
                name: "multi-scalar-secret", suite: G.name, n: n, item: "point", bits: Inputs.orderBits(group),
                peers: Peers.secretMultiplication(G.name)
            ) { _ = G.multiScalarMul(limbs.span, points) }
        ]
    }

    /// Constant time multiples of the generator.
    static func fixedBase<G: Group>(_ group: G.Type, _ n: Int) throws -> [BenchmarkCase] {
        try commitments(group, n, name: "fixed-base", bases: [G.generator], peers: Peers.fixedBase(G.name))
    }

    /// Pedersen commitments `m G + r H`, constant time, not encoded.
    static func commit<G: Group>(_ group: G.Type, _ n: Int) throws -> [BenchmarkCase] {
        let bases = Array(Inputs.points(group, 2))
        return try commitments(group, n, name: "commit", bases: bases, peers: Peers.commit(G.name))
    }

    private static func commitments<G: Group>(
        _ group: G.Type, _ n: Int, name: String, bases: [G.Point], peers: [BenchmarkPeer]
    ) throws -> [BenchmarkCase] {
        let tables = G.fixedBases(bases)
        let limbs = Inputs.limbs(group, Inputs.scalars(group, n * bases.count, seed: 4))
        return [
            BenchmarkCase(name: name, suite: G.name, n: n, item: "point", bits: Inputs.orderBits(group), peers: peers) {
                try check(G.multiScalarMul(rows: n, limbs.span, tables).count == n, name)
            }
        ]
    }
}
