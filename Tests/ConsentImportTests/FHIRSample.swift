// SPDX-License-Identifier: Apache-2.0

import ConsentImport
import ConsentModel
import Foundation
import TestSupport
import Testing

/// Imports text under consent-v1.
func imported(
    _ text: String, format: ConsentFormat? = nil, options: ImportOptions = ImportOptions(), records: RecordIndex? = nil
) throws -> ImportResult {
    let importer = ConsentImporter(schema: try Schema.builtIn(named: "consent-v1"), options: options, records: records)
    return try importer.read(ByteSource(Array(text.utf8), pieceSize: 1_000), format: format)
}

// Parts of FHIR consents, for the tests of what is read and of what is refused.

let recordDigest = String(repeating: "0a", count: 32)
let other = String(repeating: "0b", count: 32)
let actReason = "http://terminology.hl7.org/CodeSystem/v3-ActReason"

func purposes(_ codes: String...) -> String {
    "\"purpose\":["
        + codes.map { code in
            code.hasPrefix("dpv:")
                ? "{\"system\":\"https://w3id.org/dpv#\",\"code\":\"\(code.dropFirst(4))\"}"
                : "{\"system\":\"\(actReason)\",\"code\":\"\(code)\"}"
        }.joined(separator: ",") + "]"
}

func data(_ digests: String...) -> String {
    "\"data\":["
        + digests.map {
            "{\"meaning\":\"instance\",\"reference\":{\"identifier\":{\"system\":\"urn:zkconsent:record\",\"value\":\"\($0)\"}}}"
        }
        .joined(separator: ",") + "]"
}

let period = "\"period\":{\"start\":\"2026-01-01\",\"end\":\"2026-12-31\"}"
let status = "\"status\":\"active\""
let scope = "\"scope\":{\"coding\":[{\"system\":\"http://terminology.hl7.org/CodeSystem/consentscope\",\"code\":\"research\"}]}"
let category = "\"category\":[{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"59284-0\"}]}]"
let patient = "\"patient\":{\"reference\":\"Patient/1\"}"
let organization = "\"organization\":[{\"reference\":\"Organization/f001\"}]"
let rule = "\"policyRule\":{\"coding\":[{\"system\":\"http://terminology.hl7.org/CodeSystem/v3-ActCode\",\"code\":\"OPTIN\"}]}"
let header = [status, scope, category, patient, organization, rule]

/// A consent of these members and this provision.
func consent(_ provision: String, header: [String] = header, id: String = "c") -> String {
    "{\"resourceType\":\"Consent\",\"id\":\"\(id)\"," + (header + ["\"provision\":{\(provision)}"]).joined(separator: ",") + "}"
}

func permit(_ more: String...) -> String {
    (["\"type\":\"permit\"", period, data(recordDigest)] + more).joined(separator: ",")
}
