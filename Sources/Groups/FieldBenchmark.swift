// SPDX-License-Identifier: Apache-2.0

/// Loops over the field 2^255-19 for the microbenchmarks: field elements are not public, and a call for each would be measured instead.
@_spi(Benchmarks) public enum FieldBenchmark {
    /// `count` multiplications, each of the result of the last: the latency.
    @inline(never) @discardableResult public static func chainedMultiplications(_ count: Int) -> UInt64 {
        let factor = Field25519.d
        var x = factor
        for _ in 0..<count { x = x * factor }
        return digest(x)
    }

    /// `count` multiplications in four independent chains: the throughput.
    @inline(never) @discardableResult public static func independentMultiplications(_ count: Int) -> UInt64 {
        let factor = Field25519.d
        var (a, b, c, d) = (factor, Field25519.sqrtM1, Field25519.oneMinusDSquared, Field25519.invSqrtAMinusD)
        for _ in 0..<count / 4 { (a, b, c, d) = (a * factor, b * factor, c * factor, d * factor) }
        return digest(a + b + c + d)
    }

    /// `count` squarings, each of the result of the last.
    @inline(never) @discardableResult public static func chainedSquarings(_ count: Int) -> UInt64 {
        var x = Field25519.d
        for _ in 0..<count { x = x.squared() }
        return digest(x)
    }

    /// Something of a result, for the caller: a loop whose result nobody gets is removed.
    private static func digest(_ x: Field25519) -> UInt64 { x.l0 ^ x.l1 ^ x.l2 ^ x.l3 }
}
