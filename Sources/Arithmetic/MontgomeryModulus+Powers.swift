// SPDX-License-Identifier: Apache-2.0
internal import CGMP

// Products of powers, constant time in the exponents: Straus' method with fixed windows for bases that come once, Lim and Lee's comb
// for bases that stay. Tables are read by `mpn_sec_tabselect`, which reads every entry.
extension MontgomeryModulus {
    /// `out = product bases[i]^exponents[i]`, one residue; 1 if there are none.
    ///
    /// - Parameters:
    ///   - bases: `count * limbCount` limbs, reduced.
    ///   - exponents: as many integers below `2^bits`, `exponents.count / count` limbs each.
    ///   - bits: the public bound of the exponents, at most what their limbs hold.
    package func powerProduct(
        _ bases: Span<UInt64>, _ exponents: Span<UInt64>, bits: Int, into out: inout MutableSpan<UInt64>
    ) {
        let n = limbCount
        let count = bases.count / n
        let exponentLimbs = exponents.count / max(1, count)
        precondition(bases.count == count * n && exponents.count == count * exponentLimbs && out.count == n, "one exponent for each base")
        precondition(count == 0 || 0...64 * exponentLimbs ~= bits, "no more bits than the limbs hold")
        let width = bits <= 64 ? 3 : bits <= 512 ? 4 : bits <= 2048 ? 5 : 6
        let entries = 1 << width
        withOperands(bases, exponents, &out) { bases, exponents, out in
            withMemory(count * entries * n, wiped: false) { tables in
                withMemory(2 * n + scratchLimbCount, wiped: true) { sum in
                    let (entry, scratch) = (sum + n, sum + 2 * n)
                    for i in 0..<count { fillPowers(tables + i * entries * n, bases + i * n, entries, scratch) }
                    sum.update(from: one, count: n)
                    for window in (0..<(bits + width - 1) / width).reversed() {
                        for _ in 0..<width { square(sum, sum, scratch) }
                        for i in 0..<count {
                            let exponent = exponents + i * exponentLimbs
                            let digit = windowDigit(exponent, count: exponentLimbs, position: window * width, width: width)
                            zk_mpn_sec_tabselect(entry, tables + i * entries * n, n, entries, Int(truncatingIfNeeded: digit))
                            multiply(sum, sum, entry, scratch)
                        }
                    }
                    convert(out, toPlain: sum, scratch)
                }
            }
        }
    }

    /// The tables of ``powerProduct(_:_:into:)`` for bases that are used many times, for exponents below `2^bits`.
    package func powerTables(_ bases: Span<UInt64>, bits: Int) -> PowerTables {
        let n = limbCount
        precondition(bases.count % n == 0 && bits >= 0, "whole residues")
        let count = bases.count / n
        let teeth = PowerTables.teeth
        let spacing = max(1, (bits + teeth - 1) / teeth)
        var limbs = [UInt64](repeating: 0, count: count * n << teeth)
        bases.withUnsafeBufferPointer { bases in
            limbs.withUnsafeMutableBufferPointer { limbs in
                guard let bases = bases.baseAddress, let limbs = limbs.baseAddress else { return }
                withMemory(n + scratchLimbCount, wiped: false) { power in
                    let scratch = power + n
                    for i in 0..<count {
                        let table = limbs + i * n << teeth
                        table.update(from: one, count: n)
                        convert(power, fromPlain: bases + i * n, scratch)
                        for tooth in 0..<teeth {
                            if tooth > 0 { for _ in 0..<spacing { square(power, power, scratch) } }
                            for j in 0..<1 << tooth { multiply(table + ((1 << tooth) + j) * n, table + j * n, power, scratch) }
                        }
                    }
                }
            }
        }
        return PowerTables(limbs: limbs, count: count, spacing: spacing)
    }

