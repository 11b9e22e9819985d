// SPDX-License-Identifier: Apache-2.0

import ConsentModel

/// The members of a permitting rule that say for whom, for which use and for which data it holds.
extension FHIRRules {
    /// The holder whom the rule permits; `nil` if it permits everybody.
    ///
    /// Only information recipients (PRCP, IRCP) that the caller declared as the holder are understood.
    mutating func recipient(of element: FHIRElement) throws(ModelError) -> String? {
        let holders = holders
        let actors = try understood(try element.elements("actor")) { actor throws(ModelError) -> String in
            try actor.allow(["role", "reference"])
            guard let role = try actor.element("role"), let reference = try actor.element("reference") else {
                throw ModelError("fhir-shape", "\(actor.path) has no role or no reference")
            }
            let roles = try role.conceptCodings().filter { $0.system == "http://terminology.hl7.org/CodeSystem/v3-ParticipationType" }
            let target = try reference.target()
            guard roles.contains(where: { $0.code == "PRCP" || $0.code == "IRCP" }), holders.contains(target) else {
                throw ModelError(
                    "actor-restricted", "\(actor.path) permits somebody who is not declared as the holder",
                    hint: "declare the holder's reference")
            }
            return target
        }
        return actors.first
    }

    /// The DPV processing operations that the rule permits; none if it does not name actions. `use` must be among them: that is what data
    /// holders do.
    mutating func processing(of element: FHIRElement) throws(ModelError) -> Set<String> {
        let terms = ["use": "Use", "collect": "Collect", "disclose": "Share"]
        let found = try understood(try element.elements("action")) { action throws(ModelError) -> Set<String> in
            var found = Set<String>()
            for coding in try action.conceptCodings() {
                if coding.system == "http://terminology.hl7.org/CodeSystem/consentaction", let term = terms[coding.code] {
                    found.insert(term)
                }
                if FHIRCoding.dpvSystems.contains(coding.system) { found.insert(coding.code) }
            }
            guard !found.isEmpty else { throw ModelError("action-unknown", "\(action.path) is no action that is understood") }
            return found
        }
        let all = found.reduce(into: Set()) { $0.formUnion($1) }
        guard all.isEmpty || all.contains("Use") else {
            throw ModelError("action-restricted", "\(element.path) permits some actions but not the use of the data")
        }
        return all
    }

    /// The DPV data categories that the rule is restricted to; none if it is not restricted.
    mutating func categories(of element: FHIRElement) throws(ModelError) -> Set<String> {
        let found = try understood(try element.elements("class")) { element throws(ModelError) -> String in
            let coding = try FHIRCoding(element)
            guard FHIRCoding.personalDataSystems.contains(coding.system), !coding.code.isEmpty else {
                throw ModelError("class-unknown", "\(element.path) is \(coding.token), which is no data category of the DPV")
            }
            return coding.code
        }
        return Set(found)
    }

    /// The digests of the records that the rule is restricted to; `nil` if it is not restricted to data.
    mutating func recordDigests(of element: FHIRElement) throws(ModelError) -> [[UInt8]]? {
        guard element.has("data") else { return nil }
        let index = records
        return try understood(try element.elements("data")) { data throws(ModelError) -> [UInt8] in
            try data.allow(["meaning", "reference"])
            guard let meaning = try data.text("meaning"), let reference = try data.element("reference") else {
                throw ModelError("fhir-shape", "\(data.path) has no meaning or no reference")
            }
            try reference.allow(["reference", "type", "identifier", "display"])
            guard !reference.has("reference"), let identifier = try FHIRIdentifier(reference),
                identifier.system == FHIRConsents.recordSystem || identifier.system == FHIRConsents.recordKeySystem
            else {
                throw ModelError(
                    "data-reference-unknown", "\(reference.path) is no record",
                    hint: "use an identifier of the system \(FHIRConsents.recordSystem) or \(FHIRConsents.recordKeySystem)")
            }
            guard meaning == "instance" else {
                throw ModelError(
                    "data-meaning", "\(data.path) means data around a record, not the record itself", hint: "the meaning must be instance")
            }
            guard identifier.system == FHIRConsents.recordKeySystem else {
                guard let digest = RecordDigest.decode(identifier.value) else {
                    throw ModelError("record-digest", "\(reference.path) is no record digest of 64 lower-case hex digits")
                }
                return digest
            }
            guard let index else {
                throw ModelError(
                    "record-key-unknown", "\(reference.path) names a record by key", hint: RecordHint.missingTable)
            }
            guard let digest = index.digest(cells: [identifier.value]) else {
                throw ModelError(
                    "record-key-unknown", "\(reference.path): the table of records has no such key", hint: RecordHint.unknownKey(index))
            }
            return digest
        }
    }
}

/// The text form of record digests: 64 lower-case hex digits.
enum RecordDigest {
    static func decode(_ text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count == 64 else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: 64, by: 2) {
            guard let high = value(digits[index]), let low = value(digits[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    static func encode(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
