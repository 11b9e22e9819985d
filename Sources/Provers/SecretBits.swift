// SPDX-License-Identifier: Apache-2.0

internal import Groups
internal import Secrets

/// The lowest bits of secret values, one after the other.
struct SecretBits: ~Copyable, Sendable {
    /// The number of bits.
    let count: Int
    private let words: SecretLimbs

    /// The lowest `count` bits of each value.
    init(_ values: borrowing SecretLimbs, count: Int) {
        let total = values.count * count
        self.count = total
        var words = SecretLimbs(count: (total + 63) / 64)
        // `count` divides 64: no value straddles two words.
        let mask = UInt64.max >> UInt64(64 - count)
        values.withSpan { values in
            words.withMutableSpan { words in
                for index in 0..<values.count {
                    let start = index * count
                    words[start / 64] |= (values[index] & mask) << UInt64(start % 64)
                }
            }
        }
        self.words = words
    }

    /// The number of words that ``withWords(_:)`` shows.
    var wordCount: Int { words.count }

    /// Bit `i` is bit `i % 64` of word `i / 64`.
    borrowing func withWords<R>(_ body: (Span<UInt64>) -> R) -> R {
        words.withSpan(body)
    }

    /// Each bit as a scalar.
    borrowing func scalars<G: Group>(_ group: G.Type) -> SecretScalars<G> {
        var scalars = SecretScalars<G>(zeros: count)
        words.withSpan { words in
            scalars.withMutableSpan { limbs in
                for index in 0..<count { limbs[index * G.scalarLimbCount] = words[index / 64] >> UInt64(index % 64) & 1 }
            }
        }
        return scalars
    }
}

extension SecretScalars {
    /// `self[0], other[0], self[1], other[1], ...`.
    borrowing func interleaved(with other: borrowing SecretScalars<G>) -> SecretScalars<G> {
        var all = SecretScalars(zeros: 2 * count)
        for index in 0..<count {
            withScalar(index) { all.set(limbs: $0, at: 2 * index) }
            other.withScalar(index) { all.set(limbs: $0, at: 2 * index + 1) }
        }
        return all
    }
}
