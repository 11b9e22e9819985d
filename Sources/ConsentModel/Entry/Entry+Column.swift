// SPDX-License-Identifier: Apache-2.0
internal import Cores
internal import Groups

// The checks of many entries where they are; `EntryTests` holds them to `Entry(parsing:)`.

extension Entry {
    /// The `C` of some entries of a column, end to end.
    package static func calendars(of column: BytesColumn, _ range: Range<Int>) -> [UInt8] {
        let width = calendarRange.count
        return [UInt8](unsafeUninitializedCapacity: width * range.count) { out, initialized in
            let out = UnsafeMutableRawBufferPointer(out)
            column.withSpan(of: range) { bytes in
                bytes.withUnsafeBytes { bytes in
                    for entry in 0..<range.count {
                        let start = entry * column.rowByteCount + calendarRange.lowerBound
                        UnsafeMutableRawBufferPointer(rebasing: out[width * entry..<width * (entry + 1)])
                            .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[start..<start + width]))
                    }
                }
            }
            initialized = width * range.count
        }
    }

    /// Those of some entries, by index and ascending, whose `K` or `C` is not the encoding of an element, or is that of the identity: some proofs about
    /// them are refused (docs/protocol.md: data sets by `C`, single points by `K`).
    package static func unprovable(_ entries: some Collection<Entry>) -> [Int] {
        let refused = [consentRange, calendarRange].flatMap { range in
            let column = entries.flatMap { $0.bytes[range] }
            let (points, refused) = Suite.decodeEach(canonical: column.span)
            return refused + points.indices.filter { Suite.isIdentity(points[$0]) }
        }
        return Set(refused).sorted()
    }

    /// The rows of a column that are no entries, and those that are entries of another schema; both ascending.
    ///
    /// - Parameters:
    ///   - column: rows of ``byteCount`` bytes; of another width every row is malformed.
    ///   - schemaID: 16 bytes.
    package static func faults(in column: BytesColumn, schemaID: [UInt8]) -> (malformed: [Int], foreign: [Int]) {
        guard column.rowByteCount == byteCount else { return (Array(0..<column.count), []) }
        guard schemaID.count == schemaIDRange.count else { return ([], Array(0..<column.count)) }
        let (wantedLow, wantedHigh) = schemaID.withUnsafeBytes {
            ($0.loadUnaligned(fromByteOffset: 0, as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
        // Version, kind and day in the lower 48 bits.
        let versionAndKind = UInt64(version.byte) | 1 << 8
        let lastDay = UInt64(Day.numbers.upperBound)
        let parts = column.withSpan { bytes in
            bytes.withUnsafeBytes { bytes in
                nonisolated(unsafe) let bytes = bytes
                return Parallel.map(column.count, minimum: 8_192) { rows in
                    var (malformed, foreign): ([Int], [Int]) = ([], [])
                    for row in rows {
                        let start = row * byteCount
                        let head = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self))
                        guard head & 0xffff == versionAndKind, head >> 16 & 0xffff_ffff <= lastDay else {
                            malformed.append(row)
                            continue
                        }
                        let low = bytes.loadUnaligned(fromByteOffset: start + schemaIDRange.lowerBound, as: UInt64.self)
                        let high = bytes.loadUnaligned(fromByteOffset: start + schemaIDRange.lowerBound + 8, as: UInt64.self)
                        if low != wantedLow || high != wantedHigh { foreign.append(row) }
                    }
                    return (malformed, foreign)
                }
            }
        }
        return (parts.flatMap(\.0), parts.flatMap(\.1))
    }
}
