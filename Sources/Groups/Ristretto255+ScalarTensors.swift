// SPDX-License-Identifier: Apache-2.0
internal import CKernels

// Scalar work of range proofs: inverses, tensor products and products of secrets, on limbs.

extension Ristretto255.Scalar {
    public static func vartimeInverses(_ a: [Ristretto255.Scalar]) -> [Ristretto255.Scalar]? {
        let count = a.count
        guard count > 0 else { return [] }
        // Montgomery's form of a and of its partial products.
        let forms = a.map { ScalarLimbs.montgomery($0.value, ScalarLimbs.r2) }
        var prefixes: [ScalarLimbs] = []
        prefixes.reserveCapacity(count)
        var product = ScalarLimbs.r1
        for form in forms {
            prefixes.append(product)
            product = ScalarLimbs.montgomery(product, form)
        }
        let plain = ScalarLimbs.montgomery(product, ScalarLimbs(1, 0, 0, 0))
        guard plain != .zero else { return nil }
        var inverse = plain.inverted()
        var inverses = a
        for index in a.indices.reversed() {
            // One factor is in Montgomery's form and one is not: the product is plain.
            inverses[index] = Ristretto255.Scalar(ScalarLimbs.montgomery(prefixes[index], inverse))
            inverse = ScalarLimbs.montgomery(inverse, forms[index])
        }
        return inverses
    }

    public static func addTensors(
        _ scales: [Ristretto255.Scalar], ratios: [Ristretto255.Scalar], into sums: inout [Ristretto255.Scalar]
    ) {
        let count = sums.count
        let k = count.trailingZeroBitCount
        precondition(count == 1 << k && ratios.count == k * scales.count, "a ratio for each bit")
        withUnsafeTemporaryAllocation(of: ScalarLimbs.self, capacity: count) { products in
            sums.withUnsafeMutableBufferPointer { sums in
                guard let products = products.baseAddress, let sums = sums.baseAddress else { return }
                for (p, scale) in scales.enumerated() {
                    products.initialize(to: scale.value)
                    for t in 0..<k {
                        let ratio = ScalarLimbs.montgomery(ratios[p &* k &+ t].value, ScalarLimbs.r2)
                        let half = 1 << t
                        for i in 0..<half { (products + half + i).initialize(to: ScalarLimbs.montgomery(products[i], ratio)) }
                    }
                    for i in 0..<count { sums[i].value = sums[i].value + products[i] }
                }
            }
        }
    }
}

extension Ristretto255 {
    public static func multiply(_ a: Span<UInt64>, _ b: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        precondition(a.count == b.count && a.count == out.count && a.count % 4 == 0, "equal counts of scalars")
        for index in 0..<a.count / 4 { (ScalarLimbs(a, at: index) * ScalarLimbs(b, at: index)).store(to: &out, at: index) }
    }
}
