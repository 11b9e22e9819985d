// SPDX-License-Identifier: Apache-2.0
public import ConsentModel
internal import Cores
public import Groups
internal import Primitives
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
        scalars.withMutableSpan { out in
            out.withUnsafeMutableBufferPointer { out in
                blindings.withSpan { blindings in
                    blindings.withUnsafeBufferPointer { blindings in
                        nonisolated(unsafe) let (out, blindings) = (out, blindings)
                        Parallel.chunks(count, minimum: 512) { rows in
                            var record = ScalarOfID(type: "record"), subject = ScalarOfID(type: "subject")
                            for row in rows {
                                record.write(records[row], to: out, at: 3 * limbs * row)
                                if let subjects { subject.write(subjects[row], to: out, at: (3 * row + 1) * limbs) }
                                for limb in 0..<limbs { out[(3 * row + 2) * limbs + limb] = blindings[row * limbs + limb] }
                            }
                        }
                    }
                }
            }
        }
        let points = scalars.withSpan { Suite.multiScalarMul(rows: count, $0, bases) }
        var dataPoints = Suite.encode(points)
        declassify(&dataPoints, as: .commitment)
        return Committed(dataPoints: dataPoints, blindings: blindings, scalars: scalars)
    }
}

/// Turns ids of one type into reduced scalars, one after the other in wiped cells.
private struct ScalarOfID: ~Copyable {
    private var hasher: Identifier.ManyHasher
    private var wide = SecretBytes(count: 64)
    private var scalar = SecretLimbs(count: Suite.scalarLimbCount)

    init(type: String) {
        hasher = Identifier.ManyHasher(type: type)
    }

    /// Writes the scalar of an id. Constant time in the hash.
    mutating func write(_ bytes: [UInt8], to out: UnsafeMutableBufferPointer<UInt64>, at limb: Int) {
        wide.withMutableSpan { hasher.hash(bytes, into: &$0) }
        wide.withSpan { wide in scalar.withMutableSpan { Suite.reduce(wide: wide, into: &$0) } }
        scalar.withSpan { scalar in for i in scalar.indices { out[limb + i] = scalar[i] } }
    }
}
