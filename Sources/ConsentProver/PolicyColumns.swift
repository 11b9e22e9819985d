// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
internal import Groups

/// The clauses of a statement over the columns of a page of openings: the bulk form of `Statement.violations(of:)`, which words the refusals.
///
/// Timing: variable; it decides which consents are used, which the bundle shows.
struct PolicyColumns {
    private let required: [UInt64]
    private let forbidden: [UInt64]
    /// The latest first day, and the earliest day after the last, as offsets from the first calendar day.
    private let latestFirst, earliestEnd: UInt64
    /// Columns that must hold a scalar, and the scalars, four limbs each.
    private let columns: [Int]
    private let limbs: [UInt64]

    /// The clauses of a statement, whose constants have been checked to be of their attributes' kinds.
    init(_ statement: Statement) {
        let schema = statement.schema
        func mask(_ flags: [Int]) -> [UInt64] {
            var words = [UInt64](repeating: 0, count: (schema.flags.count + 63) / 64)
            for flag in flags { words[flag / 64] |= 1 << UInt64(flag % 64) }
            return words
        }
        required = mask(statement.requiredFlags)
        forbidden = mask(statement.forbiddenFlags)
        if let inForce = statement.inForce {
            // The statement's days lie in the calendar; others would be accepted by no slot.
            let offsets = schema.calendarOffsets(of: inForce)
            latestFirst = offsets.map { UInt64($0.lowerBound) } ?? 0
            earliestEnd = offsets.map { UInt64($0.upperBound) } ?? .max
        } else {
            (latestFirst, earliestEnd) = (.max, 0)
        }
        var (columns, limbs): ([Int], [UInt64]) = ([], [])
        for (column, value) in statement.constants.sorted(by: { $0.key < $1.key }) {
            guard let scalar = schema.attributes[column].scalar(of: value) else { continue }
            columns.append(column)
            limbs += scalar.limbs
        }
        self.columns = columns
        self.limbs = limbs
    }

    /// Whether the consent in a slot satisfies every clause.
    func accept(_ slot: Int, of page: Span<UInt64>, _ layout: OpeningPageLayout) -> Bool {
        for word in 0..<layout.flagWords {
            let flags = page[layout.flags.lowerBound + layout.flagWords * slot + word]
            guard flags & required[word] == required[word], flags & forbidden[word] == 0 else { return false }
        }
        let inForce = page[layout.days.lowerBound + slot]
        guard inForce & 0xffff_ffff <= latestFirst, inForce >> 32 >= earliestEnd else { return false }
        let width = OpeningPageLayout.scalarWords
        for number in columns.indices {
            let start = layout.attribute(columns[number]).lowerBound + width * slot
            for limb in 0..<width where page[start + limb] != limbs[width * number + limb] { return false }
        }
        return true
    }
}
