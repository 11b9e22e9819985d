// SPDX-License-Identifier: Apache-2.0
internal import Primitives
internal import Secrets

/// A page of the rows of a dataset in the clear, in columns, wiped at the end of life.
///
/// | words | column |
/// |---|---|
/// | n | numbers of the rows in the source |
/// | 4n | record digests |
/// | 4n, 4n, 4n | the scalars that are committed: of the record, of the subject (0 if the dataset declares none), `s` |
/// | n | where the text of each row's subject ends |
/// | rest | the subjects' canonical bytes one after another, and zeros |
public final class DatasetPage: Sendable {
    /// The largest number of rows of a page.
    static let countLimit = 1_024
    /// The words of a row besides its subject's text.
    static let fixedWords = 18

    /// The position of the first row.
    public let first: Int
    /// The number of rows.
    public let count: Int
    /// `D` of each row, 32 bytes each.
    public let commitments: [UInt8]
    /// The numbers of the rows in the source, as the committing program counted them.
    public let sourceRows: [Int]
    private let plain: SealedPages.Plain
    private let textEnds: [Int]

    /// A scalar of a row.
    public enum Column: Int, Sendable {
        /// The record's.
        case record
        /// The subject's; 0 if the dataset declares none.
        case subject
        /// `s`.
        case blinding
    }

    /// A page whose words fit its number of rows; `nil` for another.
    init?(first: Int, count: Int, commitments: [UInt8], _ plain: SealedPages.Plain) {
        guard (1...Self.countLimit).contains(count), commitments.count == 32 * count, plain.words.count >= Self.fixedWords * count else {
            return nil
        }
        let textByteCount = 8 * (plain.words.count - Self.fixedWords * count)
        let (sources, ends) = plain.words.withSpan { words in
            ((0..<count).map { Int(exactly: words[$0]) }, (0..<count).map { Int(exactly: words[17 * count + $0]) })
        }
        var last = 0
        for end in ends {
            guard let end, (last...textByteCount).contains(end) else { return nil }
            last = end
        }
        guard sources.allSatisfy({ $0 != nil }) else { return nil }
        self.first = first
        self.count = count
        self.commitments = commitments
        sourceRows = sources.compactMap { $0 }
        textEnds = ends.compactMap { $0 }
        self.plain = plain
    }

    /// The record digests, four words each.
    public func withDigests<R, E: Error>(_ body: (Span<UInt64>) throws(E) -> R) throws(E) -> R {
        try plain.words.withSpan { (words) throws(E) in try body(words.extracting(count..<5 * count)) }
    }

    /// A column of scalars, four words each.
    public func withScalars<R, E: Error>(_ column: Column, _ body: (Span<UInt64>) throws(E) -> R) throws(E) -> R {
        let start = (5 + 4 * column.rawValue) * count
        return try plain.words.withSpan { (words) throws(E) in try body(words.extracting(start..<start + 4 * count)) }
    }

    /// One row on its own.
    func row(_ slot: Int) -> DatasetRow? {
        let text = (slot == 0 ? 0 : textEnds[slot - 1])..<textEnds[slot]
        var secrets = SecretBytes(count: DatasetRow.fixedByteCount + text.count)
        let start = 8 * Self.fixedWords * count
        plain.words.withBytes { bytes in
            secrets.withMutableSpan { out in
                for byte in 0..<8 { out[byte] = bytes[8 * slot + byte] }
                for byte in 0..<32 {
                    out[8 + byte] = bytes[8 * count + 32 * slot + byte]
                    out[40 + byte] = bytes[8 * 13 * count + 32 * slot + byte]
                }
                for byte in 0..<text.count { out[DatasetRow.fixedByteCount + byte] = bytes[start + text.lowerBound + byte] }
            }
        }
        return DatasetRow(
            position: first + slot, commitment: Array(commitments[32 * slot..<32 * slot + 32]), secrets: secrets)
    }

    /// What a page's sealed words are bound to.
    static func context(name: String, first: Int, commitments: [UInt8]) -> [UInt8] {
        var context = lengthPrefixed("zkconsent/v1/store/rows") + lengthPrefixed(name)
        context.appendLE64(UInt64(first))
        return context + lengthPrefixed(commitments)
    }
}
