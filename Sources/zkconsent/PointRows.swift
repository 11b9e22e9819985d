// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel

/// The rows that `prove --row` names: numbers and ranges.
struct PointRows {
    /// The most rows of one command: each becomes a file.
    static let limit = 10_000

    /// The numbers, from 1.
    let numbers: Set<Int>

    /// - Throws: `invalid-value`.
    init(_ arguments: [String]) throws(ModelError) {
        var numbers: Set<Int> = []
        for argument in arguments {
            let parts = argument.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map { Int($0) }
            guard let first = parts[0], let last = parts[parts.count - 1], first >= 1, last >= first, last - first < Self.limit else {
                throw ModelError("invalid-value", "--row \(argument) is no row", hint: "write 17, or 17-20; the first row of data is row 1")
            }
            numbers.formUnion(first...last)
        }
        guard numbers.count <= Self.limit else {
            throw ModelError("invalid-value", "--row names more than \(Self.limit) rows", hint: "use --points and one bundle")
        }
        self.numbers = numbers
    }
}
