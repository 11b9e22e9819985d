// SPDX-License-Identifier: Apache-2.0

public import ConsentModel

/// What an import made of a file: nothing is dropped without a word.
public struct ImportResult: Sendable {
    /// The consents, in the order of the file.
    public var consents: [Consent] = []
    /// What was refused, in the order of the file.
    public var refusals: [Refusal] = []

    /// Nothing yet.
    public init() {}

    /// The refusals of whole consents.
    public var refusedConsents: [Refusal] { refusals.filter { !$0.isPartial } }
}

/// One consent, or a part of one, that was not imported.
public struct Refusal: Hashable, Sendable {
    /// The position of the consent in the file, from 1: of the row, of the line or of the resource.
    public let position: Int
    /// The id that the file gives it.
    public let id: String?
    /// Why, with the line where the format has lines.
    public let reason: ModelError
    /// Whether the consent was imported without this part, so that it grants less than the file says.
    public let isPartial: Bool

    init(position: Int, id: String?, reason: ModelError, isPartial: Bool = false) {
        self.position = position
        self.id = id
        self.reason = reason
        self.isPartial = isPartial
    }
}

/// The formats that consents are imported from.
public enum ConsentFormat: String, Hashable, Sendable, CaseIterable {
    /// The normalised form, one JSON object a line (docs/formats.md).
    case jsonl
    /// A table with columns named as the schema's attributes and flag groups.
    case csv
    /// One FHIR R4 document in JSON: a `Consent` or a `Bundle`.
    case fhir
    /// FHIR R4 resources in JSON, one a line.
    case fhirNDJSON = "fhir-ndjson"

    /// The format of a file that begins with `prefix` (some kilobytes of it, or all).
    ///
    /// - Throws: `consent-format` for anything else, named where it is known.
    public static func detect(_ prefix: [UInt8]) throws(ModelError) -> ConsentFormat {
        guard let first = firstCharacter(of: prefix) else { throw unknown("the file is empty") }
        switch first {
        case UInt8(ascii: "{"):
            let text = prefix.starts(with: [0xef, 0xbb, 0xbf]) ? prefix.dropFirst(3) : prefix[...]
            let isFHIR = contains("\"resourceType\"", in: text)
            guard let end = text.firstIndex(of: newline) else { return isFHIR ? .fhirNDJSON : .jsonl }
            guard let value = try? JSONValue(parsing: Array(text[..<end])) else {
                if isFHIR && !isWholeObject(text[..<end]) { return .fhir }
                return isFHIR ? .fhirNDJSON : .jsonl
            }
            return value["resourceType"] == nil ? .jsonl : .fhirNDJSON
        case UInt8(ascii: "["):
            throw unknown("the file is a JSON array", hint: "write one object a line: jq -c '.[]'")
        case UInt8(ascii: "<"):
            throw unknown("the file is XML", hint: "FHIR is read in its JSON form")
        default:
            let header = prefix.prefix { $0 != newline }
            guard header.contains(UInt8(ascii: ",")), !header.contains(0) else { throw unknown("the first line is no header of a table") }
            return .csv
        }
    }

    private static func unknown(_ message: String, hint: String? = nil) -> ModelError {
        ModelError(
            "consent-format", message, position: .byte(0),
            hint: hint ?? "consents are read from JSON Lines, CSV with a header, and FHIR R4 JSON")
    }

    private static func contains(_ text: String, in bytes: ArraySlice<UInt8>) -> Bool {
        let needle = Array(text.utf8)
        return bytes.indices.contains { bytes[$0] == needle[0] && bytes[$0...].starts(with: needle) }
    }

    /// Whether a line looks like one object from end to end.
    private static func isWholeObject(_ line: ArraySlice<UInt8>) -> Bool {
        line.last { $0 != 0x20 && $0 != 0x09 && $0 != carriageReturn } == UInt8(ascii: "}")
    }
}
