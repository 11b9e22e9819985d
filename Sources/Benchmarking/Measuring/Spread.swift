// SPDX-License-Identifier: Apache-2.0

/// A sample by its median and its spread.
public struct Spread: Hashable, Sendable {
    /// The middle.
    public let median: Double
    /// The smallest and the largest value.
    public let min: Double, max: Double
    /// The lower and the upper quartile, interpolated.
    public let q1: Double, q3: Double

    /// The spread of `values`; `nil` if there are none.
    public init?(_ values: [Double]) {
        guard let smallest = values.min(), let largest = values.max() else { return nil }
        let sorted = values.sorted()
        func quantile(_ fraction: Double) -> Double {
            let position = fraction * Double(sorted.count - 1)
            let below = Int(position)
            let above = Swift.min(below + 1, sorted.count - 1)
            return sorted[below] + (sorted[above] - sorted[below]) * (position - Double(below))
        }
        (median, min, max, q1, q3) = (quantile(0.5), smallest, largest, quantile(0.25), quantile(0.75))
    }

    /// A spread of known values, as a result on file has it.
    init(median: Double, min: Double, max: Double, q1: Double, q3: Double) {
        (self.median, self.min, self.max, self.q1, self.q3) = (median, min, max, q1, q3)
    }
}
