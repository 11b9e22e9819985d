// SPDX-License-Identifier: Apache-2.0
public import ConsentModel
internal import Groups
internal import Secrets

/// The openings of a dataset's data points and of the consents at hand, in columns, wiped at the end of life.
///
/// | protocol.md | here |
/// |---|---|
/// | `rec_i`, `subj_i`, `s_i` | ``data``: three columns of N scalars |
/// | attribute values `v` | ``attributes``: one column of R scalars for each attribute of the schema |
/// | flags `b` | ``flags``: R rows of bits |
/// | first and last day in force | ``firstDays``, ``endDays``: R offsets from the first calendar day, the end exclusive |
/// | `k + t` | ``blindings``: R scalars |
/// | `k` | ``consentBlindings``: R scalars, for point proofs |
///
/// N is the number of rows, R that of receipts, which may be more than the bundle uses: an unused one has weight 0.
/// Timing: what is computed from the columns is constant time in them; N, R and the schema are public.
public struct DatasetWitness: ~Copyable {
    /// The schema of every consent.
    public let schema: Schema
    /// N.
    public let rowCount: Int
    /// R.
    public let receiptCount: Int

    var data: SecretScalars<Suite>
    var attributes: SecretScalars<Suite>
    var flags: SecretCell<UInt64>
    var firstDays: SecretCell<UInt32>
    var endDays: SecretCell<UInt32>
    var blindings: SecretScalars<Suite>
    var consentBlindings: SecretScalars<Suite>
    /// Which alternative of the policy holds, for each receipt.
    var alternatives: SecretCell<UInt64>
    /// The columns of receipts of further schemas, without rows. A receipt has its number in all of them and its values in that of its schema.
    var others: [Receipts] = []

    /// The columns of receipts of one further schema. They take no memory before one is set.
    final class Receipts {
        private let capacity: Int
        private(set) var witness: DatasetWitness

        init(schema: Schema, receipts: Int) {
            capacity = receipts
            witness = DatasetWitness(schema: schema, rows: 0, receipts: 0)
        }

        /// Whether no receipt has been set: then there are no columns.
        var isUnused: Bool { witness.receiptCount == 0 }

        func setReceipts(from first: Int, slots: Range<Int>, of page: Span<UInt64>, _ layout: OpeningPageLayout) {
            if isUnused { witness = DatasetWitness(schema: witness.schema, rows: 0, receipts: capacity) }
            witness.setReceipts(from: first, slots: slots, of: page, layout)
        }
    }

    /// Says that every column is secret from here on: see `Declassification`.
    package borrowing func classify() {
        data.classify()
        attributes.classify()
        flags.classify()
        firstDays.classify()
        endDays.classify()
        blindings.classify()
        consentBlindings.classify()
        alternatives.classify()
        for other in others { other.witness.classify() }
    }

    /// Room for N rows and R receipts, all zero.
    public init(schema: Schema, rows: Int, receipts: Int) {
        self.schema = schema
        rowCount = rows
        receiptCount = receipts
        data = SecretScalars(zeros: 3 * rows)
        attributes = SecretScalars(zeros: schema.attributes.count * receipts)
        flags = SecretCell(count: Self.wordsPerReceipt(schema) * receipts)
        firstDays = SecretCell(count: receipts)
        endDays = SecretCell(count: receipts)
        blindings = SecretScalars(zeros: receipts)
        consentBlindings = SecretScalars(zeros: receipts)
        alternatives = SecretCell(count: receipts)
    }

    /// Room for N rows and R receipts of any of some schemas, at least one.
    public init(schemas: [Schema], rows: Int, receipts: Int) {
        self.init(schema: schemas[0], rows: rows, receipts: receipts)
        others = schemas.dropFirst().map { Receipts(schema: $0, receipts: receipts) }
    }

    /// The 64-bit words that hold the flags of one consent.
    static func wordsPerReceipt(_ schema: Schema) -> Int { (schema.flags.count + 63) / 64 }

    /// Sets row `row`: the record's digest, the subject (`nil` if the dataset declares none) and the blinding of `D`, one reduced scalar.
    public mutating func setRow(_ row: Int, record: [UInt8], subject: [UInt8]?, blinding: Span<UInt64>) {
        setScalar(ofID: record, type: "record", at: row)
        if let subject { setScalar(ofID: subject, type: "subject", at: rowCount + row) }
        data.set(limbs: blinding, at: 2 * rowCount + row)
    }

    /// Sets receipt `receipt`: the consent, and the blindings `k` of `K` and `t` of the calendar, each one reduced scalar.
    ///
    /// - Throws: `opening-value`, `opening-days` when the consent is not one of the schema.
    public mutating func setReceipt(_ receipt: Int, consent: Consent, k: Span<UInt64>, t: Span<UInt64>) throws(ModelError) {
        var scalar = SecretLimbs(count: Suite.scalarLimbCount)
        for (column, attribute) in schema.attributes.enumerated() {
            guard let value = consent.values[attribute.name], let wide = attribute.wideBytes(of: value) else {
                throw ModelError("opening-value", "a receipt has no usable value of the attribute \(attribute.name)")
            }
            scalar.reduce(wiping: wide)
            scalar.withSpan { attributes.set(limbs: $0, at: column * receiptCount + receipt) }
        }
        guard let days = schema.calendarOffsets(of: consent.inForce) else {
            throw ModelError("opening-days", "a receipt's days in force are not in the calendar of the schema")
        }
        firstDays.withMutableSpan { $0[receipt] = UInt32(days.lowerBound) }
        endDays.withMutableSpan { $0[receipt] = UInt32(days.upperBound) }
        let words = Self.wordsPerReceipt(schema)
        flags.withMutableSpan { words_ in
            for (index, flag) in schema.flags.enumerated() where consent.has(flag.name, in: flag.group) {
                words_[words * receipt + index / 64] |= 1 << UInt64(index % 64)
            }
        }
        scalar.withMutableSpan { Suite.add(k, t, into: &$0) }
        scalar.withSpan { blindings.set(limbs: $0, at: receipt) }
        consentBlindings.set(limbs: k, at: receipt)
    }

