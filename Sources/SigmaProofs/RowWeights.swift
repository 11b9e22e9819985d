// SPDX-License-Identifier: Apache-2.0

/// The random coefficients `rho_i in 0..<2^128` that fold the rows of a dataset into one.
///
/// `rho_10b ... rho_10b+9` are the first 160 bytes of `SHAKE128(LP("zkconsent/v1/dataset/weights") || seed || LE64(b))` as ten
/// 16-byte little-endian integers; `LP` prefixes a string with its length as LE32. The weights depend on the complete statement
/// through the seed and on the row's number, never on how rows are cut into chunks.
///
/// Security: an adversary who can change a row, or anything that the folded equation reads, without changing the seed can solve for a
/// false row. Only ``FoldedTranscript/weighted()`` makes the seed.
public struct RowWeights: Sendable {
    static let label = "zkconsent/v1/dataset/weights"

    /// 32 bytes, squeezed from the transcript after the whole statement.
    public let seed: [UInt8]

    /// Weights of a seed of 32 bytes. For the transcript, and for tests.
    package init(seed: [UInt8]) {
        precondition(seed.count == 32, "a weight seed has 32 bytes")
        self.seed = seed
    }

    /// `rho_0 ..< rho_count`.
    public func weights(count: Int) -> [UInt128] {
        weights(rows: 0..<count)
    }

    /// `rho_i` for each `i` in `rows`, which starts at 0 or above: the same values whichever way rows are asked for.
    public func weights(rows: Range<Int>) -> [UInt128] {
        RandomWeights(label: Self.label, seed: seed).weights(rows)
    }
}
