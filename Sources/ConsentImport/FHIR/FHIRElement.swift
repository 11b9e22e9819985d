// SPDX-License-Identifier: Apache-2.0

import ConsentModel

/// A JSON object of a FHIR resource, read strictly: a member of the wrong type is an error, never absent.
struct FHIRElement {
    let members: [String: JSONValue]
    /// The FHIRPath-like name of the element, for messages.
    let path: String

    init(_ value: JSONValue, path: String) throws(ModelError) {
        guard case .object(let members) = value else { throw ModelError("fhir-shape", "\(path) is not an object") }
        self.members = members
        self.path = path
    }

    func has(_ name: String) -> Bool { members[name] != nil }

    /// Refuses modifier extensions (they change the meaning of what they stand in), and all members but these. Extensions are refused too,
    /// except where `extensions` says that they cannot restrict anything.
    func allow(_ names: Set<String>, extensions: Bool = false) throws(ModelError) {
        for name in members.keys.sorted() where !names.contains(name) && name != "id" {
            switch name {
            case "modifierExtension":
                throw ModelError("modifier-extension", "\(path) has a modifier extension, which can change its meaning")
            case "extension" where extensions: continue
            case "extension":
                throw ModelError("extension", "\(path) has an extension, which may restrict it")
            default: throw ModelError("unknown-member", "\(path) has the member \(name), which is not understood")
            }
        }
    }

    /// A text, not empty.
    func text(_ name: String) throws(ModelError) -> String? {
        guard let value = members[name] else { return nil }
        guard let text = value.string, !text.isEmpty else { throw shape(name, "a text") }
        return text
    }

    func element(_ name: String) throws(ModelError) -> FHIRElement? {
        guard let value = members[name] else { return nil }
        return try FHIRElement(value, path: "\(path).\(name)")
    }

    /// The objects of a list; none if it is absent. FHIR has no empty lists.
    func elements(_ name: String) throws(ModelError) -> [FHIRElement] {
        guard let value = members[name] else { return [] }
        guard let values = value.array, !values.isEmpty else { throw shape(name, "a list") }
        var elements: [FHIRElement] = []
        for (index, value) in values.enumerated() { elements.append(try FHIRElement(value, path: "\(path).\(name)[\(index)]")) }
        return elements
    }

    /// The codings of a list of `Coding`.
    func codings(_ name: String) throws(ModelError) -> [FHIRCoding] {
        var codings: [FHIRCoding] = []
        for element in try elements(name) { codings.append(try FHIRCoding(element)) }
        return codings
    }

    /// The alternatives of a `CodeableConcept`; several codings say the same thing in several vocabularies.
    func conceptCodings() throws(ModelError) -> [FHIRCoding] {
        try allow(["coding", "text"], extensions: true)
        return try codings("coding")
    }

    /// What a `Reference` points to: its `reference`, else the value of its `identifier`.
    func target() throws(ModelError) -> String {
        try allow(["reference", "type", "identifier", "display"], extensions: true)
        if let reference = try text("reference") {
            // Not hasPrefix, which takes the sign and a combining character after it for one other character.
            guard reference.utf8.first != UInt8(ascii: "#") else {
                throw ModelError("contained-reference", "\(path) points into the resource itself", hint: "use an identifier")
            }
            return reference
        }
        guard let identifier = try FHIRIdentifier(self) else {
            throw ModelError("reference-missing", "\(path) has neither a reference nor an identifier")
        }
        let isURI = identifier.system == nil || identifier.system == "urn:ietf:rfc:3986"
        return isURI ? identifier.value : "\(identifier.system ?? "")|\(identifier.value)"
    }

    private func shape(_ name: String, _ what: String) -> ModelError {
        ModelError("fhir-shape", "\(path).\(name) is not \(what)")
    }
}

/// A FHIR `Coding`.
struct FHIRCoding: Hashable {
    let system: String
    let code: String

    /// How codings name the Data Privacy Vocabulary.
    static let dpvSystems: Set<String> = ["https://w3id.org/dpv#", "https://w3id.org/dpv"]
    /// How codings name its extension of personal data categories.
    static let personalDataSystems: Set<String> = ["https://w3id.org/dpv/pd#", "https://w3id.org/dpv/pd"]

    init(_ element: FHIRElement) throws(ModelError) {
        try element.allow(["system", "version", "code", "display", "userSelected"])
        system = try element.text("system") ?? ""
        code = try element.text("code") ?? ""
    }

    /// `system|code`, FHIR's token form.
    var token: String { "\(system)|\(code)" }
}

/// The `identifier` of a FHIR `Reference`.
struct FHIRIdentifier: Hashable {
    let system: String?
    let value: String

    /// The logical reference of `reference`; `nil` without one.
    init?(_ reference: FHIRElement) throws(ModelError) {
        guard let element = try reference.element("identifier") else { return nil }
        try element.allow(["use", "type", "system", "value", "period", "assigner"], extensions: true)
        system = try element.text("system")
        guard let value = try element.text("value") else {
            throw ModelError("reference-missing", "\(element.path) has no value")
        }
        self.value = value
    }
}
