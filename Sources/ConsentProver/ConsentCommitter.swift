// SPDX-License-Identifier: Apache-2.0
public import ConsentModel
public import Groups
public import Secrets

/// Commits consents: the issuer's side of docs/protocol.md section 2.
///
/// Timing: constant in the committed scalars, flags and days; hashing and decoding of a consent's own text are not.
public struct ConsentCommitter: Sendable {
    private let generators: GeneratorTable
    private let bases: Suite.FixedBases
    private let sums: CalendarSums
    private let blindingBase: Suite.FixedBases

    /// Prepares the tables of a schema once.
    public init(_ generators: GeneratorTable) {
        self.generators = generators
        bases = Suite.fixedBases(generators.attributes + [generators.blinding])
        blindingBase = Suite.fixedBases([generators.blinding])
        sums = CalendarSums(generators)
    }

    /// Consents with their commitments and blindings.
    public struct Committed: ~Copyable {
        /// `K` of each consent, 32 bytes each.
        public let consents: [UInt8]
        /// `C` of each consent, 32 bytes each.
        public let calendars: [UInt8]
        /// `k` of each consent: the blinding of `K`.
        public let consentBlindings: SecretScalars<Suite>
        /// `t` of each consent: the blinding of its calendar.
        public let calendarBlindings: SecretScalars<Suite>
        /// What was committed.
        let values: DatasetWitness

        /// The openings of some of the consents as a page of a store.
        ///
        /// - Parameters:
        ///   - consents: up to `OpeningPageLayout.countLimit` of them, at least one.
        ///   - entries: their entries, 118 bytes each.
        public borrowing func page(of consents: Range<Int>, entries: [UInt8]) throws(ModelError) -> SecretLimbs {
            guard let layout = OpeningPageLayout(count: consents.count, schema: values.schema), layout.entryBytes.count == entries.count
            else {
                throw ModelError("opening-page", "a page has 1 to \(OpeningPageLayout.countLimit) entries")
            }
            let range = Suite.scalarLimbCount * consents.lowerBound..<Suite.scalarLimbCount * consents.upperBound
            return consentBlindings.withSpan { k in
                calendarBlindings.withSpan { t in
                    values.page(of: consents, layout, k: k.extracting(range), t: t.extracting(range), entries: entries)
                }
            }
        }
    }

    /// Commits a batch under fresh blindings.
    ///
    /// - Throws: `opening-value`, `opening-days` when a consent is not one of the schema.
    public func commit(_ consents: [Consent]) throws(ModelError) -> Committed {
        var values = DatasetWitness(schema: generators.schema, rows: 0, receipts: consents.count)
        let zero = [UInt64](repeating: 0, count: Suite.scalarLimbCount)
        for (row, consent) in consents.enumerated() { try values.setReceipt(row, consent: consent, k: zero.span, t: zero.span) }
        return commit(values)
    }

    /// Commits the receipts of `values` under fresh blindings; its own blindings are not read. Constant time.
    package func commit(_ values: consuming DatasetWitness) -> Committed {
        let count = values.receiptCount
        let limbs = Suite.scalarLimbCount
        let columns = generators.schema.attributes.count
        let k = SecretScalars<Suite>.random(count: count)
        let t = SecretScalars<Suite>.random(count: count)

        var scalars = SecretLimbs(count: (columns + 1) * limbs * count)
        values.attributes.withSpan { attributes in
            k.withSpan { k in
                scalars.withMutableSpan { out in
                    for row in 0..<count {
                        let start = row * (columns + 1) * limbs
                        for column in 0..<columns {
                            for limb in 0..<limbs { out[start + column * limbs + limb] = attributes[(column * count + row) * limbs + limb] }
                        }
                        for limb in 0..<limbs { out[start + columns * limbs + limb] = k[row * limbs + limb] }
                    }
                }
            }
        }
        let attributeSums = scalars.withSpan { Suite.multiScalarMul(rows: count, $0, bases) }
        let consentPoints = sums.addingFlags(to: attributeSums, values.flags)
        let blindings = t.withSpan { Suite.multiScalarMul(rows: count, $0, blindingBase) }
        let calendars = sums.addingDays(
            to: consentPoints.indices.map { Suite.add(consentPoints[$0], blindings[$0]) }, firstDays: values.firstDays,
            endDays: values.endDays)
        var (consentBytes, calendarBytes) = (Suite.encode(consentPoints), Suite.encode(calendars))
        declassify(&consentBytes, as: .commitment)
        declassify(&calendarBytes, as: .commitment)
        return Committed(consents: consentBytes, calendars: calendarBytes, consentBlindings: k, calendarBlindings: t, values: values)
    }
}
