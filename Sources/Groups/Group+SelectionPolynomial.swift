// SPDX-License-Identifier: Apache-2.0
internal import CKernels

// The polynomial of a one-out-of-many proof, level by level: level j multiplies groups of n polynomials with the n linear factors of digit j and
// adds them up. The first level costs n - 1 multiplications for n points, the next one 2/n of that, then 3/n^2: for n = 4 together 4/3 for each
// point instead of one for each point and coefficient.

/// The polynomials of one level and what comes after them: the n-th part of the places, the degree one higher.
struct SelectionLevel {
    /// Polynomials that depend on more than the last point, or hold it: those after them are `X^degree` times the last point.
    let count: Int
    /// The degree of all of them.
    let degree: Int
    /// `count` rounded up to whole groups: rows of coefficients have this length.
    let width: Int

    init(count: Int, degree: Int, base: Int) {
        self.count = count
        self.degree = degree
        width = (count + base - 1) / base * base
    }

    /// The polynomials that groups of these give.
    func next(base: Int) -> SelectionLevel { SelectionLevel(count: width / base, degree: degree + 1, base: base) }
}

extension Group {
    /// With sums of `2n - 1` terms, bits as scalars. Elements of the levels, which tell which point the bits choose, stay in memory that is freed.
    public static func selectionPolynomial(_ points: [Point], bits: Span<UInt64>, masks: Span<UInt64>, base n: Int) -> [Point] {
        let (digits, size) = (bits.count / n, scalarLimbCount)
        precondition(n >= 2 && bits.count == n * digits && masks.count == (n - 1) * digits * size && !points.isEmpty, "whole digits")
        var level = SelectionLevel(count: points.count, degree: 0, base: n)
        let last = points[points.count - 1]
        var rows = [padded(points, level, with: last)]
        let limbs = UnsafeMutableBufferPointer<UInt64>.allocate(capacity: (2 * n - 1) * size)
        defer {
            zk_wipe(limbs.baseAddress, limbs.count * MemoryLayout<UInt64>.stride)
            limbs.deallocate()
        }
        for j in 0..<digits {
            for i in 0..<(n - 1) * size { limbs[i] = masks[(n - 1) * size * j + i] }
            for i in 0..<n {
                for limb in 0..<size { limbs[(n - 1 + i) * size + limb] = limb == 0 ? bits[n * j + i] : 0 }
            }
            let after = level.next(base: n)
            rows = (0...after.degree).map { k in
                let sums = (0..<after.count).map { group in
                    let places = n * group..<n * (group + 1)
                    // No coefficient above the degree, none below the constant.
                    let own = k < after.degree ? places.dropFirst().map { add(rows[k][$0], negate(rows[k][places.lowerBound])) } : []
                    let shifted = k > 0 ? places.map { rows[k - 1][$0] } : []
                    let first = own.isEmpty ? (n - 1) * size : 0
                    return multiScalarMul(limbs.span.extracting(first..<first + (own.count + shifted.count) * size), own + shifted)
                }
                return padded(sums, after, with: k == after.degree ? last : identity)
            }
            level = after
        }
        return rows.map { $0[0] }
    }

    /// Filled up to whole groups.
    private static func padded(_ row: [Point], _ level: SelectionLevel, with point: Point) -> [Point] {
        row + [Point](repeating: point, count: level.width - row.count)
    }
}
