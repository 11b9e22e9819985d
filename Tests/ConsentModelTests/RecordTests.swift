// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import TestSupport
import Testing

@Suite struct RecordTests {
    @Test func equalRowsStayDistinct() throws {
        var canonicaliser = try RecordCanonicaliser(datasetID: "d")
        try canonicaliser.setColumns(["a"])
        let first = try canonicaliser.digest(cells: ["x"])
        #expect(try canonicaliser.digest(cells: ["x"]) != first)
        #expect(canonicaliser.rowCount == 2)
    }

    @Test func duplicateKeysAreRefused() throws {
        var canonicaliser = try RecordCanonicaliser(datasetID: "d", keyColumns: ["a", "b"])
        try canonicaliser.setColumns(["a", "b", "c"])
        _ = try canonicaliser.digest(cells: ["x", "yz", "1"])
        _ = try canonicaliser.digest(cells: ["xy", "z", "1"])
        #expect(refusal { () throws(ModelError) in try canonicaliser.digest(cells: ["x", "yz", "2"]) }?.code == "duplicate-key")
        #expect(refusal { () throws(ModelError) in try canonicaliser.digest(cells: ["x", "yz"]) }?.code == "row-length")
        #expect(canonicaliser.rowCount == 2)
    }

    @Test func columnsAreChecked() throws {
        var canonicaliser = try RecordCanonicaliser(datasetID: "d", keyColumns: ["patient"])
        #expect(refusal { () throws(ModelError) in try canonicaliser.digest(cells: []) }?.code == "missing-columns")
        let error = refusal { () throws(ModelError) in try canonicaliser.setColumns(["Patients", "x"]) }
        #expect(error?.code == "unknown-column")
        #expect(error?.hint == "did you mean Patients?")
        #expect(refusal { () throws(ModelError) in try canonicaliser.setColumns(["patient", "patient"]) }?.code == "duplicate-name")
        #expect(refusal { () throws(ModelError) in try RecordCanonicaliser(datasetID: "") }?.code == "invalid-value")
        #expect(
            refusal { () throws(ModelError) in try RecordCanonicaliser(datasetID: "d", keyColumns: ["a", "a"]) }?.code == "duplicate-name")
    }

    /// A JSONL row is its RFC 8785 form: order and layout do not matter, values do.
    @Test func jsonRows() throws {
        func digest(_ text: String, key: [String] = []) throws -> [UInt8] {
            var canonicaliser = try RecordCanonicaliser(datasetID: "d", keyColumns: key)
            return try canonicaliser.digest(json: try JSONValue(parsing: Array(text.utf8)))
        }
        let row = try digest(#"{"b": 1.0, "a": "x"}"#)
        #expect(row == Identifier.recordDigest(datasetID: "d", rowKey: Array("1".utf8), row: Array(#"{"a":"x","b":1}"#.utf8)))
        #expect(try digest(#"{"a":"x","b":1}"#) == row)
        #expect(try digest(#"{"a":"x","b":"1"}"#) != row)
        #expect(
            try digest(#"{"a":"x","b":1}"#, key: ["b", "a"])
                == Identifier.recordDigest(
                    datasetID: "d", rowKey: [1, 0, 0, 0, 0x31, 1, 0, 0, 0, 0x78], row: Array(#"{"a":"x","b":1}"#.utf8)))
        #expect(throws: ModelError.self) { try digest(#"{"a":"x"}"#, key: ["b"]) }
        #expect(throws: ModelError.self) { try digest("[1]", key: ["b"]) }
    }
}
