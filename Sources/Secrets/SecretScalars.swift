// SPDX-License-Identifier: Apache-2.0
public import Groups

/// Secret integers modulo the order of `G`, little-endian limbs one scalar after the other, wiped at the end of life.
///
/// Invariant: every scalar is reduced (`< q`). Timing: constant in the values; counts and positions are public.
public struct SecretScalars<G: Group>: ~Copyable, Sendable {
    /// The number of scalars.
    public let count: Int
    private var limbs: SecretLimbs

    /// `count` zeros.
    public init(zeros count: Int) {
        self.count = count
        limbs = SecretLimbs(count: count * G.scalarLimbCount)
    }

    /// A copy of scalars that are public already, for example constants of a statement.
    public init(copying publicScalars: [G.Scalar]) {
        self.init(zeros: publicScalars.count)
        for i in publicScalars.indices { set(publicScalars[i], at: i) }
    }

    /// Takes over a cell of reduced scalars: `limbs.count` is a multiple of `G.scalarLimbCount`.
    public init(reducedLimbs limbs: consuming SecretLimbs) {
        precondition(limbs.count % G.scalarLimbCount == 0, "limbs must be whole scalars")
        count = limbs.count / G.scalarLimbCount
        self.limbs = limbs
    }

    /// Integers `values[i]`, each reduced modulo the order. The values pass through as secrets: constant time.
    public init(integers values: Span<UInt64>) {
        let width = G.Scalar.wideByteCount
        var wide = SecretBytes(count: values.count * width)
        wide.withMutableSpan { bytes in
            for i in 0..<values.count {
                for j in 0..<8 { bytes[i * width + j] = UInt8(truncatingIfNeeded: values[i] >> UInt64(8 * j)) }
            }
        }
        self = wide.withSpan { SecretScalars(reducingWide: $0) }
    }

    // MARK: Access

    /// All limbs: `count * G.scalarLimbCount`.
    public borrowing func withSpan<R: ~Copyable, E: Error>(_ body: (Span<UInt64>) throws(E) -> R) throws(E) -> R {
        try limbs.withSpan(body)
    }

    /// All limbs, to be written; every scalar must be reduced afterwards.
    public mutating func withMutableSpan<R: ~Copyable, E: Error>(
        _ body: (inout MutableSpan<UInt64>) throws(E) -> R
    ) throws(E) -> R {
        try limbs.withMutableSpan(body)
    }

    /// The limbs of scalar `i`.
    public borrowing func withScalar<R: ~Copyable, E: Error>(
        _ i: Int, _ body: (Span<UInt64>) throws(E) -> R
    ) throws(E) -> R {
        try limbs.withSpan { (all) throws(E) -> R in
            try body(all.extracting(i * G.scalarLimbCount..<(i + 1) * G.scalarLimbCount))
        }
    }

    /// The limbs as bytes in memory order, to be hashed into a generator's seed.
    public borrowing func withBytes<R: ~Copyable, E: Error>(_ body: (Span<UInt8>) throws(E) -> R) throws(E) -> R {
        try limbs.withBytes(body)
    }

    /// Stores a scalar that is public already.
    public mutating func set(_ scalar: G.Scalar, at i: Int) {
        let source = scalar.limbs
        limbs.withMutableSpan { for j in 0..<G.scalarLimbCount { $0[i * G.scalarLimbCount + j] = source[j] } }
    }

    /// Copies the reduced limbs of one secret scalar.
    public mutating func set(limbs source: Span<UInt64>, at i: Int) {
        precondition(source.count == G.scalarLimbCount, "one scalar")
        limbs.withMutableSpan { for j in 0..<G.scalarLimbCount { $0[i * G.scalarLimbCount + j] = source[j] } }
    }

    /// Copies the reduced limbs of consecutive secret scalars, the first to position `i`.
    package mutating func copy(_ source: Span<UInt64>, at i: Int) {
        precondition(
            source.count % G.scalarLimbCount == 0 && i >= 0 && i * G.scalarLimbCount + source.count <= limbs.count, "whole scalars")
        limbs.withMutableSpan { out in
            out.withUnsafeMutableBufferPointer { out in
                source.withUnsafeBufferPointer { source in
                    guard let to = out.baseAddress, let from = source.baseAddress else { return }
                    (to + i * G.scalarLimbCount).update(from: from, count: source.count)
                }
            }
        }
    }

    /// Scalar `i` as a public value. What becomes public here must be meant to be.
    public borrowing func declassified(at i: Int, as reason: Declassification) -> G.Scalar {
        var scalar = SecretLimbs(count: G.scalarLimbCount)
        withScalar(i) { source in scalar.withMutableSpan { for j in 0..<G.scalarLimbCount { $0[j] = source[j] } } }
        scalar.declassify(as: reason)
        return scalar.withSpan { G.Scalar(limbs: $0) }
    }

    /// All scalars as public values. What becomes public here must be meant to be.
    public borrowing func declassified(as reason: Declassification) -> [G.Scalar] {
        limbs.declassify(as: reason)
        var scalars: [G.Scalar] = []
        scalars.reserveCapacity(count)
        for i in 0..<count { scalars.append(withScalar(i) { G.Scalar(limbs: $0) }) }
        return scalars
    }

    /// Says that the scalars are secret from here on: see ``Declassification``. Done by itself for random scalars.
    package borrowing func classify() {
        limbs.classify()
    }

    /// A second cell with the same scalars.
    public borrowing func copy() -> SecretScalars<G> {
        SecretScalars(reducedLimbs: limbs.copy())
    }
}
