// SPDX-License-Identifier: Apache-2.0
internal import CKernels
internal import Cores

// The polynomial of a one-out-of-many proof. After the first level every point tells which one the bits choose: all of them are wiped.

extension Ristretto255 {
    public static func selectionPolynomial(_ points: [Point], bits: Span<UInt64>, masks: Span<UInt64>, base n: Int) -> [Point] {
        let digits = bits.count / n
        precondition(n >= 2 && bits.count == n * digits && masks.count == 4 * (n - 1) * digits && !points.isEmpty, "whole digits")
        let last = points[points.count - 1]
        var level = SelectionLevel(count: points.count, degree: 0, base: n)
        var rows = PointRows(level)
        rows.fill(0, last: last) { points[$0] }
        bits.withUnsafeBufferPointer { bits in
            masks.withUnsafeBufferPointer { masks in
                guard let bits = bits.baseAddress, let masks = masks.baseAddress else { return }
                for j in 0..<digits {
                    let after = level.next(base: n)
                    let next = PointRows(after)
                    withExtendedLifetime((rows, next)) {
                        for k in 0..<after.degree {
                            sumMasked(rows.row(k), terms: n, masks + 4 * (n - 1) * j, count: after.count, into: next.row(k))
                        }
                        for k in 1...after.degree {
                            addChosen(rows.row(k - 1), terms: n, bits + n * j, count: after.count, to: next.row(k))
                        }
                        for k in 0...after.degree { next.pad(k, with: k == after.degree ? last : identity) }
                    }
                    (rows, level) = (next, after)
                }
            }
        }
        return withExtendedLifetime(rows) { (0...level.degree).map { rows.row($0)[0] } }
    }

    /// `sums[s] = sum_(i > 0) scalars[i - 1] (points[terms s + i] - points[terms s])`.
    private static func sumMasked(
        _ points: UnsafePointer<Point>, terms: Int, _ scalars: UnsafePointer<UInt64>, count: Int, into sums: UnsafeMutablePointer<Point>
    ) {
        let isVector = Kernel.current == .ifma
        // Sums of eight lanes stay together; about 4 microseconds each, 80 in portable code.
        Parallel.chunks((count + 7) / 8, minimum: isVector ? 4 : 1) { blocks in
            let (start, end) = (8 * blocks.lowerBound, min(count, 8 * blocks.upperBound))
            if isVector {
                let workspace = UnsafeMutableRawPointer.allocate(byteCount: zk_ifma_fold_bytes(terms), alignment: 64)
                defer { workspace.deallocate() }
                zk_ifma_fold(
                    VectorKernel.words(points + terms * start), terms, end - start, scalars, workspace, VectorKernel.words(sums + start))
                return
            }
            let differences = UnsafeMutablePointer<Point>.allocate(capacity: terms - 1)
            defer {
                zk_wipe(differences, (terms - 1) * MemoryLayout<Point>.stride)
                differences.deallocate()
            }
            for s in start..<end {
                let first = points[terms * s].edwards.negated().projectiveNiels
                for i in 1..<terms { (differences + i - 1).initialize(to: Point(points[terms * s + i].edwards + first)) }
                sums[s] = Point(straus(scalars, differences, count: terms - 1))
            }
        }
    }

    /// `sums[s] += points[terms s + i]` for the `i` whose bit is 1.
    private static func addChosen(
        _ points: UnsafePointer<Point>, terms: Int, _ bits: UnsafePointer<UInt64>, count: Int, to sums: UnsafeMutablePointer<Point>
    ) {
        typealias Vector = SIMD4<UInt64>
        for s in 0..<count {
            let words = UnsafeRawPointer(points + terms * s)
            var chosen = (Vector.zero, Vector.zero, Vector.zero, Vector.zero)
            for i in 0..<terms {
                let mask = Vector(repeating: zk_barrier(0 &- bits[i]))
                let point = words + i * MemoryLayout<Point>.stride
                chosen.0 |= mask & point.loadUnaligned(as: Vector.self)
                chosen.1 |= mask & point.loadUnaligned(fromByteOffset: 32, as: Vector.self)
                chosen.2 |= mask & point.loadUnaligned(fromByteOffset: 64, as: Vector.self)
                chosen.3 |= mask & point.loadUnaligned(fromByteOffset: 96, as: Vector.self)
            }
            let point = EdwardsPoint(
                x: Field25519(limbs: chosen.0), y: Field25519(limbs: chosen.1), z: Field25519(limbs: chosen.2),
                t: Field25519(limbs: chosen.3))
            sums[s] = Point(sums[s].edwards + point)
        }
    }

    /// Coefficients of the polynomials of a level, wiped at the end of life.
    private final class PointRows {
        private let level: SelectionLevel
        private let base: UnsafeMutablePointer<Point>
        private var count: Int { (level.degree + 1) * level.width }

        /// Identities.
        init(_ level: SelectionLevel) {
            self.level = level
            base = .allocate(capacity: (level.degree + 1) * level.width)
            base.initialize(repeating: identity, count: (level.degree + 1) * level.width)
        }

        deinit {
            zk_wipe(base, count * MemoryLayout<Point>.stride)
            base.deallocate()
        }

        /// Coefficient `k` of each polynomial.
        func row(_ k: Int) -> UnsafeMutablePointer<Point> { base + k * level.width }

        /// Writes a row and what fills it up.
        func fill(_ k: Int, last: Point, _ point: (Int) -> Point) {
            for i in 0..<level.count { row(k)[i] = point(i) }
            pad(k, with: last)
        }

        /// Writes what fills a row up to whole groups.
        func pad(_ k: Int, with point: Point) {
            for i in level.count..<level.width { row(k)[i] = point }
        }
    }
}

extension Field25519 {
    /// The limbs in the lanes of a vector.
    @inline(__always)
    fileprivate init(limbs: SIMD4<UInt64>) { self.init(limbs[0], limbs[1], limbs[2], limbs[3]) }
}
