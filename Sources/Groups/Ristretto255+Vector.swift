// SPDX-License-Identifier: Apache-2.0
internal import CKernels
internal import Cores
internal import Synchronization

// Bulk operations on the vector kernel. A point is handed over as its sixteen limbs: X, Y, Z, T.

enum VectorKernel {
    /// Fewest elements for which a block of 24 is faster than the portable code.
    static let minimum = 2
    /// Fewest elements of a chunk that is worth another core: about 100 microseconds.
    static let chunkMinimum = 480

    /// Whether the vector kernel is in use and worth its while for `count` elements.
    static func handles(_ count: Int) -> Bool { count >= minimum && Kernel.current == .ifma }

    /// The limbs of points.
    static func words(_ points: UnsafePointer<Ristretto255.Point>) -> UnsafePointer<UInt64> {
        UnsafeRawPointer(points).assumingMemoryBound(to: UInt64.self)
    }

    /// The twelve limbs of each entry.
    static func words(_ entries: UnsafePointer<AffineNiels>) -> UnsafePointer<UInt64> {
        UnsafeRawPointer(entries).assumingMemoryBound(to: UInt64.self)
    }

    /// The limbs of points that are written.
    static func words(_ points: UnsafeMutablePointer<Ristretto255.Point>) -> UnsafeMutablePointer<UInt64> {
        UnsafeMutableRawPointer(points).assumingMemoryBound(to: UInt64.self)
    }

    /// Decodes `count` encodings with or without advice. `nil` and the lowest refused index if there is one.
    static func decode(
        _ bytes: UnsafePointer<UInt8>, advice: UnsafePointer<UInt8>?, count: Int
    ) -> (points: [Ristretto255.Point], refused: Int?) {
        let refused = Atomic<Int>(count)
        let points: [Ristretto255.Point] = Parallel.array(count, minimum: chunkMinimum, granule: 24) { points, range in
            let start = range.lowerBound
            let out = UnsafeMutableRawPointer(points + start).assumingMemoryBound(to: UInt64.self)
            let good = zk_ifma_decode(bytes + 32 * start, advice.map { $0 + 32 * start }, range.count, out, nil)
            if good < range.count {
                refused.min(start + good, ordering: .relaxed)
                // The elements after a refused one are never seen.
                (points + start + good).initialize(repeating: Ristretto255.identity, count: range.count - good)
            }
        }
        let lowest = refused.load(ordering: .relaxed)
        return (points, lowest < count ? lowest : nil)
    }

    /// The inverse square roots that decoding `count` encodings computes; zeros for refused ones.
    static func roots(_ bytes: UnsafePointer<UInt8>, count: Int, into roots: UnsafeMutablePointer<UInt8>) {
        Parallel.chunks(count, minimum: chunkMinimum, granule: 24) { range in
            let scratch = UnsafeMutablePointer<UInt64>.allocate(capacity: 16 * range.count)
            defer { scratch.deallocate() }
            var start = range.lowerBound
            while start < range.upperBound {
                let left = range.upperBound - start
                start += zk_ifma_decode(bytes + 32 * start, nil, left, scratch, roots + 32 * start)
                if start < range.upperBound {
                    (roots + 32 * start).update(repeating: 0, count: 32)
                    start += 1
                }
            }
        }
    }

    static func encode(_ points: UnsafePointer<Ristretto255.Point>, count: Int, into bytes: UnsafeMutablePointer<UInt8>) {
        Parallel.chunks(count, minimum: chunkMinimum, granule: 24) { range in
            zk_ifma_encode(words(points + range.lowerBound), range.count, bytes + 32 * range.lowerBound)
        }
    }

    static func map(_ bytes: UnsafePointer<UInt8>, count: Int) -> [Ristretto255.Point] {
        Parallel.array(count, minimum: chunkMinimum / 2, granule: 24) { points, range in
            let out = UnsafeMutableRawPointer(points + range.lowerBound).assumingMemoryBound(to: UInt64.self)
            zk_ifma_map(bytes + 64 * range.lowerBound, range.count, out)
        }
    }
}
