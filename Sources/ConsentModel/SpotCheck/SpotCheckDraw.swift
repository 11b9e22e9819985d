// SPDX-License-Identifier: Apache-2.0
public import MerkleLog
internal import Primitives

/// Which rows of a registered dataset a spot check opens, from a value that nobody could choose after the dataset (docs/protocol.md section 13).
///
/// Every set of ``count`` rows is equally likely if the hash is a random oracle. Timing: variable; everything is public.
public struct SpotCheckDraw: Hashable, Sendable {
    /// Where the value comes from; part of what is hashed.
    public enum Source: String, Sendable, CaseIterable {
        /// A public source of randomness, looked up by whoever draws.
        case beacon
        /// The auditor's own choice, at random.
        case nonce
    }

    /// The largest number of rows.
    public static let countLimit = 65_536
    /// Lengths of a value in bytes.
    public static let valueByteCounts: ClosedRange<Int> = 1...1_024
    /// The shortest nonce in bytes: a shorter one can be guessed when the dataset is made.
    public static let nonceByteCount = 16

    /// Where ``value`` comes from.
    public let source: Source
    /// The text, hashed as it is.
    public let value: String
    /// The root in the dataset's manifest.
    public let root: NodeHash
    /// N.
    public let dataPoints: UInt64
    /// k, the number of rows that are drawn: 1 to the smaller of N and ``countLimit``.
    public let count: Int

    /// The drawing of `count` rows of a dataset.
    ///
    /// - Throws: `spot-check-value`, `spot-check-count`.
    public init(source: Source, value: String, manifest: Manifest, count: Int) throws(ModelError) {
        guard Self.valueByteCounts.contains(value.utf8.count), source == .beacon || value.utf8.count >= Self.nonceByteCount else {
            throw ModelError(
                "spot-check-value", "a beacon has 1 to 1024 bytes and a nonce \(Self.nonceByteCount) to 1024",
                hint: "draw a nonce at random, for example 32 hex digits")
        }
        guard count >= 1, count <= Self.countLimit, UInt64(count) <= manifest.dataPointCount else {
            throw ModelError(
                "spot-check-count",
                "of \(manifest.dataPointCount) rows, 1 to \(min(manifest.dataPointCount, UInt64(Self.countLimit))) can be drawn, not \(count)"
            )
        }
        self.source = source
        self.value = value
        root = manifest.root
        dataPoints = manifest.dataPointCount
        self.count = count
    }

    /// `SHA-256(LP("zkconsent/v1/spot-check") LP(source) LP(value) root LE64(N) LE64(k))`: 32 bytes.
    public var seed: [UInt8] {
        var message = lengthPrefixed("zkconsent/v1/spot-check") + lengthPrefixed(source.rawValue)
        message += lengthPrefixed(value)
        message += root.bytes
        message.appendLE64(dataPoints)
        message.appendLE64(UInt64(count))
        return SHA256.hash(message)
    }

    /// The rows, ascending, from 0.
    public var rows: [UInt64] {
        var words = Words(seed: seed)
        var drawn = Set<UInt64>()
        // N floor(2^64 / N) - 1: words up to it are uniform modulo N.
        let largest = UInt64.max - (UInt64.max % dataPoints + 1) % dataPoints
        while drawn.count < count {
            let word = words.next()
            if word <= largest { drawn.insert(word % dataPoints) }
        }
        return drawn.sorted()
    }

    /// Eight bytes at a time of `SHA-256(LP("zkconsent/v1/spot-check/rows") seed LE64(b))`, b = 0, 1, 2, ...
    private struct Words {
        private let prefix: [UInt8]
        private var block: UInt64 = 0
        private var rest: ArraySlice<UInt8> = []

        init(seed: [UInt8]) {
            prefix = lengthPrefixed("zkconsent/v1/spot-check/rows") + seed
        }

        mutating func next() -> UInt64 {
            if rest.isEmpty {
                var message = prefix
                message.appendLE64(block)
                rest = SHA256.hash(message)[...]
                block += 1
            }
            let word = rest.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            rest = rest.dropFirst(8)
            return word
        }
    }
}
