// SPDX-License-Identifier: Apache-2.0
internal import CKernels
internal import Cores

// Sums over fixed, public bases, constant time in the scalars: comb tables of radix 32, read with masked scans.

extension Ristretto255 {
    /// Multiples `1, ..., 16` of `32^(spacing j) * base` for every base and every `j` of the comb.
    ///
    /// Digit `spacing j + r` of a scalar is served by position `j`; the digits of equal `r` are added between the same doublings, so
    /// `spacing - 1` times five doublings per row pay for tables that are smaller by the factor `spacing`.
    public struct FixedBases: Sendable {
        /// The number of bases.
        public let count: Int
        /// Digits between two positions of the comb.
        let spacing: Int
        /// Positions per base.
        let positions: Int
        /// `16 * positions * count` entries: bases, positions, multiples. Empty if the vector kernel has them.
        let table: [AffineNiels]
        /// The same entries as row forms of 16 words (Kernels25519.h), for the vector kernel. Empty otherwise.
        let rows: [UInt64]
    }

    /// Digits of fixed-base scalars: 51 of radix 32.
    private static let combDigits = SignedDigits(width: 5, bits: 253)
    /// Bytes that the tables should not exceed by much: 78 KB per base without spacing.
    private static let combBytes = 6 << 20
    /// Rows that are computed together: each base's table is read once per block of rows.
    private static let rowBlock = 32

    /// Tables of `bases`, made for the kernel in use, with a spacing that keeps them near 6 MiB.
    public static func fixedBases(_ bases: [Point]) -> FixedBases {
        let digitCount = combDigits.count
        let full = bases.count * digitCount * 16 * MemoryLayout<AffineNiels>.stride
        let spacing = min(digitCount, max(1, (full + combBytes - 1) / combBytes))
        let positions = (digitCount + spacing - 1) / spacing
        let table: [AffineNiels] = Parallel.array(bases.count * positions * 16, minimum: .max) { table, _ in
            Parallel.chunks(bases.count, minimum: 2) { range in
                for b in range { comb(bases[b].edwards, spacing: spacing, positions: positions, into: table + b * positions * 16) }
            }
        }
        let isVector = Kernel.current == .ifma
        return FixedBases(
            count: bases.count, spacing: spacing, positions: positions, table: isVector ? [] : table,
            rows: isVector ? table.flatMap(\.rowForm) : [])
    }

    /// Fills the `16 * positions` entries of one base.
    private static func comb(_ base: EdwardsPoint, spacing: Int, positions: Int, into table: UnsafeMutablePointer<AffineNiels>) {
        let count = 16 * positions
        withUnsafeTemporaryAllocation(of: Field25519.self, capacity: 2 * count) { scratch in
            withUnsafeTemporaryAllocation(of: EdwardsPoint.self, capacity: count) { multiples in
                guard let inverses = scratch.baseAddress else { return }
                var power = base
                for j in 0..<positions {
                    if j > 0 { power = power.doubled(times: 5 * spacing) }
                    let single = power.projectiveNiels
                    var multiple = power
                    for k in 0..<16 {
                        if k > 0 { multiple = multiple + single }
                        multiples.initializeElement(at: 16 * j + k, to: multiple)
                        (inverses + 16 * j + k).initialize(to: multiple.z)
                    }
                }
                Field25519.invert(inverses, count: count, scratch: inverses + count)
                for i in 0..<count { (table + i).initialize(to: multiples[i].affineNiels(inverseZ: inverses[i])) }
            }
        }
    }

    /// `rows` sums over the bases, on all cores; constant time in the scalars.
    public static func multiScalarMul(rows: Int, _ scalars: Span<UInt64>, _ bases: FixedBases) -> [Point] {
        precondition(scalars.count == 4 * rows * bases.count, "four limbs per row and base")
        if !bases.rows.isEmpty { return VectorKernel.sums(rows: rows, scalars, bases) }
        return scalars.withUnsafeBufferPointer { limbs in
            // About 4 microseconds for each row and base.
            let minimum = max(1, 32 / max(1, bases.count))
            return Parallel.array(rows, minimum: minimum, granule: rowBlock) { points, range in
                for start in stride(from: range.lowerBound, to: range.upperBound, by: rowBlock) {
                    sumRows(start..<min(start + rowBlock, range.upperBound), limbs, bases, into: points)
                }
            }
        }
    }

    /// Computes the sums of at most ``rowBlock`` rows.
    private static func sumRows(
        _ rows: Range<Int>, _ limbs: UnsafeBufferPointer<UInt64>, _ bases: FixedBases, into points: UnsafeMutablePointer<Point>
    ) {
        let digits = combDigits
        let count = rows.count
        let biased = UnsafeMutablePointer<ScalarLimbs>.allocate(capacity: count * bases.count)
        let sums = UnsafeMutablePointer<EdwardsPoint>.allocate(capacity: count)
        defer {
            zk_wipe(biased, count * bases.count * MemoryLayout<ScalarLimbs>.stride)
            zk_wipe(sums, count * MemoryLayout<EdwardsPoint>.stride)
            biased.deallocate()
            sums.deallocate()
        }
        sums.initialize(repeating: .identity, count: count)
        for row in 0..<count {
            for b in 0..<bases.count {
                let at = 4 * ((rows.lowerBound + row) * bases.count + b)
                let scalar = ScalarLimbs(limbs[at], limbs[at + 1], limbs[at + 2], limbs[at + 3])
                (biased + b * count + row).initialize(to: digits.biased(scalar))
            }
        }
        bases.table.withUnsafeBufferPointer { table in
            guard let table = table.baseAddress else { return }
            for offset in (0..<bases.spacing).reversed() {
                if offset < bases.spacing - 1 {
                    for row in 0..<count { sums[row] = sums[row].doubled(times: 5) }
                }
                for b in 0..<bases.count {
                    for (position, index) in stride(from: offset, to: digits.count, by: bases.spacing).enumerated() {
                        let entries = table + (b * bases.positions + position) * 16
                        for row in 0..<count {
                            let digit = SecretDigit(digits.digit(index, of: biased + b * count + row))
                            sums[row] = sums[row] + AffineNiels.lookUp(entries, entries: 16, digit)
                        }
                    }
                }
            }
        }
        for row in 0..<count { (points + rows.lowerBound + row).initialize(to: Point(sums[row])) }
    }
}
