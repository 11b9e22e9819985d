// SPDX-License-Identifier: Apache-2.0
internal import Cores

/// A hash table of the numbers of 32-byte rows: which rows are equal to an earlier one, and where a value stands.
///
/// The table does not hold the rows: whoever asks hands them over again, unchanged.
///
/// Rows are chosen by whoever made a bundle. Their places come from a universal hash with keys that are drawn anew in each process, so nobody can
/// choose rows that collide; rows with equal hashes are compared in full. Rows are first divided by their hash into parts
/// whose tables fit the cache of a core, and the parts are taken up by all cores.
///
/// Timing: variable; rows are public.
package struct RowTable {
    /// The length of a row in bytes.
    package static let rowByteCount = 32
    /// Rows of a part, about.
    private static let partRowCount = 8_192
    /// Fewest rows that are worth another core.
    private static let chunkMinimum = 16_384

    /// The number of different rows.
    package let distinctCount: Int
    /// The rows that are equal to an earlier one, ascending.
    package let repeated: [Int]

    private let hash: RowHash
    /// The number of leading bits of a hash that choose the part.
    private let partBits: Int
    /// Where the slots of each part begin, and the end. The slots of a part are a power of two.
    private let starts: [Int]
    /// Row numbers below bits of their hash; ``empty`` for none.
    private let slots: [UInt64]
    /// No item: its hash bits would not be below 2^31.
    private static let empty = UInt64.max

    /// The table of `rows.count / 32` rows, fewer than 2^32.
    ///
    /// - Precondition: the rows fill `rows` exactly.
    package init(_ rows: Span<UInt8>, hash: RowHash = .ofProcess) {
        let count = rows.count / Self.rowByteCount
        precondition(rows.count == count * Self.rowByteCount && count < 1 << 32, "whole rows")
        self.hash = hash
        let partBits = max(0, Int.bitWidth - (count / Self.partRowCount).leadingZeroBitCount)
        self.partBits = partBits
        let (items, ends) = rows.withUnsafeBytes { Self.divided($0, count: count, partBits: partBits, hash: hash) }
        var starts = [0]
        for part in ends.indices {
            let size = ends[part] - (part == 0 ? 0 : ends[part - 1])
            // Half full at most, so that a search ends.
            starts.append(starts[part] + (1 << (Int.bitWidth - (2 * size).leadingZeroBitCount)))
        }
        self.starts = starts

        nonisolated(unsafe) var equal: [[Int]] = []
        slots = [UInt64](unsafeUninitializedCapacity: starts[ends.count]) { slots, initialized in
            nonisolated(unsafe) let slots = slots
            rows.withUnsafeBytes { rows in
                nonisolated(unsafe) let rows = rows
                equal = Parallel.map(ends.count, minimum: max(1, Self.chunkMinimum / Self.partRowCount)) { parts in
                    var equal: [Int] = []
                    for part in parts {
                        let table = UnsafeMutableBufferPointer(rebasing: slots[starts[part]..<starts[part + 1]])
                        table.initialize(repeating: Self.empty)
                        for item in items[(part == 0 ? 0 : ends[part - 1])..<ends[part]] {
                            let row = Int(truncatingIfNeeded: item & 0xffff_ffff)
                            let slot = Self.slot(of: item >> 32, UnsafeBufferPointer(table)) { Self.areEqual(rows, row, rows, $0) }
                            if table[slot] == Self.empty { table[slot] = item } else { equal.append(row) }
                        }
                    }
                    return equal
                }
            }
            initialized = starts[ends.count]
        }
        repeated = equal.flatMap { $0 }.sorted()
        distinctCount = count - repeated.count
    }

    /// The first row that equals `row`, 32 bytes, among `rows`, those of the table; `nil` if there is none.
    package func first(equalTo row: Span<UInt8>, in rows: Span<UInt8>) -> Int? {
        guard row.count == Self.rowByteCount else { return nil }
        return row.withUnsafeBytes { row in
            rows.withUnsafeBytes { rows in
                let hash = self.hash(row, at: 0)
                let part = Self.part(of: hash, partBits)
                return slots.withUnsafeBufferPointer { slots in
                    let table = UnsafeBufferPointer(rebasing: slots[starts[part]..<starts[part + 1]])
                    let slot = Self.slot(of: Self.tag(of: hash), table) { Self.areEqual(row, 0, rows, $0) }
                    return table[slot] == Self.empty ? nil : Int(truncatingIfNeeded: table[slot] & 0xffff_ffff)
                }
            }
        }
    }

    /// For each of `wanted`, 32 bytes each, the first row that equals it among `rows`, those of the table; -1 if there is none.
    ///
    /// - Precondition: whole rows.
    package func firsts(equalTo wanted: Span<UInt8>, in rows: Span<UInt8>) -> [Int] {
        precondition(wanted.count % Self.rowByteCount == 0, "whole rows")
        let count = wanted.count / Self.rowByteCount
        return wanted.withUnsafeBytes { wanted in
            rows.withUnsafeBytes { rows in
                slots.withUnsafeBufferPointer { slots in
                    (0..<count).map { row in
                        let hash = self.hash(wanted, at: row)
                        let part = Self.part(of: hash, partBits)
                        let table = UnsafeBufferPointer(rebasing: slots[starts[part]..<starts[part + 1]])
                        let slot = Self.slot(of: Self.tag(of: hash), table) { Self.areEqual(wanted, row, rows, $0) }
                        return table[slot] == Self.empty ? -1 : Int(truncatingIfNeeded: table[slot] & 0xffff_ffff)
                    }
                }
            }
        }
    }

    // MARK: Building

    /// Row numbers below bits of their hash, sorted by part and in order within each, and the end of each part.
    private static func divided(
        _ rows: UnsafeRawBufferPointer, count: Int, partBits: Int, hash: RowHash
    ) -> (items: [UInt64], ends: [Int]) {
        let parts = 1 << partBits
        nonisolated(unsafe) let rows = rows
        let counts = Parallel.map(count, minimum: chunkMinimum) { range in
            var counts = [Int](repeating: 0, count: parts)
            for row in range { counts[part(of: hash(rows, at: row), partBits)] += 1 }
            return (range, counts)
        }
        // Where each range of rows puts its first item of each part.
        var places = counts
        var (next, ends) = (0, [Int]())
        for part in 0..<parts {
            for range in counts.indices {
                places[range].1[part] = next
                next += counts[range].1[part]
            }
            ends.append(next)
        }
        let items = [UInt64](unsafeUninitializedCapacity: count) { items, initialized in
            nonisolated(unsafe) let items = items
            Parallel.each(places.count, parallel: true) { number in
                var next = places[number].1
                next.withUnsafeMutableBufferPointer { next in
                    for row in places[number].0 {
                        let hash = hash(rows, at: row)
                        let part = part(of: hash, partBits)
                        items.initializeElement(at: next[part], to: tag(of: hash) << 32 | UInt64(row))
                        next[part] += 1
                    }
                }
            }
            initialized = count
        }
        return (items, ends)
    }

    private static func part(of hash: UInt64, _ bits: Int) -> Int { bits == 0 ? 0 : Int(truncatingIfNeeded: hash >> UInt64(64 - bits)) }

    /// 31 bits of a hash.
    private static func tag(of hash: UInt64) -> UInt64 { hash & 0x7fff_ffff }

    /// The slot of the item with this tag that `isEqual` accepts, or the empty one where it would be.
    @inline(__always)
    private static func slot(of tag: UInt64, _ table: UnsafeBufferPointer<UInt64>, _ isEqual: (Int) -> Bool) -> Int {
        let mask = table.count - 1
        var slot = Int(truncatingIfNeeded: tag) & mask
        while table[slot] != empty {
            if table[slot] >> 32 == tag, isEqual(Int(truncatingIfNeeded: table[slot] & 0xffff_ffff)) { break }
            slot = (slot + 1) & mask
        }
        return slot
    }

    private static func areEqual(_ a: UnsafeRawBufferPointer, _ i: Int, _ b: UnsafeRawBufferPointer, _ j: Int) -> Bool {
        (0..<4).allSatisfy {
            a.loadUnaligned(fromByteOffset: rowByteCount * i + 8 * $0, as: UInt64.self)
                == b.loadUnaligned(fromByteOffset: rowByteCount * j + 8 * $0, as: UInt64.self)
        }
    }
}

