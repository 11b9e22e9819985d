// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
internal import Groups
internal import Secrets

/// Turns stored scalars, 32 little-endian bytes each, into reduced limbs, one after the other in one wiped cell.
///
/// Timing: constant in the bytes.
struct ScalarReader: ~Copyable {
    private var wide = SecretBytes(count: Suite.Scalar.wideByteCount)
    private var limbs = SecretLimbs(count: Suite.scalarLimbCount)

    /// Calls `body` with the scalar of `bytes`, 32 of them. A value of the group's order or more is reduced, as the commitment treats it.
    mutating func withScalar<R>(_ bytes: Span<UInt8>, _ body: (Span<UInt64>) throws -> R) rethrows -> R {
        wide.withMutableSpan { out in
            for index in 0..<32 { out[index] = bytes[index] }
        }
        wide.withSpan { source in limbs.withMutableSpan { Suite.reduce(wide: source, into: &$0) } }
        return try limbs.withSpan { try body($0) }
    }
}