    /// Sets the alternative of the policy that the consent of receipt `receipt` satisfies.
    mutating func setAlternative(_ receipt: Int, _ alternative: Int) {
        alternatives.withMutableSpan { $0[receipt] = UInt64(alternative) }
    }

    // MARK: Columns

    /// Sets rows from `first` on: the scalars of their records, of their subjects (0 where the dataset declares none), and the blindings of `D`.
    ///
    /// - Parameters: 4 limbs for each row, reduced; equal counts.
    public mutating func setRows(from first: Int, records: Span<UInt64>, subjects: Span<UInt64>, blindings: Span<UInt64>) {
        data.copy(records, at: first)
        data.copy(subjects, at: rowCount + first)
        data.copy(blindings, at: 2 * rowCount + first)
    }

    /// Sets the receipts from `first` on to a run of slots of a page of openings of the schema with the number `schema`.
    mutating func setReceipts(
        from first: Int, slots: Range<Int>, of page: Span<UInt64>, _ layout: OpeningPageLayout, schema: Int
    ) {
        if schema == 0 {
            setReceipts(from: first, slots: slots, of: page, layout)
        } else {
            others[schema - 1].setReceipts(from: first, slots: slots, of: page, layout)
        }
    }

    /// Sets the receipts from `first` on to a run of slots of a page of openings of the schema.
    ///
    /// - Parameter page: the words of the page.
    mutating func setReceipts(from first: Int, slots: Range<Int>, of page: Span<UInt64>, _ layout: OpeningPageLayout) {
        let limbs = Suite.scalarLimbCount
        for column in schema.attributes.indices {
            attributes.copy(page.extracting(Self.part(layout.attribute(column), limbs, slots)), at: column * receiptCount + first)
        }
        var sums = SecretLimbs(count: limbs * slots.count)
        sums.withMutableSpan {
            Suite.add(page.extracting(Self.part(layout.k, limbs, slots)), page.extracting(Self.part(layout.t, limbs, slots)), into: &$0)
        }
        sums.withSpan { blindings.copy($0, at: first) }
        consentBlindings.copy(page.extracting(Self.part(layout.k, limbs, slots)), at: first)
        let words = layout.flagWords
        flags.withMutableSpan { out in
            for word in 0..<words * slots.count {
                out[words * first + word] = page[layout.flags.lowerBound + words * slots.lowerBound + word]
            }
        }
        firstDays.withMutableSpan { out in
            for slot in slots { out[first + slot - slots.lowerBound] = UInt32(truncatingIfNeeded: page[layout.days.lowerBound + slot]) }
        }
        endDays.withMutableSpan { out in
            for slot in slots {
                out[first + slot - slots.lowerBound] = UInt32(truncatingIfNeeded: page[layout.days.lowerBound + slot] >> 32)
            }
        }
    }

    /// A page of some receipts with their blindings apart, which a witness does not keep.
    ///
    /// - Parameters:
    ///   - k, t: 4 limbs for each of `receipts`.
    ///   - entries: 118 bytes for each of `receipts`.
    borrowing func page(
        of receipts: Range<Int>, _ layout: OpeningPageLayout, k: Span<UInt64>, t: Span<UInt64>, entries: [UInt8]
    ) -> SecretLimbs {
        precondition(
            layout == OpeningPageLayout(count: receipts.count, schema: schema) && entries.count == layout.entryBytes.count, "a page")
        var page = SecretLimbs(count: layout.wordCount)
        let limbs = Suite.scalarLimbCount
        page.withMutableSpan { out in
            attributes.withSpan { values in
                for column in schema.attributes.indices {
                    let (to, from) = (layout.attribute(column).lowerBound, limbs * (column * receiptCount + receipts.lowerBound))
                    for word in 0..<limbs * receipts.count { out[to + word] = values[from + word] }
                }
            }
            for word in 0..<limbs * receipts.count {
                out[layout.k.lowerBound + word] = k[word]
                out[layout.t.lowerBound + word] = t[word]
            }
            let words = layout.flagWords
            flags.withSpan { flags in
                for word in 0..<words * receipts.count { out[layout.flags.lowerBound + word] = flags[words * receipts.lowerBound + word] }
            }
            firstDays.withSpan { first in
                endDays.withSpan { end in
                    for slot in 0..<receipts.count {
                        let receipt = receipts.lowerBound + slot
                        out[layout.days.lowerBound + slot] = UInt64(first[receipt]) | UInt64(end[receipt]) << 32
                    }
                }
            }
            for byte in entries.indices { out[layout.entries.lowerBound + byte / 8] |= UInt64(entries[byte]) << UInt64(8 * (byte % 8)) }
        }
        return page
    }

    private static func part(_ column: Range<Int>, _ width: Int, _ slots: Range<Int>) -> Range<Int> {
        column.lowerBound + width * slots.lowerBound..<column.lowerBound + width * slots.upperBound
    }

    private mutating func setScalar(ofID bytes: [UInt8], type: String, at index: Int) {
        var scalar = SecretLimbs(count: Suite.scalarLimbCount)
        scalar.reduce(wiping: Identifier.wideBytes(type: type, bytes: bytes))
        scalar.withSpan { data.set(limbs: $0, at: index) }
    }
}
