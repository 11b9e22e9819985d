// SPDX-License-Identifier: Apache-2.0
public import ConsentModel
public import Groups
public import Secrets

/// Commits the rows of a dataset: `D = rec G_D + subj G_D' + s H`, the holder's side of docs/protocol.md section 2.
public struct DataPointCommitter: Sendable {
    private let bases: Suite.FixedBases

    /// Prepares the tables of the data-point generators, which are those of every schema.
    public init() {
        let bases = Generators.derive([Generators.recordLabel, Generators.subjectLabel, Generators.blindingLabel])
        self.bases = Suite.fixedBases(bases)
    }

    /// Commitments with their blindings.
    public struct Committed: ~Copyable {
        /// `D` of each row, 32 bytes each.
        public let dataPoints: [UInt8]
        /// `s` of each row.
        public let blindings: SecretScalars<Suite>
        /// For each row three scalars: of its record, of its subject (0 if there is none), and `s`.
        public let scalars: SecretScalars<Suite>
    }

    /// Commits rows under fresh blindings.
    ///
    /// - Parameters:
    ///   - records: The record digests, 32 bytes each.
    ///   - subjects: The canonical bytes of each row's subject, or `nil` if the dataset declares none; as many as records.
    public func commit(records: [[UInt8]], subjects: [[UInt8]]?) -> Committed {
        precondition(subjects == nil || subjects?.count == records.count, "one subject for each row")
        let count = records.count
        let limbs = Suite.scalarLimbCount
        let blindings = SecretScalars<Suite>.random(count: count)
        var scalars = SecretScalars<Suite>(zeros: 3 * count)
        var scalar = SecretLimbs(count: limbs)
        for row in 0..<count {
            scalar.reduce(wiping: Identifier.wideBytes(type: "record", bytes: records[row]))
            scalar.withSpan { scalars.set(limbs: $0, at: 3 * row) }
            if let subjects {
                scalar.reduce(wiping: Identifier.wideBytes(type: "subject", bytes: subjects[row]))
                scalar.withSpan { scalars.set(limbs: $0, at: 3 * row + 1) }
            }
            blindings.withScalar(row) { scalars.set(limbs: $0, at: 3 * row + 2) }
        }
        let points = scalars.withSpan { Suite.multiScalarMul(rows: count, $0, bases) }
        var dataPoints = Suite.encode(points)
        declassify(&dataPoints, as: .commitment)
        return Committed(dataPoints: dataPoints, blindings: blindings, scalars: scalars)
    }
}
