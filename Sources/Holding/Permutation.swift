// SPDX-License-Identifier: Apache-2.0
internal import Secrets

/// A uniformly random order of rows, so that positions in a bundle say nothing about the source.
enum Permutation {
    /// `0..<count` in uniformly random order: Fisher-Yates with the system's randomness and rejection sampling.
    static func random(count: Int) -> [Int] {
        var order = Array(0..<count)
        var coins = Coins()
        var last = count - 1
        while last > 0 {
            order.swapAt(last, coins.below(last + 1))
            last -= 1
        }
        return order
    }

    /// Uniform integers drawn from the system's randomness in blocks.
    private struct Coins {
        private var block: [UInt8] = []
        private var position = 0

        /// A uniform integer in `0..<limit`, `limit >= 1`: draws at or above the largest multiple of `limit` are thrown away.
        mutating func below(_ limit: Int) -> Int {
            let limit = UInt64(limit)
            let excess = (UInt64.max % limit + 1) % limit
            while true {
                let draw = next()
                if draw <= UInt64.max - excess { return Int(draw % limit) }
            }
        }

        private mutating func next() -> UInt64 {
            if position == block.count {
                block = SystemRandom.bytes(8_192)
                position = 0
            }
            defer { position += 8 }
            return (0..<8).reduce(UInt64(0)) { $0 << 8 | UInt64(block[position + $1]) }
        }
    }
}
