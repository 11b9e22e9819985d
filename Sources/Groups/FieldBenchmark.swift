// SPDX-License-Identifier: Apache-2.0

/// Loops over the field 2^255-19 for the microbenchmarks: field elements are not public, and a call for each would be measured instead.
@_spi(Benchmarks) public enum FieldBenchmark {
    /// `count` multiplications, each of the result of the last: the latency.
    public static func chainedMultiplications(_ count: Int) {
        let factor = Field25519.d
        var x = factor
        for _ in 0..<count { x = x * factor }
        keep(x)
    }

    /// `count` multiplications in four independent chains: the throughput.
    public static func independentMultiplications(_ count: Int) {
        let factor = Field25519.d
        var (a, b, c, d) = (factor, Field25519.sqrtM1, Field25519.oneMinusDSquared, Field25519.invSqrtAMinusD)
        for _ in 0..<count / 4 { (a, b, c, d) = (a * factor, b * factor, c * factor, d * factor) }
        keep(a + b + c + d)
    }

    /// `count` squarings, each of the result of the last.
    public static func chainedSquarings(_ count: Int) {
        var x = Field25519.d
        for _ in 0..<count { x = x.squared() }
        keep(x)
    }

    /// Uses a result, so that the loop is not removed.
    @inline(never) private static func keep(_ x: Field25519) {
        withUnsafeBytes(of: x) { if $0.isEmpty { preconditionFailure("a field element has no bytes") } }
    }
}
