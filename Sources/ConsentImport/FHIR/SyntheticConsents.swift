// SPDX-License-Identifier: Apache-2.0

public import ConsentModel

/// Synthetic consents for demonstrations: one FHIR R4 `Consent` for each record, in the form of HL7's published examples, generated
/// deterministically. (Real people's consents are not public.)
///
/// Each line is one resource: an active privacy consent of `Patient/<row number>` (or the record's subject) with the controller as its
/// organization, whose only rule permits the purposes for the one record, on the days of the interval. ``ConsentImporter`` reads it as
/// one consent. The same arguments give the same bytes, always.
public enum SyntheticConsents {
    /// What the consents say.
    public struct Template: Hashable, Sendable {
        /// The controller, best a URL.
        public var controller: String
        /// The URI of the privacy notice.
        public var notice: String
        /// The days in force.
        public var inForce: DayInterval
        /// Codes of HL7 v3 ActReason; see ``PurposeOfUse``.
        public var purposes: [String]
        /// Terms of the DPV's personal data extension.
        public var dataCategories: [String]

        /// Consents to scientific research (HRESCH) with health data.
        public init(
            controller: String, inForce: DayInterval, notice: String? = nil, purposes: [String] = ["HRESCH"],
            dataCategories: [String] = ["Health"]
        ) {
            self.controller = controller
            self.inForce = inForce
            self.notice = notice ?? "\(controller)/notices/research"
            self.purposes = purposes
            self.dataCategories = dataCategories
        }
    }

    /// The consent for one record, one line of NDJSON without its end.
    ///
    /// - Parameter leavingOut: purposes of the template that this data subject did not agree to. They are denied by a nested rule, as
    ///   in HL7's
    ///   examples of exceptions, so that the importer's treatment of denials is exercised.
    public static func line(for record: Record, _ template: Template, leavingOut: Set<String> = []) -> [UInt8] {
        resource(for: record, template, leavingOut: leavingOut).canonical
    }

    /// The consents for records, as NDJSON.
    ///
    /// - Parameter leavingOut: the purposes that the data subject of a row did not agree to, by row number.
    public static func ndjson(for records: some Sequence<Record>, _ template: Template, leavingOut: [Int: Set<String>] = [:]) -> [UInt8] {
        var output: [UInt8] = []
        for record in records {
            output += line(for: record, template, leavingOut: leavingOut[record.number] ?? [])
            output.append(newline)
        }
        return output
    }

    /// The consent for one record.
    public static func resource(for record: Record, _ template: Template, leavingOut: Set<String> = []) -> JSONValue {
        let patient = record.subject.map { String(decoding: $0, as: UTF8.self) } ?? "Patient/\(record.number)"
        var provision: [String: JSONValue] = [
            "type": .string("permit"),
            "period": .object([
                "start": .string(template.inForce.first.iso8601), "end": .string(template.inForce.last.iso8601),
            ]),
            "purpose": .array(template.purposes.map { coding(PurposeOfUse.system, $0) }),
            "data": .array([
                .object([
                    "meaning": .string("instance"),
                    "reference": identifier(FHIRConsents.recordSystem, RecordDigest.encode(record.digest)),
                ])
            ]),
        ]
        if !template.dataCategories.isEmpty {
            provision["class"] = .array(template.dataCategories.map { coding("https://w3id.org/dpv/pd#", $0) })
        }
        let denied = template.purposes.filter(leavingOut.contains)
        if !denied.isEmpty {
            provision["provision"] = .array([
                .object(["type": .string("deny"), "purpose": .array(denied.map { coding(PurposeOfUse.system, $0) })])
            ])
        }
        return .object([
            "resourceType": .string("Consent"),
            "id": .string("consent-\(record.number)"),
            "status": .string("active"),
            "scope": concept("http://terminology.hl7.org/CodeSystem/consentscope", "research"),
            "category": .array([concept("http://loinc.org", "59284-0")]),
            "patient": .object(["reference": .string(patient)]),
            "dateTime": .string(template.inForce.first.iso8601),
            "organization": .array([identifier("urn:ietf:rfc:3986", template.controller)]),
            "policy": .array([.object(["uri": .string(template.notice)])]),
            "provision": .object(provision),
        ])
    }

    private static func coding(_ system: String, _ code: String) -> JSONValue {
        .object(["system": .string(system), "code": .string(code)])
    }

    private static func concept(_ system: String, _ code: String) -> JSONValue {
        .object(["coding": .array([coding(system, code)])])
    }

    private static func identifier(_ system: String, _ value: String) -> JSONValue {
        .object(["identifier": .object(["system": .string(system), "value": .string(value)])])
    }
}
