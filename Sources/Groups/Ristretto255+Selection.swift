// SPDX-License-Identifier: Apache-2.0
internal import CKernels
internal import Cores

// Sums of public points chosen by secret bits and secret indices: what commits flags and calendars. Whole tables are read and masked.

extension Ristretto255 {
    /// Public points in the form that secret choices are made from.
    public struct SelectionTable: Sendable {
        /// The number of points.
        public var count: Int { entries.count }
        let entries: [AffineNiels]
    }

    /// A table of `points`, in this order.
    public static func selectionTable(_ points: [Point]) -> SelectionTable {
        let count = points.count
        let entries: [AffineNiels] = Parallel.array(count, minimum: .max) { table, _ in
            withUnsafeTemporaryAllocation(of: Field25519.self, capacity: 2 * count) { scratch in
                guard let inverses = scratch.baseAddress else { return }
                for i in 0..<count { (inverses + i).initialize(to: points[i].edwards.z) }
                Field25519.invert(inverses, count: count, scratch: inverses + count)
                for i in 0..<count { (table + i).initialize(to: points[i].edwards.affineNiels(inverseZ: inverses[i])) }
            }
        }
        return SelectionTable(entries: entries)
    }

    /// For each row the sum of the points whose bit is set; constant time in the bits, spread over the cores.
    ///
    /// - Parameters:
    ///   - bits: `rows * wordsPerRow` words; bit `f` of a row is bit `f % 64` of its word `f / 64`, for `f < table.count`.
    public static func subsetSums(rows: Int, bits: Span<UInt64>, wordsPerRow: Int, of table: SelectionTable) -> [Point] {
        precondition(bits.count == rows * wordsPerRow && table.count <= 64 * wordsPerRow, "a bit for each point")
        return bits.withUnsafeBufferPointer { bits in
            table.entries.withUnsafeBufferPointer { entries in
                Parallel.array(rows, minimum: 64, granule: 8) { points, range in
                    if Kernel.current == .ifma, let entries = entries.baseAddress, let bits = bits.baseAddress {
                        zk_ifma_subset_sums(
                            VectorKernel.words(entries), table.count, bits + range.lowerBound * wordsPerRow, wordsPerRow, range.count,
                            VectorKernel.words(points + range.lowerBound))
                        return
                    }
                    for row in range {
                        var sum = EdwardsPoint.identity
                        if let entries = entries.baseAddress {
                            for flag in 0..<table.count {
                                let bit = bits[row * wordsPerRow + flag / 64] >> UInt64(flag % 64) & 1
                                sum = sum + AffineNiels.lookUp(entries + flag, entries: 1, SecretDigit(Int(bit)))
                            }
                        }
                        (points + row).initialize(to: Point(sum))
                    }
                }
            }
        }
    }

    /// For each index its point of the table; constant time in the indices, spread over the cores.
    ///
    /// - Parameter indices: each below `table.count`; checked by the caller, for a check here would branch on it.
    public static func selected(_ indices: Span<UInt32>, from table: SelectionTable) -> [Point] {
        indices.withUnsafeBufferPointer { indices in
            table.entries.withUnsafeBufferPointer { entries in
                Parallel.array(indices.count, minimum: 16, granule: 8) { points, range in
                    guard let entries = entries.baseAddress, let indices = indices.baseAddress else { return }
                    if Kernel.current == .ifma {
                        zk_ifma_selected(
                            VectorKernel.words(entries), table.count, indices + range.lowerBound, range.count,
                            VectorKernel.words(points + range.lowerBound))
                        return
                    }
                    for row in range {
                        let digit = SecretDigit(Int(indices[row]) + 1)
                        let entry = AffineNiels.lookUp(entries, entries: table.count, digit)
                        (points + row).initialize(to: Point(EdwardsPoint.identity + entry))
                    }
                }
            }
        }
    }
}