/// A hash of 32 bytes to 64 bits: bits 64..<128 of `k_0 + sum k_i w_i` modulo 2^128, over the four words `w`, with 128-bit keys (Dietzfelbinger,
/// "Universal hashing and k-wise independent random variables via integer arithmetic without primes", STACS 1996). Two different rows have equal
/// hashes with probability at most 2^-63 over the keys.
package struct RowHash: Sendable {
    private let k0, k1, k2, k3, k4: UInt128

    /// Keys drawn when the process first needs them.
    package static let ofProcess: RowHash = {
        var generator = SystemRandomNumberGenerator()
        return RowHash(using: &generator)
    }()

    /// Fresh keys.
    package init(using generator: inout some RandomNumberGenerator) {
        func key() -> UInt128 { UInt128.random(in: 0 ... .max, using: &generator) }
        (k0, k1, k2, k3, k4) = (key(), key(), key(), key(), key())
    }

    /// The same hash for every row: for tests of what happens when hashes collide.
    package init(constant: UInt128) {
        (k0, k1, k2, k3, k4) = (constant, 0, 0, 0, 0)
    }

    /// The hash of row `row` of `rows`.
    @inline(__always)
    package func callAsFunction(_ rows: UnsafeRawBufferPointer, at row: Int) -> UInt64 {
        func word(_ index: Int) -> UInt128 { UInt128(rows.loadUnaligned(fromByteOffset: 32 * row + 8 * index, as: UInt64.self)) }
        let sum = k0 &+ k1 &* word(0) &+ k2 &* word(1) &+ k3 &* word(2) &+ k4 &* word(3)
        return UInt64(truncatingIfNeeded: sum >> 64)
    }
}
