// SPDX-License-Identifier: Apache-2.0
internal import Groups

extension SecretScalars {
    /// `count` uniform scalars from the operating system alone: blindings that are stored, not nonces of a proof.
    ///
    /// Each is `G.Scalar.wideByteCount` random bytes reduced, within 2^-128 of uniform.
    public static func random(count: Int) -> SecretScalars<G> {
        let width = G.Scalar.wideByteCount
        let bytes = SecretBytes.random(count: count * width)
        return bytes.withSpan { SecretScalars(reducingWide: $0) }
    }

    /// Reduces `bytes.count / G.Scalar.wideByteCount` wide little-endian integers modulo the order.
    ///
    /// - Precondition: `bytes.count` is a multiple of `G.Scalar.wideByteCount`.
    package init(reducingWide bytes: Span<UInt8>) {
        let width = G.Scalar.wideByteCount
        let n = G.scalarLimbCount
        precondition(bytes.count % width == 0, "whole wide integers")
        var all = SecretLimbs(count: bytes.count / width * n)
        var one = SecretLimbs(count: n)
        for i in 0..<bytes.count / width {
            one.withMutableSpan { G.reduce(wide: bytes.extracting(i * width..<(i + 1) * width), into: &$0) }
            one.withSpan { source in all.withMutableSpan { for j in 0..<n { $0[i * n + j] = source[j] } } }
        }
        self.init(reducedLimbs: all)
    }
}
