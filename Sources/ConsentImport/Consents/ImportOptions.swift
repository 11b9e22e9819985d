// SPDX-License-Identifier: Apache-2.0

public import ConsentModel

/// What an import cannot know from the file.
public struct ImportOptions: Hashable, Sendable {
    /// FHIR references or identifiers of the data holder: provisions that permit only certain actors are imported if one of them is here.
    public var holders: Set<String>
    /// Values of schema attributes that a FHIR consent does not state, such as `legal_basis` and `collection`; `controller` counts
    /// where the consent names no organization.
    public var defaults: [String: JSONValue]
    /// Whether a FHIR consent that is not restricted to certain data covers every record of its subject in the table of records. If
    /// not, it is refused.
    public var coversAllRecordsOfSubject: Bool
    /// Bounds on one JSON document; a line is bounded by the smaller defaults of `JSONValue.Limits`.
    public var documentLimits: JSONValue.Limits

    /// These options; by default no holders, no defaults, records must be named, documents of at most 256 MB.
    public init(
        holders: Set<String> = [], defaults: [String: JSONValue] = [:], coversAllRecordsOfSubject: Bool = false,
        documentLimits: JSONValue.Limits = .init(byteCount: 256 << 20, depth: 32, nodeCount: 20_000_000)
    ) {
        self.holders = holders
        self.defaults = defaults
        self.coversAllRecordsOfSubject = coversAllRecordsOfSubject
        self.documentLimits = documentLimits
    }
}

extension ImportOptions {
    /// Refuses what consents of this format have no use for: nothing that was asked for is passed over.
    ///
    /// - Throws: `option-unused`.
    func check(_ format: ConsentFormat, _ records: RecordIndex?) throws(ModelError) {
        let isTable = format == .csv
        guard isTable || format == .jsonl else { return }
        let options = [
            ("--default", !defaults.isEmpty), ("--holder", !holders.isEmpty), ("--all-records-of-subject", coversAllRecordsOfSubject),
            ("--subject-column", records?.hasSubjects ?? false), ("--records", records != nil && !isTable),
        ]
        guard let option = options.first(where: \.1)?.0 else { return }
        throw ModelError(
            "option-unused",
            "\(option) is for consents in \(option == "--records" ? "FHIR and CSV" : "FHIR"), and these are in \(isTable ? "CSV" : "JSON Lines")",
            hint: "leave it out, or say with --format what the file is")
    }
}
