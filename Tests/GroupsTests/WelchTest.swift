// SPDX-License-Identifier: Apache-2.0
import CKernels

/// Whether the time of a function depends on its secret, after Reparaz, Balasch and Verbauwhede, "dude, is my code constant time?" (DATE
/// 2017): a fixed secret and random ones take turns at random, and Welch's t-test compares the two distributions of times.
///
/// An interrupt costs more than any leak, so the slowest measurements are cropped, at several percentiles of all of them.
struct WelchTest {
    /// Secrets of each class that are made ahead: a call copies one of them, so that both classes do the same before the clock starts.
    static let poolCount = 64
    /// Fractions of the measurements that are kept.
    static let crops = [0.1, 0.25, 0.5, 0.75, 0.9, 0.98, 1]
    /// Below this |t| nothing is seen; the paper calls 10 certain.
    static let suspicion = 4.5

    private var times: [UInt64] = []
    private var isFixed: [Bool] = []

    /// Times `count` calls of `body` with a secret of `fixed.count` words.
    init(count: Int, fixed: [UInt64], random: () -> [UInt64], seed: UInt64, _ body: (UnsafeMutablePointer<UInt64>) -> Void) {
        let words = fixed.count
        var pool: [UInt64] = []
        for _ in 0..<Self.poolCount { pool += fixed }
        for _ in 0..<Self.poolCount { pool += random() }
        let secret = UnsafeMutableRawPointer.allocate(byteCount: 8 * words + 64, alignment: 64).assumingMemoryBound(to: UInt64.self)
        defer { secret.deallocate() }
        var choice = TestRandom(seed)
        pool.withUnsafeBufferPointer { pool in
            for call in -32..<count {
                let class0 = choice.next() & 1 == 0
                let place = Int(choice.next() % UInt64(Self.poolCount)) + (class0 ? 0 : Self.poolCount)
                for word in 0..<words { secret[word] = pool[place * words + word] }
                let start = zk_ifma_cycles()
                body(secret)
                let end = zk_ifma_cycles()
                // The first calls warm caches.
                guard call >= 0 else { continue }
                times.append(end &- start)
                isFixed.append(class0)
            }
        }
    }

    /// The t value of largest magnitude over all crops; positive if the fixed secret is slower.
    var t: Double {
        let sorted = times.sorted()
        let values = Self.crops.map { crop in value(limit: sorted[min(sorted.count - 1, Int(crop * Double(sorted.count)))]) }
        return values.max { abs($0) < abs($1) } ?? 0
    }

    /// The t value of the measurements of at most `limit` cycles.
    private func value(limit: UInt64) -> Double {
        var (count, sum, squares) = (SIMD2<Double>(), SIMD2<Double>(), SIMD2<Double>())
        for i in times.indices where times[i] <= limit {
            let (side, time) = (isFixed[i] ? 0 : 1, Double(times[i]))
            count[side] += 1
            sum[side] += time
            squares[side] += time * time
        }
        let mean = sum / count
        let variance = (squares - count * mean * mean) / (count - 1)
        let error = (variance[0] / count[0] + variance[1] / count[1]).squareRoot()
        return error > 0 ? (mean[0] - mean[1]) / error : 0
    }
}
