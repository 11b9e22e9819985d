// SPDX-License-Identifier: Apache-2.0
import Conformance
import ConsentImport
import ConsentModel

extension FuzzTarget {
    /// What others wrote.
    static let imports = [
        FuzzTarget(name: "records", summary: "records in CSV and JSON Lines") { bytes in
            var isRead = false
            for format in RecordFormat.allCases {
                let table = RecordTable(dataset: "fuzz", keyColumns: ["id"], subjectColumn: "subject")
                // Pieces of 7 bytes and one piece read the same.
                let whole = records(ByteSource(bytes), format, table), pieces = records(ByteSource(bytes, pieceSize: 7), format, table)
                require(whole == pieces, "the pieces of a file change what is read")
                isRead = isRead || whole != nil
            }
            return isRead
        },
        FuzzTarget(name: "consents", summary: "consents in JSON Lines, CSV and FHIR") { bytes in
            guard let schema = try? Schema.builtIn(named: "consent-v1") else { return false }
            let importer = ConsentImporter(schema: schema)
            for format in ConsentFormat.allCases { _ = try? importer.read(ByteSource(bytes), format: format) }
            return (try? importer.read(ByteSource(bytes)))?.consents.isEmpty == false
        },
        FuzzTarget(name: "vectors", summary: "files of test vectors, in every format") { bytes in
            let report = ConformanceRun.run([VectorFile(path: "fuzz", bytes: bytes)])
            require(report.files.count == 1, "a file has no result")
            return report.passed > 0
        },
    ]

    private static func records(_ source: ByteSource, _ format: RecordFormat, _ table: RecordTable) -> [Record]? {
        guard var reader = try? RecordReader(source, format: format, table: table) else { return nil }
        return try? reader.readAll()
    }
}
