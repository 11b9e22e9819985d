// SPDX-License-Identifier: Apache-2.0
public import Groups

/// All generators of a schema.
///
/// Invariant: all of ``blinding``, ``recordData``, ``subjectData``, ``attributes``, ``flags`` and ``days`` are distinct, and none is the
/// identity.
///
/// | DESIGN, protocol.md | here |
/// |---|---|
/// | `H` | `blinding` |
/// | `G_D`, `G_D'` | `recordData`, `subjectData` |
/// | `A_a` | `attributes`, in schema order |
/// | `F_g,f` | `flags`, in schema order |
/// | `E_d` | `days`, from the first calendar day |
/// | `P_j` | `dayPrefixSums`, `days.count + 1` of them |
public struct GeneratorTable: Sendable {
    /// The schema.
    public let schema: Schema
    /// `H`, the base of blinding factors.
    public let blinding: Suite.Point
    /// `G_D`, the base of the record in a data point.
    public let recordData: Suite.Point
    /// `G_D'`, the base of the subject in a data point.
    public let subjectData: Suite.Point
    /// `A_a` for each attribute of the schema.
    public let attributes: [Suite.Point]
    /// `F_g,f` for each flag of the schema.
    public let flags: [Suite.Point]
    /// `E_d` for each day of the calendar.
    public let days: [Suite.Point]
    /// `P_j`, the sum of the first `j` days.
    public let dayPrefixSums: [Suite.Point]

    /// Derives the generators; refuses a schema with two equal ones or the identity.
    ///
    /// - Parameter other: A table of another schema, whose days need not be derived again.
    public init(_ schema: Schema, daysOf other: GeneratorTable? = nil) throws(ModelError) {
        var labels = [Generators.blindingLabel, Generators.recordLabel, Generators.subjectLabel]
        labels += schema.attributes.map { Generators.attributeLabel($0.name, schema: schema.digest) }
        labels += schema.flags.map { Generators.flagLabel($0, schema: schema.digest) }
        // The days that the other table has are put in place afterwards.
        var (before, known) = (0, ArraySlice<Suite.Point>())
        for number in schema.calendar.first.number...schema.calendar.last.number {
            guard let day = Day(number: Int(number)) else { continue }
            if let other, let offset = other.schema.calendarOffsets(of: DayInterval(on: day))?.lowerBound {
                if known.isEmpty { (before, known) = (labels.count, other.days[offset..<offset]) }
                known = other.days[known.startIndex...offset]
            } else {
                labels.append(Generators.dayLabel(day))
            }
        }
        var points = Generators.derive(labels)
        if !known.isEmpty { points.insert(contentsOf: known, at: before) }
        try Self.checkDistinct(points)
        self.schema = schema
        blinding = points[0]
        recordData = points[1]
        subjectData = points[2]
        let flagStart = 3 + schema.attributes.count
        let dayStart = flagStart + schema.flags.count
        attributes = Array(points[3..<flagStart])
        flags = Array(points[flagStart..<dayStart])
        days = Array(points[dayStart...])
        dayPrefixSums = Suite.prefixSums(days)
    }

    /// The bases of a data point, in order: `[G_D, G_D', H]`.
    public var dataBases: [Suite.Point] { [recordData, subjectData, blinding] }

    /// The bases of `K`, in order: attributes, flags, `H`.
    public var consentBases: [Suite.Point] { attributes + flags + [blinding] }

    /// `P_{e+1} - P_a`, the sum of the days of an interval; `nil` if it is not within the calendar.
    public func sum(of interval: DayInterval) -> Suite.Point? {
        guard let offsets = schema.calendarOffsets(of: interval) else { return nil }
        return Suite.add(dayPrefixSums[offsets.upperBound], Suite.negate(dayPrefixSums[offsets.lowerBound]))
    }

    /// Refuses equal elements and the identity.
    package static func checkDistinct(_ points: [Suite.Point]) throws(ModelError) {
        let encoded = Suite.encode(points)
        var seen = Set<[UInt64]>(minimumCapacity: points.count)
        let isDistinct = encoded.withUnsafeBytes { bytes in
            (0..<points.count).allSatisfy { index in
                let words = (0..<4).map { bytes.loadUnaligned(fromByteOffset: 32 * index + 8 * $0, as: UInt64.self) }
                return words != [0, 0, 0, 0] && seen.insert(words).inserted
            }
        }
        guard isDistinct else {
            throw ModelError(
                "schema-generators", "two generators of the schema are equal, or one is the identity", hint: "rename something")
        }
    }
}

extension Schema {
    /// The days of an interval as offsets from the first calendar day, end exclusive; `nil` if it is not within the calendar.
    public func calendarOffsets(of interval: DayInterval) -> Range<Int>? {
        guard calendar.contains(interval) else { return nil }
        let first = Int(interval.first.number - calendar.first.number)
        return first..<first + interval.count
    }
}
