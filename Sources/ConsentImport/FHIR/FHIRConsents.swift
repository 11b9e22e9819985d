// SPDX-License-Identifier: Apache-2.0

import ConsentModel

/// Reads FHIR R4 (4.0.1) `Consent` resources.
///
/// | FHIR R4 | consent |
/// |---|---|
/// | `status` | must be `active` |
/// | `scope` | must be `patient-privacy` or `research` |
/// | `category` | must be there; DPV personal data codings count where `class` names none |
/// | `patient` | `subject`: the reference as it is written, else the identifier |
/// | `organization`, just one | `controller` |
/// | `policy.uri`, just one, else `policyRule` (`system|code`, else the text) | `notice` |
/// | `provision` | see ``FHIRRules`` |
/// | `provision.period` | `in_force`: whole UTC days; without an end to the end of the calendar |
/// | `provision.purpose` | `purposes`: see ``PurposeOfUse``; codings of `https://w3id.org/dpv#` by name |
/// | `provision.class` | `data_categories`: codings of `https://w3id.org/dpv/pd#` by name |
/// | `provision.action` | `processing`: use, collect, disclose (Share); DPV codings by name |
/// | `provision.actor` | `recipient`, if it is the declared holder |
/// | `provision.data` | `record`: an identifier of the systems below with the meaning `instance`; one consent for each record |
///
/// Modifier extensions, other security labels, codes, data periods, unknown members of a provision: refused.
struct FHIRConsents {
    /// The system of identifiers whose value is a record digest in hex.
    static let recordSystem = "urn:zkconsent:record"
    /// The system of identifiers whose value is a row key, joined to a ``RecordIndex``.
    static let recordKeySystem = "urn:zkconsent:record-key"
    /// A resource becomes at most this many consents: docs/formats.md, Consents from other forms.
    static let countLimit = 100_000

    let schema: Schema
    let options: ImportOptions
    let records: RecordIndex?

    /// The consents that one `Consent` resource becomes, and the parts of it that were left out.
    func consents(_ resource: JSONValue) throws(ModelError) -> (consents: [Consent], leftOut: [ModelError]) {
        let consent = try FHIRElement(resource, path: "Consent")
        try requireR4(consent)
        try requireHeader(consent)
        guard let id = try consent.text("id") else {
            throw ModelError("id-missing", "the resource has no id", hint: "every consent needs an id of its own")
        }
        var common = options.defaults
        common["subject"] = .string(try subject(of: consent))
        common["controller"] = .string(try controller(of: consent))
        let notice = try notice(of: consent)
        if schema.attribute(named: "notice") != nil { common["notice"] = .string(notice) }

        guard let provision = try consent.element("provision") else {
            throw ModelError("provision-missing", "the consent has no provision, so that it names no purpose")
        }
        var rules = FHIRRules(holders: options.holders, records: records)
        let grants = try rules.grants(try FHIRProvision(root: provision))
        var leftOut = rules.leftOut

        var count = 0
        var forms: [(form: [String: JSONValue], digests: [[UInt8]])] = []
        for grant in grants {
            var form = common
            try fill(&form, with: grant, of: consent, leftOut: &leftOut)
            let digests = try digests(of: grant, subject: common["subject"]?.string ?? "")
            count += digests.count
            guard count <= Self.countLimit else {
                throw ModelError(
                    "too-many-consents",
                    "the resource would become more than \(Self.countLimit) consents, one for each record that a rule permits",
                    hint: "write it as several resources, each for fewer records")
            }
            forms.append((form, digests))
        }
        var consents: [Consent] = []
        for (var form, digests) in forms {
            for digest in digests {
                form["record"] = .string(RecordDigest.encode(digest))
                form["id"] = .string(count == 1 ? id : "\(id)#\(consents.count + 1)")
                consents.append(try Consent(json: .object(form), schema: schema))
            }
        }
        return (consents, leftOut)
    }