    /// `out = product bases[i]^exponents[i]` for the bases of `tables` and as many exponents within their bound.
    package func powerProduct(_ tables: PowerTables, _ exponents: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        let n = limbCount
        let (count, spacing, teeth) = (tables.count, tables.spacing, PowerTables.teeth)
        let exponentLimbs = exponents.count / max(1, count)
        precondition(exponents.count == count * exponentLimbs && out.count == n, "one exponent for each base")
        withOperands(tables.limbs.span, exponents, &out) { limbs, exponents, out in
            withMemory(2 * n + scratchLimbCount, wiped: true) { sum in
                let (entry, scratch) = (sum + n, sum + 2 * n)
                sum.update(from: one, count: n)
                for column in (0..<spacing).reversed() {
                    square(sum, sum, scratch)
                    for i in 0..<count {
                        // Bit `tooth` of the digit is the bit of the exponent at column + tooth * spacing.
                        let exponent = exponents + i * exponentLimbs
                        var digit: UInt64 = 0
                        for tooth in 0..<teeth {
                            digit |=
                                windowDigit(exponent, count: exponentLimbs, position: column + tooth * spacing, width: 1)
                                << UInt64(tooth)
                        }
                        zk_mpn_sec_tabselect(entry, limbs + i * n << teeth, n, 1 << teeth, Int(truncatingIfNeeded: digit))
                        multiply(sum, sum, entry, scratch)
                    }
                }
                convert(out, toPlain: sum, scratch)
            }
        }
    }

    /// `table[i] = base^i` in Montgomery's representation for `entries` powers.
    private func fillPowers(
        _ table: UnsafeMutablePointer<UInt64>, _ base: UnsafePointer<UInt64>, _ entries: Int, _ scratch: UnsafeMutablePointer<UInt64>
    ) {
        let n = limbCount
        table.update(from: one, count: n)
        convert(table + n, fromPlain: base, scratch)
        for i in 2..<entries {
            if i % 2 == 0 {
                square(table + i * n, table + i / 2 * n, scratch)
            } else {
                multiply(table + i * n, table + (i - 1) * n, table + n, scratch)
            }
        }
    }

    /// `width` bits from `position` on; bits above the `count` limbs are zero.
    @inline(__always)
    func windowDigit(_ limbs: UnsafePointer<UInt64>, count: Int, position: Int, width: Int) -> UInt64 {
        let (limb, shift) = (position >> 6, UInt64(truncatingIfNeeded: position & 63))
        guard limb < count else { return 0 }
        var window = limbs[limb] &>> shift
        if Int(shift) + width > 64 && limb + 1 < count { window |= limbs[limb + 1] &<< (64 &- shift) }
        return window & ((1 &<< UInt64(truncatingIfNeeded: width)) &- 1)
    }

    /// The operands as pointers; without terms the result is 1.
    func withOperands(
        _ bases: Span<UInt64>, _ exponents: Span<UInt64>, _ out: inout MutableSpan<UInt64>,
        _ body: (UnsafePointer<UInt64>, UnsafePointer<UInt64>, UnsafeMutablePointer<UInt64>) -> Void
    ) {
        bases.withUnsafeBufferPointer { bases in
            exponents.withUnsafeBufferPointer { exponents in
                out.withUnsafeMutableBufferPointer { buffer in
                    guard let out = buffer.baseAddress else { return }
                    if exponents.isEmpty {
                        for i in 0..<buffer.count { out[i] = i == 0 ? 1 : 0 }
                    } else if let bases = bases.baseAddress, let exponents = exponents.baseAddress {
                        body(bases, exponents, out)
                    }
                }
            }
        }
    }
}

/// Lim and Lee's comb for some bases: for each the products of all subsets of `B^(2^(spacing * i))`, `i` in `0..<teeth`.
///
/// One table has 64 entries: 16 KiB for 2048 bits, 64 KiB for 8192. Public data.
package struct PowerTables: Sendable {
    /// The number of exponent bits that one look-up covers.
    static let teeth = 6
    /// `count * 2^teeth` residues in Montgomery's representation.
    let limbs: [UInt64]
    /// The number of bases.
    package let count: Int
    /// The distance of those bits, and the number of squarings of a product.
    let spacing: Int
}
