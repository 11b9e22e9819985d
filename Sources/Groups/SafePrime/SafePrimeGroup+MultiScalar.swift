// SPDX-License-Identifier: Apache-2.0
internal import Arithmetic
internal import CKernels
internal import Cores

// Sums of multiples, which are products of powers: the loops over elements are in Arithmetic, this file spreads them over the cores.
// `VartimeBuckets` is for curves, whose negatives are free; here the buckets are those of `MontgomeryModulus`.

extension SafePrimeGroup {
    /// Terms of one product: more would save little of the shared squarings, and their tables take up to 64 KiB each.
    private static var chunk: Int { 64 }

    public static func vartimeMultiScalarMul(_ scalars: [Scalar], _ points: [Point]) -> Point {
        precondition(scalars.count == points.count, "one scalar per point")
        let powers = constants.powers
        // Every part has squarings of its own, as many as the longest scalar has bits.
        let parts = max(1, min(Parallel.coreCount, points.count / 8))
        let partial: [Point] = Parallel.array(parts, minimum: 1) { out, range in
            for part in range {
                let terms = points.count * part / parts..<points.count * (part + 1) / parts
                let bases = points[terms].flatMap(\.limbs)
                let exponents = scalars[terms].flatMap(\.limbs)
                (out + part).initialize(to: Point(limbs: powers.vartimePowerProduct(bases.span, exponents.span)))
            }
        }
        return partial.dropFirst().reduce(partial[0], add)
    }

    public static func multiScalarMul(_ scalars: Span<UInt64>, _ points: [Point]) -> Point {
        precondition(scalars.count == points.count * scalarLimbCount, "one scalar per point")
        let (n, m, bits) = (constants.field.limbCount, scalarLimbCount, constants.order.bitWidth)
        let powers = constants.powers
        let count = points.count
        let parts = max((count + chunk - 1) / chunk, min(Parallel.coreCount, count / 8), 1)
        let bases = points.flatMap(\.limbs)
        // Parts of a sum depend on the secret scalars even where the sum is published.
        let partial = UnsafeMutablePointer<UInt64>.allocate(capacity: parts * n)
        partial.initialize(repeating: 0, count: parts * n)
        defer {
            zk_wipe(partial, parts * n * 8)
            partial.deallocate()
        }
        scalars.withUnsafeBufferPointer { scalars in
            Parallel.each(parts, parallel: true) { part in
                let terms = count * part / parts..<count * (part + 1) / parts
                let exponents = UnsafeBufferPointer(rebasing: scalars[terms.lowerBound * m..<terms.upperBound * m])
                var out = UnsafeMutableBufferPointer(start: partial + part * n, count: n).mutableSpan
                powers.powerProduct(
                    bases.span.extracting(terms.lowerBound * n..<terms.upperBound * n), exponents.span, bits: bits, into: &out)
            }
        }
        for part in 1..<max(1, parts) {
            let next = UnsafeBufferPointer(start: partial + part * n, count: n)
            let sum = UnsafeBufferPointer(start: partial, count: n)
            var out = UnsafeMutableBufferPointer(start: partial, count: n).mutableSpan
            constants.field.multiply(sum.span, next.span, into: &out)
        }
        return Point(limbs: Array(UnsafeBufferPointer(start: partial, count: n)))
    }

    // MARK: Fixed bases

    /// Comb tables, 64 elements for each base.
    public struct FixedBases: Sendable {
        let tables: PowerTables
    }

    public static func fixedBases(_ bases: [Point]) -> FixedBases {
        let limbs = bases.flatMap(\.limbs)
        return FixedBases(tables: constants.powers.powerTables(limbs.span, bits: constants.order.bitWidth))
    }

    public static func multiScalarMul(rows: Int, _ scalars: Span<UInt64>, _ bases: FixedBases) -> [Point] {
        let width = bases.tables.count * scalarLimbCount
        precondition(scalars.count == rows * width, "one scalar for each row and base")
        let powers = constants.powers
        return scalars.withUnsafeBufferPointer { scalars in
            Parallel.array(rows, minimum: 1) { out, range in
                for row in range {
                    let exponents = UnsafeBufferPointer(rebasing: scalars[row * width..<(row + 1) * width])
                    (out + row).initialize(
                        to: Point(limbs: residue { powers.powerProduct(bases.tables, exponents.span, into: &$0) }))
                }
            }
        }
    }
}
