// SPDX-License-Identifier: Apache-2.0
internal import Cores
internal import Groups

extension SecretScalars {
    /// Fewest scalars that are worth another core.
    private static var chunkMinimum: Int { 1_024 }
    /// Scalars whose random bytes are in memory at a time, for each core.
    private static var blockCount: Int { 512 }

    /// `count` uniform scalars from the operating system alone: blindings that are stored, not nonces of a proof. On all cores.
    ///
    /// Each is `G.Scalar.wideByteCount` random bytes reduced, within 2^-128 of uniform. The bytes are wiped.
    public static func random(count: Int) -> SecretScalars<G> {
        let width = G.Scalar.wideByteCount
        var all = SecretLimbs(count: count * G.scalarLimbCount)
        all.withMutableSpan { out in
            out.withUnsafeMutableBufferPointer { out in
                nonisolated(unsafe) let out = out
                Parallel.chunks(count, minimum: chunkMinimum) { range in
                    for start in stride(from: range.lowerBound, to: range.upperBound, by: blockCount) {
                        let block = start..<min(start + blockCount, range.upperBound)
                        let bytes = SecretBytes.random(count: block.count * width)
                        bytes.withSpan { reduce(wide: $0, into: out, at: start) }
                    }
                }
            }
        }
        return SecretScalars(reducedLimbs: all)
    }

    /// Reduces `bytes.count / G.Scalar.wideByteCount` wide little-endian integers modulo the order.
    ///
    /// - Precondition: `bytes.count` is a multiple of `G.Scalar.wideByteCount`.
    package init(reducingWide bytes: Span<UInt8>) {
        let width = G.Scalar.wideByteCount
        precondition(bytes.count % width == 0, "whole wide integers")
        var all = SecretLimbs(count: bytes.count / width * G.scalarLimbCount)
        all.withMutableSpan { out in
            out.withUnsafeMutableBufferPointer { Self.reduce(wide: bytes, into: $0, at: 0) }
        }
        self.init(reducedLimbs: all)
    }

    /// Reduces whole wide integers to the scalars from position `first` of a cell.
    private static func reduce(wide bytes: Span<UInt8>, into limbs: UnsafeMutableBufferPointer<UInt64>, at first: Int) {
        let (width, n) = (G.Scalar.wideByteCount, G.scalarLimbCount)
        for i in 0..<bytes.count / width {
            var scalar = UnsafeMutableBufferPointer(rebasing: limbs[(first + i) * n..<(first + i + 1) * n]).mutableSpan
            G.reduce(wide: bytes.extracting(i * width..<(i + 1) * width), into: &scalar)
        }
    }
}
