// SPDX-License-Identifier: Apache-2.0
internal import CKernels
package import ConsentModel
internal import Cores
package import Groups
package import Secrets

/// `x* = sum_i rho_i x_i` for every slot of the relation.
package struct FoldedWitness: ~Copyable {
    /// `rec*`, `subj*`, `s*`.
    package var data: SecretScalars<Suite>
    /// The tail in the order of the statement.
    package var tail: SecretScalars<Suite>
}

extension DatasetWitness {
    /// Fewest rows or receipts that are worth another core.
    package static let foldMinimum = 1 << 14

    /// Folds every column.
    ///
    /// - Parameters:
    ///   - rho: one weight for each row, public.
    ///   - weights: one weight for each receipt: the sum of the weights of the rows it covers, 0 if none. Public.
    ///   - tail: which values the tail has.
    ///   - partMinimum: ``foldMinimum``, smaller in tests.
    package borrowing func folded(
        rho: [UInt128], weights: [Suite.Scalar], tail layout: TailLayout, partMinimum: Int = foldMinimum
    ) -> FoldedWitness {
        precondition(rho.count == rowCount && weights.count == receiptCount, "one weight for each row and receipt")
        var data = SecretScalars<Suite>(zeros: 3)
        let rowWeights = Self.limbs(rho)
        for column in 0..<3 {
            let sum = foldedData(rowWeights, column: column, partMinimum: partMinimum)
            sum.withScalar(0) { data.set(limbs: $0, at: column) }
        }
        return FoldedWitness(data: data, tail: foldedTail(weights, layout, partMinimum: partMinimum))
    }

    /// Two limbs for each weight.
    static func limbs(_ rho: [UInt128]) -> [UInt64] { rho.withUnsafeBytes { Array($0.bindMemory(to: UInt64.self)) } }

    /// One column of the data points, folded: records, subjects, blindings.
    borrowing func foldedData(_ weights: [UInt64], column: Int, partMinimum: Int = foldMinimum) -> SecretScalars<Suite> {
        Self.sum(over: rowCount, partMinimum) {
            Self.reduced(Self.fold(data, column: column, of: rowCount, with: weights, $0), limbsEach: 7)
        }
    }

    /// The tail, folded.
    borrowing func foldedTail(_ weights: [Suite.Scalar], _ layout: TailLayout, partMinimum: Int = foldMinimum) -> SecretScalars<Suite> {
        let receiptWeights = WeightHalves(weights)
        var tail = Self.sum(over: receiptCount, partMinimum) { folded(receiptWeights.low, layout, $0) }
        if receiptWeights.isLong {
            let high = Self.sum(over: receiptCount, partMinimum) { folded(receiptWeights.high, layout, $0) }
            let shift = Suite.Scalar(UInt128(1) << 127) * Suite.Scalar(UInt64(2))
            tail = high.responses(challenge: shift, nonces: tail)
        }
        return tail
    }

    /// What a core has summed.
    private final class Part: Sendable {
        let scalars: SecretScalars<Suite>

        init(_ scalars: consuming SecretScalars<Suite>) { self.scalars = scalars }
    }

    /// The sum of `body` for ranges that cover `0..<count`, on all cores.
    private static func sum(over count: Int, _ partMinimum: Int, _ body: (Range<Int>) -> SecretScalars<Suite>) -> SecretScalars<Suite> {
        let parts = Parallel.pieces(count, minimum: partMinimum, most: max(1, count)) { Part(body($0)) }
        guard let first = parts.first else { return body(0..<0) }
        var sum = first.scalars.copy()
        for part in parts.dropFirst() { sum = sum.adding(part.scalars) }
        return sum
    }

    /// Weights of more than 128 bits, where entries repeat, are folded in halves.
    private struct WeightHalves {
        /// Two limbs for each weight: bits 0..<128, and 128..<256.
        let low: [UInt64]
        let high: [UInt64]
        let isLong: Bool

        init(_ weights: [Suite.Scalar]) {
            var (low, high, any): ([UInt64], [UInt64], UInt64) = ([], [], 0)
            low.reserveCapacity(2 * weights.count)
            for weight in weights {
                let limbs = weight.limbs
                low.append(limbs[0])
                low.append(limbs[1])
                any |= limbs[2] | limbs[3]
            }
            if any != 0 {
                for weight in weights { high += weight.limbs[2...] }
            }
            self.low = low
            self.high = high
            isLong = any != 0
        }
    }

