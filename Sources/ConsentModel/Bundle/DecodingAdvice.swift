// SPDX-License-Identifier: Apache-2.0
internal import Groups

/// Optional columns of a bundle with what decoding the commitments would compute: the inverse square root of RFC 9496 section 4.3.1, 32 bytes each.
///
/// Checked, never trusted: wrong advice costs time and changes no verdict. It is outside the transcript.
public struct DecodingAdvice: Sendable {
    /// The names of the columns, in the order of the file.
    static let names = ["advice.data_points", "advice.entries"]

    /// For each data point.
    public let dataPoints: BytesColumn
    /// For each entry, for its `C`.
    public let entries: BytesColumn

    /// Any columns: the contents need not be right.
    public init(dataPoints: BytesColumn, entries: BytesColumn) {
        self.dataPoints = dataPoints
        self.entries = entries
    }

    /// The right advice for the columns of a bundle.
    ///
    /// - Parameters:
    ///   - dataPoints: encodings, 32 bytes each.
    ///   - entries: entries.
    public init?(dataPoints: BytesColumn, adviceForEntries entries: BytesColumn) {
        let calendars = Entry.calendars(of: entries, 0..<entries.count)
        guard let dataAdvice = BytesColumn(dataPoints.withSpan { Suite.decodingAdvice(for: $0) }, rowByteCount: 32),
            let entryAdvice = BytesColumn(Suite.decodingAdvice(for: calendars.span), rowByteCount: 32)
        else { return nil }
        self.init(dataPoints: dataAdvice, entries: entryAdvice)
    }

    /// The length of both columns in bytes.
    public var byteCount: Int { dataPoints.byteCount + entries.byteCount }
}

extension Bundle {
    /// The same bundle with decoding advice.
    ///
    /// - Throws: as the initialiser.
    public func advised() throws(ModelError) -> Bundle {
        try with(advice: DecodingAdvice(dataPoints: dataPoints, adviceForEntries: entries))
    }

    /// The same bundle with this advice, or none.
    ///
    /// - Throws: as the initialiser.
    public func with(advice: DecodingAdvice?) throws(ModelError) -> Bundle {
        try Bundle(
            header: header, positions: positions, entryLedgers: entryLedgers, entryIndices: entryIndices, entries: entries,
            dataPoints: dataPoints, inclusions: inclusions, revocations: revocations, revealed: revealed, proof: proof, advice: advice)
    }
}
