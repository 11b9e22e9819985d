// SPDX-License-Identifier: Apache-2.0
internal import Arithmetic
internal import CKernels
internal import Cores

// Sums over fixed, public bases, constant time in the scalars: comb tables of radix 32, read with masked scans.

extension WeierstrassCurve {
    /// Bytes that the tables should not exceed by much: 80 to 120 KB per base without spacing.
    private static let combBytes = 6 << 20
    /// Entries of one position: multiples `1, ..., 16`.
    private static let combEntries = 16
    private var combDigits: SignedWindows { SignedWindows(width: 5, bits: order.bitWidth) }

    /// Digits between two positions of the comb for `count` bases: with spacing `s`, the digits `s j + r` of equal `r` are added between
    /// the same doublings, so that tables are smaller by the factor `s`.
    func combSpacing(count: Int) -> Int {
        let digits = combDigits.count
        let full = count * digits * Self.combEntries * pointLimbCount * 8
        return min(digits, max(1, (full + Self.combBytes - 1) / Self.combBytes))
    }

    /// The table of `count` points: bases, positions, multiples, each a point. Spread over the cores.
    func combTable(_ points: Limbs, count: Int, spacing: Int) -> [UInt64] {
        let positions = (combDigits.count + spacing - 1) / spacing
        let stride = positions * Self.combEntries * pointLimbCount
        return Parallel.array(count * stride, minimum: .max) { table, _ in
            Parallel.chunks(count, minimum: 1) { range in
                withWorkspace { w in
                    for base in range {
                        let entries = table + base * stride
                        w.point.update(from: points + base * pointLimbCount, count: pointLimbCount)
                        for j in 0..<positions {
                            if j > 0 { double(w.point, times: 5 * spacing, w) }
                            fillMultiples(entries + j * Self.combEntries * pointLimbCount, w.point, count: Self.combEntries, w)
                        }
                    }
                }
            }
        }
    }

    /// `rows` sums of `count` bases each, constant time in the scalars, spread over the cores.
    ///
    /// - Parameters:
    ///   - out: room for `rows` points.
    ///   - scalars: row-major, four limbs each.
    func multiScalarMul(rows: Int, _ out: MutableLimbs, _ scalars: Limbs, _ table: Limbs, count: Int, spacing: Int) {
        let digits = combDigits
        Parallel.chunks(rows, minimum: 1) { range in
            let limbs = count * SignedWindows.limbCount
            let biased = MutableLimbs.allocate(capacity: max(1, limbs))
            defer {
                zk_wipe(biased, limbs * 8)
                biased.deallocate()
            }
            withWorkspace { w in
                for row in range {
                    for base in 0..<count {
                        digits.setBiased(biased + base * SignedWindows.limbCount, scalars + 4 * (row * count + base))
                    }
                    sumRow(out + row * pointLimbCount, digits, biased, table, count: count, spacing: spacing, w)
                }
            }
        }
    }

    /// One row from its biased scalars.
    private func sumRow(
        _ out: MutableLimbs, _ digits: SignedWindows, _ biased: Limbs, _ table: Limbs, count: Int, spacing: Int, _ w: Workspace
    ) {
        let position = Self.combEntries * pointLimbCount
        let positions = (digits.count + spacing - 1) / spacing
        setIdentity(out)
        for offset in (0..<spacing).reversed() {
            if offset < spacing - 1 { double(out, times: digits.width, w) }
            for base in 0..<count {
                for (j, index) in stride(from: offset, to: digits.count, by: spacing).enumerated() {
                    let digit = SecretDigit(digits.digit(index, of: biased + base * SignedWindows.limbCount))
                    lookUp(w.point, table + (base * positions + j) * position, entries: Self.combEntries, digit, w)
                    add(out, out, w.point, w)
                }
            }
        }
    }
}