    // MARK: Header

    private static let members: Set<String> = [
        "resourceType", "meta", "language", "text", "contained", "identifier", "status", "scope", "category", "patient", "dateTime",
        "performer",
        "organization", "sourceAttachment", "sourceReference", "policy", "policyRule", "verification", "provision",
    ]

    /// Refuses the shapes of other releases by their names.
    private func requireR4(_ consent: FHIRElement) throws(ModelError) {
        let isSTU3 = ["except", "period", "consentingParty", "actor", "action", "securityLabel", "purpose", "dataPeriod", "data"]
            .contains(where: consent.has)
        guard !isSTU3, consent.members["policyRule"]?.string == nil else {
            throw ModelError("fhir-stu3", "the consent has the form of FHIR STU3", hint: "convert it to FHIR R4")
        }
        let isR5 = [
            "decision", "subject", "controller", "regulatoryBasis", "grantor", "grantee", "manager", "date", "policyBasis", "policyText",
        ]
        .contains(where: consent.has)
        guard !isR5, consent.members["provision"]?.array == nil else {
            throw ModelError("fhir-r5", "the consent has the form of FHIR R5", hint: "convert it to FHIR R4")
        }
        guard !consent.has("implicitRules") else {
            throw ModelError("implicit-rules", "the consent was made under rules of its own (implicitRules)")
        }
        try consent.allow(Self.members, extensions: true)
    }

    private func requireHeader(_ consent: FHIRElement) throws(ModelError) {
        guard let status = try consent.text("status") else { throw ModelError("status-missing", "the consent has no status") }
        guard status == "active" else {
            throw ModelError("status-not-active", "the status is not active", hint: "only active consents count")
        }
        guard let scope = try consent.element("scope") else { throw ModelError("scope-missing", "the consent has no scope") }
        let scopes = try scope.conceptCodings().filter { $0.system == "http://terminology.hl7.org/CodeSystem/consentscope" }
        guard !scopes.isEmpty, scopes.allSatisfy({ $0.code == "patient-privacy" || $0.code == "research" }) else {
            throw ModelError("scope-unknown", "the scope is neither patient-privacy nor research")
        }
        let categories = try consent.elements("category")
        guard !categories.isEmpty else { throw ModelError("category-missing", "the consent has no category") }
        for category in categories { _ = try category.conceptCodings() }
        for verification in try consent.elements("verification") {
            try verification.allow(["verified", "verifiedWith", "verificationDate"], extensions: true)
            guard verification.members["verified"] == .bool(true) else {
                throw ModelError("not-verified", "\(verification.path) says that the consent was not verified")
            }
        }
    }

    private func subject(of consent: FHIRElement) throws(ModelError) -> String {
        guard let patient = try consent.element("patient") else { throw ModelError("patient-missing", "the consent has no patient") }
        return try patient.target()
    }

    private func controller(of consent: FHIRElement) throws(ModelError) -> String {
        let organizations = try consent.elements("organization")
        guard organizations.count <= 1 else {
            throw ModelError("controller-ambiguous", "the consent names several organizations", hint: "one of them is the controller")
        }
        guard let organization = organizations.first else {
            guard let controller = options.defaults["controller"]?.string else {
                throw ModelError("controller-missing", "the consent names no organization")
            }
            return controller
        }
        return try organization.target()
    }

    private func notice(of consent: FHIRElement) throws(ModelError) -> String {
        var uris: [String] = []
        for policy in try consent.elements("policy") {
            try policy.allow(["authority", "uri"], extensions: true)
            if let uri = try policy.text("uri") { uris.append(uri) }
        }
        guard uris.count <= 1 else { throw ModelError("policy-ambiguous", "the consent names several policies") }
        let rule = try consent.element("policyRule")
        let codings = try rule?.conceptCodings() ?? []
        let text = try rule?.text("text")
        guard let notice = uris.first ?? codings.first?.token ?? text else {
            throw ModelError("policy-missing", "the consent names neither a policy nor a policy rule")
        }
        return notice
    }

