// SPDX-License-Identifier: Apache-2.0
internal import CKernels
internal import Cores

// Secret scalars on the vector kernel: whole tables are scanned under masks, in every lane.

extension VectorKernel {
    /// Fewest terms for which eight lanes are faster than the portable code: even a single one is (19 against 25 microseconds).
    static let strausMinimum = 1
    /// Points of a chunk: its tables of 1.25 KB each stay in the second-level cache, and its doublings cost little per point.
    private static let strausChunk = 256

    /// `sum scalars[i] * points[i]` for `count >= 1` scalars of four limbs, below `2^bits`. Constant time in the scalars.
    static func straus(
        _ limbs: UnsafePointer<UInt64>, _ points: UnsafePointer<Ristretto255.Point>, count: Int, bits: Int
    ) -> EdwardsPoint {
        let chunks = (count + strausChunk - 1) / strausChunk
        // Balanced over the cores when there are few chunks.
        let parts = chunks < 4 * Parallel.coreCount && count >= 64 ? max(chunks, min(Parallel.coreCount, count / 32)) : chunks
        let partial = UnsafeMutablePointer<EdwardsPoint>.allocate(capacity: 8 * parts)
        defer {
            zk_wipe(partial, 8 * parts * MemoryLayout<EdwardsPoint>.stride)
            partial.deallocate()
        }
        Parallel.each(parts, parallel: true) { part in
            let (start, end) = (count * part / parts, count * (part + 1) / parts)
            let workspace = UnsafeMutableRawPointer.allocate(byteCount: zk_ifma_straus_bytes(end - start), alignment: 64)
            defer { workspace.deallocate() }
            let sums = UnsafeMutableRawPointer(partial + 8 * part).assumingMemoryBound(to: UInt64.self)
            zk_ifma_straus(words(points + start), limbs + 4 * start, end - start, UInt32(bits), workspace, sums)
        }
        var sum = partial[0]
        for i in 1..<8 * parts { sum = sum + partial[i] }
        return sum
    }

    /// `rows` sums over fixed bases with tables for the vector kernel. Constant time in the scalars.
    static func sums(rows: Int, _ scalars: Span<UInt64>, _ bases: Ristretto255.FixedBases) -> [Ristretto255.Point] {
        scalars.withUnsafeBufferPointer { limbs in
            bases.rows.withUnsafeBufferPointer { table in
                // About a microsecond for each row and base.
                Parallel.array(rows, minimum: max(16, 128 / bases.count), granule: 32) { points, range in
                    guard let limbs = limbs.baseAddress, let table = table.baseAddress else { return }
                    let bytes = zk_ifma_comb_bytes(bases.count)
                    let workspace = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
                    defer { workspace.deallocate() }
                    var comb = zk_ifma_comb(table: table, bases: bases.count, spacing: bases.spacing, positions: bases.positions)
                    let out = UnsafeMutableRawPointer(points + range.lowerBound).assumingMemoryBound(to: UInt64.self)
                    zk_ifma_comb_sums(&comb, limbs + 4 * bases.count * range.lowerBound, range.count, workspace, out)
                }
            }
        }
    }
}

extension AffineNiels {
    /// The row form of Kernels25519.h: fifteen limbs of radix 2^51 and a zero.
    var rowForm: [UInt64] { yPlusX.limbs51 + yMinusX.limbs51 + xy2d.limbs51 + [0] }
}

extension Field25519 {
    /// Five limbs of radix 2^51.
    fileprivate var limbs51: [UInt64] {
        let (a, mask) = (tightened(), (1 as UInt64) << 51 - 1)
        return [
            a.l0 & mask, (a.l0 >> 51 | a.l1 << 13) & mask, (a.l1 >> 38 | a.l2 << 26) & mask, (a.l2 >> 25 | a.l3 << 39) & mask, a.l3 >> 12,
        ]
    }
}
