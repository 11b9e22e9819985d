// SPDX-License-Identifier: Apache-2.0
internal import CKernels
package import ConsentModel
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
    /// Folds every column.
    ///
    /// - Parameters:
    ///   - rho: one weight for each row, public.
    ///   - weights: one weight for each receipt: the sum of the weights of the rows it covers, 0 if none. Public.
    ///   - tail: which values the tail has.
    package borrowing func folded(rho: [UInt128], weights: [Suite.Scalar], tail layout: TailLayout) -> FoldedWitness {
        precondition(rho.count == rowCount && weights.count == receiptCount, "one weight for each row and receipt")
        let limbs = Suite.scalarLimbCount
        var rowLimbs = [UInt64](repeating: 0, count: limbs * rowCount)
        for row in 0..<rowCount {
            rowLimbs[limbs * row] = UInt64(truncatingIfNeeded: rho[row])
            rowLimbs[limbs * row + 1] = UInt64(truncatingIfNeeded: rho[row] >> 64)
        }
        var receiptLimbs: [UInt64] = []
        receiptLimbs.reserveCapacity(limbs * receiptCount)
        for weight in weights { receiptLimbs += weight.limbs }

        var data = SecretScalars<Suite>(zeros: 3)
        for column in 0..<3 { Self.fold(self.data, column: column, of: rowCount, with: rowLimbs, into: &data, at: column) }

        var tail = SecretScalars<Suite>(zeros: layout.count)
        var position = 0
        for attribute in layout.attributes {
            Self.fold(attributes, column: attribute, of: receiptCount, with: receiptLimbs, into: &tail, at: position)
            position += 1
        }
        let flagSums = foldedFlags(receiptLimbs)
        for flag in layout.flags {
            flagSums.withScalar(flag) { tail.set(limbs: $0, at: position) }
            position += 1
        }
        let daySums = foldedDays(receiptLimbs)
        for day in layout.days {
            daySums.withScalar(day) { tail.set(limbs: $0, at: position) }
            position += 1
        }
        Self.fold(blindings, column: 0, of: receiptCount, with: receiptLimbs, into: &tail, at: position)
        return FoldedWitness(data: data, tail: tail)
    }

    /// `out[index] = <column, weights>`.
    private static func fold(
        _ columns: borrowing SecretScalars<Suite>, column: Int, of count: Int, with weights: [UInt64], into out: inout SecretScalars<Suite>,
        at index: Int
    ) {
        var sum = SecretLimbs(count: Suite.scalarLimbCount)
        let width = count * Suite.scalarLimbCount
        columns.withSpan { all in
            let values = all.extracting(column * width..<(column + 1) * width)
            sum.withMutableSpan { Suite.innerProduct(values, weights.span, into: &$0) }
        }
        sum.withSpan { out.set(limbs: $0, at: index) }
    }

    /// For each flag of the schema the sum of the weights of the receipts that have it.
    private borrowing func foldedFlags(_ weights: [UInt64]) -> SecretScalars<Suite> {
        let count = schema.flags.count
        let words = Self.wordsPerReceipt(schema)
        var sums = SecretLimbs(count: 5 * count)
        flags.withSpan { bits in
            sums.withMutableSpan { sums in
                sums.withUnsafeMutableBufferPointer { sums in
                    bits.withUnsafeBufferPointer { bits in
                        weights.withUnsafeBufferPointer { weights in
                            guard let sums = sums.baseAddress, let bits = bits.baseAddress, let weights = weights.baseAddress else {
                                return
                            }
                            zk_flag_fold(sums, count, bits, words, weights, receiptCount)
                        }
                    }
                }
            }
        }
        return Self.reduced(sums, limbsEach: 5)
    }

    /// For each calendar day the sum of the weights of the receipts that are in force on it.
    ///
    /// Weights may have more than 128 bits where entries repeat: their upper half is folded by itself and shifted.
    private borrowing func foldedDays(_ weights: [UInt64]) -> SecretScalars<Suite> {
        let low = dayedSums(weights, half: 0)
        guard (0..<receiptCount).contains(where: { weights[4 * $0 + 2] | weights[4 * $0 + 3] != 0 }) else { return low }
        let high = dayedSums(weights, half: 1)
        let shift = Suite.Scalar(UInt128(1) << 127) * Suite.Scalar(UInt64(2))
        return high.responses(challenge: shift, nonces: low)
    }

    /// For each calendar day the sum of 128 bits of the weights in force on it: bits 0..<128 (`half` 0) or 128..<256 (`half` 1).
    ///
    /// The kernel adds each weight at its first day and takes it away at its end, scanning all days, in four lanes of 32-bit pieces. The prefix
    /// sums of a lane are not negative and below 2^63 for up to 2^31 receipts.
    private borrowing func dayedSums(_ weights: [UInt64], half: Int) -> SecretScalars<Suite> {
        let days = schema.calendar.count
        var pairs: [UInt64] = []
        pairs.reserveCapacity(2 * receiptCount)
        for receipt in 0..<receiptCount { pairs += [weights[4 * receipt + 2 * half], weights[4 * receipt + 2 * half + 1]] }
        var lanes = SecretLimbs(count: 4 * days)
        firstDays.withSpan { first in
            endDays.withSpan { end in
                lanes.withMutableSpan { lanes in
                    lanes.withUnsafeMutableBufferPointer { lanes in
                        first.withUnsafeBufferPointer { first in
                            end.withUnsafeBufferPointer { end in
                                pairs.withUnsafeBufferPointer { pairs in
                                    guard let lanes = lanes.baseAddress, let first = first.baseAddress, let end = end.baseAddress,
                                        let pairs = pairs.baseAddress
                                    else { return }
                                    zk_calendar_fold(lanes, days, first, end, pairs, receiptCount)
                                }
                            }
                        }
                    }
                }
            }
        }
        var sums = SecretLimbs(count: 5 * days)
        lanes.withSpan { lanes in
            sums.withMutableSpan { sums in
                var (l0, l1, l2, l3): (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
                for day in 0..<days {
                    l0 &+= lanes[day]
                    l1 &+= lanes[days + day]
                    l2 &+= lanes[2 * days + day]
                    l3 &+= lanes[3 * days + day]
                    let low = UInt128(l0) &+ UInt128(l1) << 32
                    let high = UInt128(l2) &+ UInt128(l3) << 32 &+ low >> 64
                    sums[5 * day] = UInt64(truncatingIfNeeded: low)
                    sums[5 * day + 1] = UInt64(truncatingIfNeeded: high)
                    sums[5 * day + 2] = UInt64(truncatingIfNeeded: high >> 64)
                }
            }
        }
        return Self.reduced(sums, limbsEach: 5)
    }

    /// Reduces integers of `limbsEach <= 6` limbs modulo the order.
    private static func reduced(_ values: borrowing SecretLimbs, limbsEach: Int) -> SecretScalars<Suite> {
        let count = values.count / limbsEach
        var out = SecretScalars<Suite>(zeros: count)
        var wide = SecretBytes(count: Suite.Scalar.wideByteCount)
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