    // MARK: Grants

    private func fill(
        _ form: inout [String: JSONValue], with grant: FHIRGrant, of consent: FHIRElement, leftOut: inout [ModelError]
    ) throws(ModelError) {
        form["in_force"] = try days(of: grant.scope, leftOut: &leftOut)
        var purposes = Set<String>()
        for purpose in grant.purposes.sorted(by: { $0.code < $1.code }) {
            if let flag = purpose.flag, schema.flagIndex(flag, in: "purposes") != nil {
                purposes.insert(flag)
            } else {
                leftOut.append(
                    ModelError("purpose-not-in-schema", "the schema \(schema.name) has no purpose that \(purpose.code) can be read as"))
            }
        }
        guard !purposes.isEmpty else {
            throw leftOut.last { $0.code == "purpose-not-in-schema" } ?? ModelError("purpose-missing", "the consent names no purpose")
        }
        form["purposes"] = list(purposes)

        var categories = grant.scope.categories
        if categories.isEmpty {
            for category in try consent.elements("category") {
                for coding in try category.conceptCodings() where FHIRCoding.personalDataSystems.contains(coding.system) {
                    categories.insert(coding.code)
                }
            }
        }
        form["data_categories"] = try flags(categories, group: "data_categories", code: "class-not-in-schema", leftOut: &leftOut)
        form["processing"] = try flags(grant.scope.processing, group: "processing", code: "action-not-in-schema", leftOut: &leftOut)
        if let recipient = grant.scope.recipient, schema.attribute(named: "recipient") != nil { form["recipient"] = .string(recipient) }
    }

    /// The flags that the schema has; an error if there are none left of some, because their restriction would be lost.
    private func flags(
        _ names: Set<String>, group: String, code: String, leftOut: inout [ModelError]
    ) throws(ModelError) -> JSONValue? {
        guard !names.isEmpty else { return nil }
        let known = names.filter { schema.flagIndex($0, in: group) != nil }
        let unknown = names.subtracting(known).sorted().map {
            ModelError(code, "the schema \(schema.name) has no \($0) in \(group)")
        }
        if known.isEmpty, let error = unknown.first { throw error }
        leftOut += unknown
        return list(known)
    }

    private func list(_ names: Set<String>) -> JSONValue {
        .array(names.sorted().map { .string($0) })
    }

    private func days(of scope: FHIRGrant.Scope, leftOut: inout [ModelError]) throws(ModelError) -> JSONValue {
        let calendar = schema.calendar
        let first = max(scope.first, Int(calendar.first.number))
        let last = min(scope.last ?? .max, Int(calendar.last.number))
        guard first <= last, let from = Day(number: first), let to = Day(number: last) else {
            throw ModelError(
                "outside-calendar", "the period has no day in the calendar \(calendar.first)..\(calendar.last) of the schema \(schema.name)"
            )
        }
        if first > scope.first || last < scope.last ?? last {
            leftOut.append(ModelError("calendar-clamped", "the period was shortened to the calendar \(calendar.first)..\(calendar.last)"))
        }
        return .object(["from": .string(from.iso8601), "to": .string(to.iso8601)])
    }

    private func digests(of grant: FHIRGrant, subject: String) throws(ModelError) -> [[UInt8]] {
        if let records = grant.scope.records {
            var seen = Set<[UInt8]>()
            return records.filter { seen.insert($0).inserted }
        }
        guard options.coversAllRecordsOfSubject else {
            throw ModelError(
                "record-missing", "the consent names no record",
                hint: "add provision.data with an identifier of the system \(Self.recordSystem), or \(RecordHint.allOfSubject)")
        }
        let digests = records?.digests(subject: subject) ?? []
        guard !digests.isEmpty else { throw ModelError("record-missing", "the table of records has none of this subject") }
        return digests
    }
}
