// SPDX-License-Identifier: Apache-2.0

import ConsentImport
import ConsentModel
import Foundation
import TestSupport
import Testing

/// All rows, the header first, as text.
func table(_ bytes: [UInt8], pieceSize: Int = .max, limits: CSVLimits = CSVLimits()) throws(ModelError) -> [[String]] {
    var reader = try CSVReader(ByteSource(bytes, pieceSize: pieceSize), limits: limits)
    var rows = [reader.columns]
    while try reader.next() {
        rows.append((0..<reader.row.count).map { reader.row.text($0) })
    }
    return rows
}

@Suite struct CSVReaderTests {
    @Test(arguments: [1, 2, 3, 7, Int.max])
    func quotesLineEndsAndTheMark(pieceSize: Int) throws {
        let text = "\u{feff}a,\"b \"\"c\"\"\",\r\n1,\"two\nlines, one cell\",\"\"\r\n\"\",,é\n,,"
        #expect(
            try table(Array(text.utf8), pieceSize: pieceSize) == [
                ["a", "b \"c\"", ""], ["1", "two\nlines, one cell", ""], ["", "", "é"], ["", "", ""],
            ])
    }

    @Test func smallTables() throws {
        #expect(try table(Array("a".utf8)) == [["a"]])
        #expect(try table(Array("a\n".utf8)) == [["a"]])
        #expect(try table(Array("a\n\n".utf8)) == [["a"], [""]])
        #expect(try table(Array("\"a\"\r\n\"\"".utf8)) == [["a"], [""]])
        #expect(try table(Array(",x\n1,2".utf8)) == [["", "x"], ["1", "2"]])
    }

    @Test func rowsKnowTheirLines() throws {
        var reader = try CSVReader(ByteSource(Array("a\n\"1\n\n2\"\n3\n".utf8)))
        #expect(try reader.next() && reader.row.line == 2)
        #expect(try reader.next() && reader.row.line == 5)
        #expect(try !reader.next())
        #expect(try !reader.next())
    }

    @Test(
        arguments: [
            ("", "csv-no-header", 1), ("\n1\n", "csv-no-header", 1), ("\u{feff}", "csv-no-header", 1),
            ("a,a\n", "csv-duplicate-column", 1), (",b,\n", "csv-duplicate-column", 1),
            ("a,b\n1,2\n1\n", "csv-ragged-row", 3), ("a,b\n\"x\ny\",2\n1,2,3\n", "csv-ragged-row", 4),
            ("a,b\n1,2\n\n", "csv-ragged-row", 3),
            ("a,b\n1,2\"\n", "csv-stray-quote", 2), ("a,b\n1, \"2\"\n", "csv-stray-quote", 2),
            ("a,b\n\"1\"x,2\n", "csv-text-after-quote", 2),
            ("a,b\n\"1\" ,2\n", "csv-text-after-quote", 2), ("a,b\n1,\"2\n3\n", "csv-unclosed-quote", 2), ("\"a", "csv-unclosed-quote", 1),
            ("a,b\r1,2\r", "csv-bare-cr", 1), ("a,b\n1,2\r", "csv-bare-cr", 2), ("a,b\n1,\r2\n", "csv-bare-cr", 2),
            ("a,b\n\"\n\",2\r\r\n", "csv-bare-cr", 3),
        ])
    func refuses(text: String, code: String, line: Int) {
        for pieceSize in [1, 2, Int.max] {
            let error = #expect(throws: ModelError.self) { try table(Array(text.utf8), pieceSize: pieceSize) }
            #expect(error?.code == code)
            #expect(error?.position == .line(line, column: 1))
        }
    }

    @Test(
        arguments: [
            [0xff], [0xc3], [0xc3, 0x28], [0x80], [0xc0, 0x80], [0xe0, 0x80, 0x80], [0xed, 0xa0, 0x80], [0xf0, 0x8f, 0xbf, 0xbf],
            [0xf4, 0x90, 0x80, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82], [0xc3, 0x2c, 0xa9],
        ] as [[UInt8]])
    func refusesWhatIsNotUTF8(bad: [UInt8]) {
        for pieceSize in [1, 2, Int.max] {
            for ending in ["", ",2\n"] {
                let error = #expect(throws: ModelError.self) {
                    try table(Array("a,b\n1,2\n1,".utf8) + bad + Array(ending.utf8), pieceSize: pieceSize)
                }
                #expect(error?.code == "utf8")
                #expect(error?.message.hasPrefix("line 3, byte 1") == true)
            }
        }
    }

    @Test func utf8CheckAgreesWithTheStandardLibrary() {
        var seed: UInt64 = 1
        for _ in 0..<20_000 {
            let bytes = (0..<6).map { _ -> UInt8 in
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let pick = UInt8(truncatingIfNeeded: seed >> 40)
                return [0x41, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc2, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5, pick][Int(seed >> 33) % 15]
            }
            let isValid = String(validating: bytes, as: UTF8.self) != nil
            let isRead = (try? table([0x61, 0x0a, 0x22] + bytes.map { $0 == 0x22 ? 0x23 : $0 } + [0x22])) != nil
            #expect(isValid == isRead)
        }
    }

    @Test func limits() throws {
        let limits = CSVLimits(cellBytes: 4, rowBytes: 6, columns: 3)
        #expect(try table(Array("a,b,c\n1234,56,\n".utf8), limits: limits).count == 2)
        let cases = [
            "a\n12345": "csv-cell-too-long", "a\n\"12345\"": "csv-cell-too-long", "a,b\n1234,567": "csv-row-too-long",
            "a,b,c,d": "csv-too-many-columns",
        ]
        for (text, code) in cases {
            #expect(throws: ModelError.self) { try table(Array(text.utf8), limits: limits) }
            #expect((try? table(Array(text.utf8), limits: limits)) == nil, "\(code)")
        }
        let wide = Array(repeating: "", count: 10_001).joined(separator: ",")
        #expect(throws: ModelError.self) { try table(Array(wide.utf8)) }
        #expect(throws: ModelError.self) { try table(Array("a\n".utf8) + [UInt8](repeating: 0x61, count: 1 << 20 + 1)) }
    }

    /// Random tables written by Python's csv module read the same here, whatever the dialect of line ends and quoting.
    @Test(arguments: 0..<4)
    func agreesWithPython(seed: Int) throws {
        let script = """
            import csv, io, json, random, sys
            random.seed(\(seed))
            out = []
            for _ in range(200):
                columns = random.randint(2, 6)
                alphabet = ['a', 'é', '\\u20ac', '\\U0001f600', ',', '"', '\\n', '\\r', '\\r\\n', ' ', ';', '', '""', '\\t', '0']
                cell = lambda: ''.join(random.choice(alphabet) for _ in range(random.randint(0, 6)))
                rows = [[f'{i}' + cell() for i in range(columns)]] + [[cell() for _ in range(columns)] for _ in range(random.randint(0, 8))]
                text = io.StringIO(newline='')
                # with LF alone, Python 3.11 leaves a CR unquoted, which its own reader then takes for a line end
                ending, quoting = random.choice([('\\n', csv.QUOTE_ALL), ('\\r\\n', csv.QUOTE_ALL), ('\\r\\n', csv.QUOTE_MINIMAL)])
                writer = csv.writer(text, lineterminator=ending, quoting=quoting)
                writer.writerows(rows)
                read = list(csv.reader(io.StringIO(text.getvalue(), newline=''), strict=True))
                assert read == rows
                out.append({'text': text.getvalue(), 'rows': rows})
            json.dump(out, sys.stdout)
            """
        let result = try run("python3", ["-c", script])
        try #require(result.status == 0, "\(result.errorText)")
        struct Case: Decodable {
            let text: String
            let rows: [[String]]
        }
        for example in try JSONDecoder().decode([Case].self, from: result.output) {
            let read = try table(Array(example.text.utf8), pieceSize: 1 + seed * 5)
            #expect(read.map { $0.map { Array($0.utf8) } } == example.rows.map { $0.map { Array($0.utf8) } })
        }
    }

    @Test func combiningCharactersInARow() throws {
        let many = "a" + String(repeating: "\u{301}\u{316}", count: 100_000)
        func code(_ text: String, _ limits: CSVLimits = CSVLimits()) -> String? {
            do {
                _ = try table(Array(text.utf8), limits: limits)
                return nil
            } catch { return error.code }
        }
        #expect(code("\(many)\n1\n") == "csv-combining")
        #expect(code("a\n\(many)\n") == nil && code("a\n\(many)\n", CSVLimits(boundsCombining: true)) == "csv-combining")
    }

    /// Random lines of ours are read as the cells that they were written of, here and by Python's csv module.
    @Test func writtenLinesAreReadBack() throws {
        let pieces = ["a", "é", "\u{20ac}", ",", "\"", "\n", "\r", "\r\n", "\u{308}", "\"\u{308}", ",\u{308}", " ", "="]
        var random = SplitMix(state: 7)
        // Beginning with the column's number, so that the names of the columns differ.
        let rows = (0..<500).map { _ in
            (0..<4).map { column in
                "\(column)" + (0..<Int.random(in: 0...6, using: &random)).map { _ in pieces.randomElement(using: &random)! }.joined()
            }
        }
        let text = rows.flatMap(CSVLine.encoded), bytes = rows.map { $0.map { Array($0.utf8) } }
        #expect(try table(text).map { $0.map { Array($0.utf8) } } == bytes)
        let script = """
            import csv, io, json, sys
            text = io.StringIO(sys.stdin.buffer.read().decode(), newline='')
            json.dump(list(csv.reader(text, strict=True)), sys.stdout)
            """
        let result = try run("python3", ["-c", script], input: Data(text))
        try #require(result.status == 0, "\(result.errorText)")
        #expect(try JSONDecoder().decode([[String]].self, from: result.output).map { $0.map { Array($0.utf8) } } == bytes)
    }

    @Test func readsAHundredThousandRows() throws {
        var reader = try CSVReader(ByteSource(path: vectorURL("21-datasets/nycflights13/flights_100k.csv").path))
        #expect(reader.columns.count == 19)
        var rows = 0
        let time = try ContinuousClock().measure {
            while try reader.next() { rows += 1 }
        }
        #expect(rows == 100_000)
        print("CSV, 100,000 x 19: \(time)")
    }

    @Test func filesThatCannotBeRead() {
        #expect(throws: ModelError.self) { _ = try ByteSource(path: "/nowhere/at/all.csv") }
        let error = #expect(throws: ModelError.self) { _ = try CSVReader(ByteSource(path: repositoryRoot.path)) }
        #expect(error?.code == "file-unreadable")
    }
}
