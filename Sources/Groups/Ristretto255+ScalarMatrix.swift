// SPDX-License-Identifier: Apache-2.0
internal import Cores

// Products of matrices of public scalars: products are added up at double width and reduced once for up to fifteen of them.

extension Ristretto255.Scalar {
    public static func addOuterProducts(
        _ rows: [Ristretto255.Scalar], _ columns: [Ristretto255.Scalar], terms: Int, into sums: inout [Ristretto255.Scalar]
    ) {
        guard terms > 0 else { return }
        let (height, width) = (rows.count / terms, columns.count / terms)
        precondition(rows.count == terms * height && columns.count == terms * width && sums.count <= height * width, "whole rows")
        guard width > 0 else { return }
        // The factor R of Montgomery's form goes into one operand.
        let forms = rows.map { ScalarLimbs.montgomery($0.value, ScalarLimbs.r2) }
        let count = sums.count
        sums.withUnsafeMutableBufferPointer { sums in
            forms.withUnsafeBufferPointer { forms in
                columns.withUnsafeBufferPointer { columns in
                    guard let out = sums.baseAddress, let forms = forms.baseAddress, let columns = columns.baseAddress else { return }
                    Parallel.chunks((count + width - 1) / width, minimum: max(1, 16_384 / (width * terms))) { range in
                        for r in range {
                            for c in 0..<min(width, count - r * width) {
                                var value = out[r &* width &+ c].value
                                var p = 0
                                while p < terms {
                                    var sum = WideSum()
                                    let end = min(terms, p &+ WideSum.limit)
                                    while p < end {
                                        sum.add(forms[p &* height &+ r], columns[p &* width &+ c].value)
                                        p &+= 1
                                    }
                                    value = value + sum.reduced
                                }
                                out[r &* width &+ c].value = value
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A sum of at most ``limit`` products of reduced scalars: below `15 l^2 < l R`, for `16 l` is hardly more than `R = 2^256`.
private struct WideSum {
    /// The number of products.
    static let limit = 15

    private var low = ScalarLimbs.zero
    private var high = ScalarLimbs.zero

    init() {}

    /// Adds `a * b`.
    @inline(__always)
    mutating func add(_ a: ScalarLimbs, _ b: ScalarLimbs) {
        var c: UInt64 = 0
        let p0 = ScalarLimbs.multiplyAdd(a.l0, b.l0, 0, &c)
        var p1 = ScalarLimbs.multiplyAdd(a.l0, b.l1, 0, &c)
        var p2 = ScalarLimbs.multiplyAdd(a.l0, b.l2, 0, &c)
        var p3 = ScalarLimbs.multiplyAdd(a.l0, b.l3, 0, &c)
        var p4 = c
        c = 0
        p1 = ScalarLimbs.multiplyAdd(a.l1, b.l0, p1, &c)
        p2 = ScalarLimbs.multiplyAdd(a.l1, b.l1, p2, &c)
        p3 = ScalarLimbs.multiplyAdd(a.l1, b.l2, p3, &c)
        p4 = ScalarLimbs.multiplyAdd(a.l1, b.l3, p4, &c)
        var p5 = c
        c = 0
        p2 = ScalarLimbs.multiplyAdd(a.l2, b.l0, p2, &c)
        p3 = ScalarLimbs.multiplyAdd(a.l2, b.l1, p3, &c)
        p4 = ScalarLimbs.multiplyAdd(a.l2, b.l2, p4, &c)
        p5 = ScalarLimbs.multiplyAdd(a.l2, b.l3, p5, &c)
        var p6 = c
        c = 0
        p3 = ScalarLimbs.multiplyAdd(a.l3, b.l0, p3, &c)
        p4 = ScalarLimbs.multiplyAdd(a.l3, b.l1, p4, &c)
        p5 = ScalarLimbs.multiplyAdd(a.l3, b.l2, p5, &c)
        p6 = ScalarLimbs.multiplyAdd(a.l3, b.l3, p6, &c)
        let p7 = c
        c = 0
        low.l0 = ScalarLimbs.addCarry(low.l0, p0, &c)
        low.l1 = ScalarLimbs.addCarry(low.l1, p1, &c)
        low.l2 = ScalarLimbs.addCarry(low.l2, p2, &c)
        low.l3 = ScalarLimbs.addCarry(low.l3, p3, &c)
        high.l0 = ScalarLimbs.addCarry(high.l0, p4, &c)
        high.l1 = ScalarLimbs.addCarry(high.l1, p5, &c)
        high.l2 = ScalarLimbs.addCarry(high.l2, p6, &c)
        high.l3 = ScalarLimbs.addCarry(high.l3, p7, &c)
    }

    /// The sum divided by `R`, modulo `l`.
    @inline(__always)
    var reduced: ScalarLimbs {
        // low / R is a Montgomery product with 1, and high is below l: it is all that 15 l^2 has above R.
        ScalarLimbs.montgomery(low, ScalarLimbs(1, 0, 0, 0)) + high
    }
}
