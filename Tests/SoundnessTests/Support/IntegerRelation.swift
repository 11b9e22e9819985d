// SPDX-License-Identifier: Apache-2.0

/// Small integers `c`, not all 0, with `sum c[i] * values[i] = 0`; `nil` if the search runs dry.
///
/// Generalised Euclid: the two largest values are replaced by their difference and the smaller, until one is 0. With 64 values of 128 bits every
/// round takes off about six bits, so that the coefficients stay far below 64 bits.
func integerRelation(_ values: [UInt128]) -> [Int64]? {
    var terms = values.indices.map { index in
        (value: values[index], coefficients: values.indices.map { Int64($0 == index ? 1 : 0) })
    }
    terms.sort { $0.value < $1.value }
    for _ in 0..<1_000_000 {
        guard var largest = terms.popLast(), let next = terms.last else { return nil }
        largest.value -= next.value
        for index in values.indices { largest.coefficients[index] -= next.coefficients[index] }
        if largest.value == 0 { return largest.coefficients }
        let position = terms.firstIndex { $0.value >= largest.value } ?? terms.count
        terms.insert(largest, at: position)
    }
    return nil
}
