// SPDX-License-Identifier: Apache-2.0
internal import Arithmetic
internal import CKernels
internal import Cores

// Multi-scalar multiplication that is constant time in the scalars: Straus' method with signed radix-16 digits and masked scans.

extension WeierstrassCurve {
    /// Multiples of a point in a table of signed radix-16 digits.
    private static let tableEntries = 8
    /// Points of a chunk: their tables of about 1 KB each stay in the second-level cache.
    private static let strausChunk = 128

    /// `out = sum scalars[i] * points[i]`, constant time in the scalars, spread over the cores.
    ///
    /// - Parameters:
    ///   - scalars: four limbs per point.
    ///   - points: `count` points.
    func multiScalarMul(_ out: MutableLimbs, _ scalars: Limbs, _ points: Limbs, count: Int) {
        let chunks = (count + Self.strausChunk - 1) / Self.strausChunk
        let parts = max(chunks, min(Parallel.coreCount, count / 2), 1)
        let partial = MutableLimbs.allocate(capacity: parts * pointLimbCount)
        defer {
            zk_wipe(partial, parts * pointLimbCount * 8)
            partial.deallocate()
        }
        Parallel.each(parts, parallel: true) { part in
            let range = count * part / parts..<count * (part + 1) / parts
            withWorkspace { w in straus(partial + part * pointLimbCount, scalars, points, range, w) }
        }
        withWorkspace { w in
            setIdentity(out)
            for part in 0..<parts { add(out, out, partial + part * pointLimbCount, w) }
        }
    }

    /// `out = sum scalars[i] * points[i]` over `range`.
    private func straus(_ out: MutableLimbs, _ scalars: Limbs, _ points: Limbs, _ range: Range<Int>, _ w: Workspace) {
        let digits = SignedWindows(width: 4, bits: order.bitWidth)
        let (size, entries) = (pointLimbCount, Self.tableEntries)
        let tables = MutableLimbs.allocate(capacity: range.count * entries * size)
        let biased = MutableLimbs.allocate(capacity: range.count * SignedWindows.limbCount)
        defer {
            zk_wipe(biased, range.count * SignedWindows.limbCount * 8)
            biased.deallocate()
            tables.deallocate()
        }
        for (i, source) in range.enumerated() {
            digits.setBiased(biased + i * SignedWindows.limbCount, scalars + 4 * source)
            fillMultiples(tables + i * entries * size, points + source * size, count: entries, w)
        }
        setIdentity(out)
        for index in (0..<digits.count).reversed() {
            if index < digits.count - 1 { double(out, times: digits.width, w) }
            for i in 0..<range.count {
                let digit = SecretDigit(digits.digit(index, of: biased + i * SignedWindows.limbCount))
                lookUp(w.point, tables + i * entries * size, entries: entries, digit, w)
                add(out, out, w.point, w)
            }
        }
    }

    /// Writes `P, 2P, ..., count P`.
    func fillMultiples(_ table: MutableLimbs, _ point: Limbs, count: Int, _ w: Workspace) {
        let size = pointLimbCount
        table.update(from: point, count: size)
        for j in 1..<count {
            if j % 2 == 1 {
                double(table + j * size, table + (j / 2) * size, w)
            } else {
                add(table + j * size, table + (j - 1) * size, point, w)
            }
        }
    }

    /// `out = digit * P` from the table of `P, 2P, ..., entries P`: every entry is read and masked. Constant time in the digit.
    @inline(__always)
    func lookUp(_ out: MutableLimbs, _ table: Limbs, entries: Int, _ digit: SecretDigit, _ w: Workspace) {
        let size = pointLimbCount
        setIdentity(out)
        // The identity is kept for digit 0 only.
        let zero = secretEqualMask(digit.magnitude, 0)
        for i in n..<2 * n { out[i] &= zero }
        for entry in 0..<entries {
            let mask = secretEqualMask(digit.magnitude, UInt64(entry + 1))
            let source = table + entry * size
            for i in 0..<size { out[i] |= mask & source[i] }
        }
        let negated = w.variables
        field.negate(negated, out + n)
        for i in 0..<n { out[n + i] ^= digit.negative & (out[n + i] ^ negated[i]) }
    }
}
