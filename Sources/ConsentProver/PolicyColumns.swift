// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
internal import Groups

/// The clauses of a statement over the columns of a page of openings: the bulk form of `Statement.violations(of:for:)`, which words the refusals.
///
/// Timing: variable; it decides which consents are used, which the bundle shows.
struct PolicyColumns {
    private let common: Clauses
    private let alternatives: [Clauses]
    /// The days in force as offsets from the first calendar day; `nil` where none are asked for, or the proof shows them by ranges.
    private let days: Range<UInt64>?
    private let ranges: [Statement.RangeClause]
    private let rangeBits: Int

    /// The clauses of a statement, whose constants have been checked to be of their attributes' kinds.
    init(_ statement: Statement, _ kind: Statement.ProofKind) {
        let schema = statement.schema
        common = Clauses(
            schema, required: statement.requiredFlags, forbidden: statement.forbiddenFlags, constants: statement.constants)
        alternatives = statement.alternatives.map {
            Clauses(schema, required: $0.requiredFlags, forbidden: $0.forbiddenFlags, constants: $0.constants)
        }
        if kind == .dataset, let inForce = statement.inForce {
            // A calendar without these days has none that all are in force.
            days = schema.calendarOffsets(of: inForce).map { UInt64($0.lowerBound)..<UInt64($0.upperBound) } ?? 0..<UInt64(UInt32.max)
        } else {
            days = nil
        }
        ranges = (kind == .dataset ? nil : try? statement.pointRanges()) ?? statement.ranges
        rangeBits = statement.rangeBits
    }

    /// Whether the consent in a slot satisfies every clause.
    func accept(_ slot: Int, of page: Span<UInt64>, _ layout: OpeningPageLayout) -> Bool {
        guard common.hold(slot, of: page, layout) else { return false }
        if let days {
            let inForce = page[layout.days.lowerBound + slot]
            guard inForce & 0xffff_ffff <= days.lowerBound, inForce >> 32 >= days.upperBound else { return false }
        }
        for clause in ranges {
            let start = layout.attribute(clause.attribute).lowerBound + OpeningPageLayout.scalarWords * slot
            guard page[start + 1] | page[start + 2] | page[start + 3] == 0, clause.holds(page[start], bits: rangeBits) else { return false }
        }
        return alternatives.isEmpty || alternative(slot, of: page, layout) != nil
    }

    /// The first alternative that the consent in a slot satisfies.
    func alternative(_ slot: Int, of page: Span<UInt64>, _ layout: OpeningPageLayout) -> Int? {
        for index in alternatives.indices where alternatives[index].hold(slot, of: page, layout) { return index }
        return nil
    }

    /// Flags and constants.
    private struct Clauses {
        private let required: [UInt64]
        private let forbidden: [UInt64]
        /// Columns that must hold a scalar, and the scalars, four limbs each.
        private let columns: [Int]
        private let limbs: [UInt64]

        init(_ schema: Schema, required: [Int], forbidden: [Int], constants: [Int: ConsentValue]) {
            func mask(_ flags: [Int]) -> [UInt64] {
                var words = [UInt64](repeating: 0, count: (schema.flags.count + 63) / 64)
                for flag in flags { words[flag / 64] |= 1 << UInt64(flag % 64) }
                return words
            }
            self.required = mask(required)
            self.forbidden = mask(forbidden)
            var (columns, limbs): ([Int], [UInt64]) = ([], [])
            for (column, value) in constants.sorted(by: { $0.key < $1.key }) {
                guard let scalar = schema.attributes[column].scalar(of: value) else { continue }
                columns.append(column)
                limbs += scalar.limbs
            }
            self.columns = columns
            self.limbs = limbs
        }

        func hold(_ slot: Int, of page: Span<UInt64>, _ layout: OpeningPageLayout) -> Bool {
            for word in 0..<layout.flagWords {
                let flags = page[layout.flags.lowerBound + layout.flagWords * slot + word]
                guard flags & required[word] == required[word], flags & forbidden[word] == 0 else { return false }
            }
            let width = OpeningPageLayout.scalarWords
            for number in columns.indices {
                let start = layout.attribute(columns[number]).lowerBound + width * slot
                for limb in 0..<width where page[start + limb] != limbs[width * number + limb] { return false }
            }
            return true
        }
    }
}