    /// The tail of some receipts, with weights of two limbs for each receipt.
    private borrowing func folded(_ weights: [UInt64], _ layout: TailLayout, _ receipts: Range<Int>) -> SecretScalars<Suite> {
        var tail = SecretScalars<Suite>(zeros: layout.count)
        func setReduced(_ sums: borrowing SecretLimbs, limbsEach: Int, _ chosen: [Int], at first: Int) {
            let scalars = Self.reduced(sums, limbsEach: limbsEach)
            for (offset, index) in chosen.enumerated() { scalars.withScalar(index) { tail.set(limbs: $0, at: first + offset) } }
        }
        for (offset, attribute) in layout.attributes.enumerated() {
            setReduced(
                Self.fold(attributes, column: attribute, of: receiptCount, with: weights, receipts), limbsEach: 7, [0],
                at: layout.attributeRange.lowerBound + offset)
        }
        setReduced(foldedFlags(weights, receipts), limbsEach: 3, layout.flags, at: layout.flagRange.lowerBound)
        setReduced(foldedDays(weights, receipts), limbsEach: 3, layout.days, at: layout.dayRange.lowerBound)
        setReduced(
            Self.fold(blindings, column: 0, of: receiptCount, with: weights, receipts), limbsEach: 7, [0], at: layout.blindingIndex)
        return tail
    }

    /// `<column, weights>` over some of `count` elements, as an integer of seven limbs.
    private static func fold(
        _ columns: borrowing SecretScalars<Suite>, column: Int, of count: Int, with weights: [UInt64], _ range: Range<Int>
    ) -> SecretLimbs {
        var sum = SecretLimbs(count: 7)
        columns.withSpan { all in
            all.withUnsafeBufferPointer { all in
                sum.withMutableSpan { sum in
                    sum.withUnsafeMutableBufferPointer { sum in
                        weights.withUnsafeBufferPointer { weights in
                            guard let sum = sum.baseAddress, let all = all.baseAddress, let weights = weights.baseAddress else { return }
                            zk_scalar_fold(
                                sum, all + (column * count + range.lowerBound) * Suite.scalarLimbCount, weights + 2 * range.lowerBound,
                                range.count)
                        }
                    }
                }
            }
        }
        return sum
    }

    /// For each flag of the schema the sum of the weights of the receipts that have it: three limbs each.
    private borrowing func foldedFlags(_ weights: [UInt64], _ receipts: Range<Int>) -> SecretLimbs {
        let count = schema.flags.count
        let words = Self.wordsPerReceipt(schema)
        var sums = SecretLimbs(count: 3 * count)
        flags.withSpan { bits in
            sums.withMutableSpan { sums in
                sums.withUnsafeMutableBufferPointer { sums in
                    bits.withUnsafeBufferPointer { bits in
                        weights.withUnsafeBufferPointer { weights in
                            guard let sums = sums.baseAddress, let bits = bits.baseAddress, let weights = weights.baseAddress else {
                                return
                            }
                            let first = receipts.lowerBound
                            zk_flag_fold(sums, count, bits + words * first, words, weights + 2 * first, receipts.count)
                        }
                    }
                }
            }
        }
        return sums
    }

    /// For each calendar day the sum of the weights of the receipts that are in force on it: three limbs each.
    private borrowing func foldedDays(_ weights: [UInt64], _ receipts: Range<Int>) -> SecretLimbs {
        let days = schema.calendar.count
        var sums = SecretLimbs(count: 3 * days)
        var scratch = SecretLimbs(count: zk_calendar_fold_scratch(days))
        firstDays.withSpan { first in
            endDays.withSpan { end in
                sums.withMutableSpan { sums in
                    scratch.withMutableSpan { scratch in
                        sums.withUnsafeMutableBufferPointer { sums in
                            scratch.withUnsafeMutableBufferPointer { scratch in
                                first.withUnsafeBufferPointer { first in
                                    end.withUnsafeBufferPointer { end in
                                        weights.withUnsafeBufferPointer { weights in
                                            guard let sums = sums.baseAddress, let first = first.baseAddress, let end = end.baseAddress,
                                                let weights = weights.baseAddress
                                            else { return }
                                            let from = receipts.lowerBound
                                            zk_calendar_fold(
                                                sums, days, first + from, end + from, weights + 2 * from, receipts.count,
                                                scratch.baseAddress)
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        return sums
    }

    /// Reduces integers of `limbsEach <= 8` limbs modulo the order.
    private static func reduced(_ values: borrowing SecretLimbs, limbsEach: Int) -> SecretScalars<Suite> {
        let count = values.count / limbsEach
        var out = SecretScalars<Suite>(zeros: count)
        var wide = SecretBytes(count: max(Suite.Scalar.wideByteCount, 8 * limbsEach))
        var scalar = SecretLimbs(count: Suite.scalarLimbCount)
        for index in 0..<count {
            values.withSpan { limbs in
                wide.withMutableSpan { bytes in
                    for byte in 0..<8 * limbsEach {
                        bytes[byte] = UInt8(truncatingIfNeeded: limbs[limbsEach * index + byte / 8] >> UInt64(8 * (byte % 8)))
                    }
                }
            }
            wide.withSpan { bytes in scalar.withMutableSpan { Suite.reduce(wide: bytes, into: &$0) } }
            scalar.withSpan { out.set(limbs: $0, at: index) }
        }
        return out
    }
}
