// SPDX-License-Identifier: Apache-2.0

/// Where everything is in a page: the openings of some entries of one schema in columns, as a holder stores them sealed and proves with them.
///
/// A page is a sequence of little-endian words of 64 bits. n is the number of entries, a that of attributes, w that of words of flags.
///
/// | words | column |
/// |---|---|
/// | a columns of 4n | for each attribute of the schema the scalars that are committed |
/// | 4n | `k` |
/// | 4n | `t` |
/// | w n | flags, w words for each entry: flag i is bit `i % 64` of word `i / 64` |
/// | n | days in force, offsets from the first calendar day: the first in the lower half, the day after the last in the upper; all ones in an erased slot |
/// | (118 n + 7) / 8 | the entries, 118 bytes each, and zeros |
///
/// Every scalar has 4 words and is below the group order. The texts of a consent are not here: they are in its ``ConsentOpeningLayout``.
public struct OpeningPageLayout: Hashable, Sendable {
    /// The largest number of entries of a page.
    public static let countLimit = 1_024
    /// The words of a scalar.
    public static let scalarWords = 4
    /// The days of an erased slot.
    public static let erased = UInt64.max

    /// n.
    public let count: Int
    /// a.
    public let attributeCount: Int
    /// w.
    public let flagWords: Int

    /// The layout of `count` entries of a schema; `nil` unless `count` is in `1...countLimit`.
    public init?(count: Int, schema: Schema) {
        self.init(count: count, attributeCount: schema.attributes.count, flagWords: (schema.flags.count + 63) / 64)
    }

    /// A layout with these numbers; `nil` if no schema has them.
    public init?(count: Int, attributeCount: Int, flagWords: Int) {
        guard (1...Self.countLimit).contains(count), (0...Schema.Limit.attributes).contains(attributeCount),
            (0...(Schema.Limit.flags + 63) / 64).contains(flagWords)
        else { return nil }
        self.count = count
        self.attributeCount = attributeCount
        self.flagWords = flagWords
    }

    /// The length of a page in words.
    public var wordCount: Int { entries.upperBound }

    /// The words of an attribute's column.
    public func attribute(_ index: Int) -> Range<Int> { scalars(index) }
    /// The words of `k`.
    public var k: Range<Int> { scalars(attributeCount) }
    /// The words of `t`.
    public var t: Range<Int> { scalars(attributeCount + 1) }
    /// The words of the flags.
    public var flags: Range<Int> { t.upperBound..<t.upperBound + flagWords * count }
    /// The words of the days.
    public var days: Range<Int> { flags.upperBound..<flags.upperBound + count }
    /// The words of the entries.
    public var entries: Range<Int> { days.upperBound..<days.upperBound + (Entry.byteCount * count + 7) / 8 }
    /// The bytes of the entries within the page.
    public var entryBytes: Range<Int> { 8 * entries.lowerBound..<8 * entries.lowerBound + Entry.byteCount * count }

    private func scalars(_ column: Int) -> Range<Int> {
        let width = Self.scalarWords * count
        return column * width..<(column + 1) * width
    }

    /// The entries of a page, end to end.
    public func entries(of page: Span<UInt8>) -> [UInt8] {
        page.extracting(entryBytes).withUnsafeBufferPointer { Array($0) }
    }

    /// Overwrites everything of one slot.
    ///
    /// - Parameter page: ``wordCount`` words.
    public func erase(_ slot: Int, in page: inout MutableSpan<UInt64>) {
        for column in 0..<attributeCount + 2 {
            let start = scalars(column).lowerBound + Self.scalarWords * slot
            for word in start..<start + Self.scalarWords { page[word] = 0 }
        }
        for word in 0..<flagWords { page[flags.lowerBound + flagWords * slot + word] = 0 }
        page[days.lowerBound + slot] = Self.erased
        for byte in entryBytes.lowerBound + Entry.byteCount * slot..<entryBytes.lowerBound + Entry.byteCount * (slot + 1) {
            page[byte / 8] &= ~(0xff << UInt64(8 * (byte % 8)))
        }
    }
}
