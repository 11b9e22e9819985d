// SPDX-License-Identifier: Apache-2.0
import ConsentImport
import ConsentModel

extension FuzzTarget {
    /// What others wrote.
    static let imports = [
        FuzzTarget(name: "records", summary: "records in CSV and JSON Lines") { bytes in
            for format in RecordFormat.allCases {
                let table = RecordTable(dataset: "fuzz", keyColumns: ["id"], subjectColumn: "subject")
                // Pieces of 7 bytes and one piece read the same.
                let whole = records(ByteSource(bytes), format, table), pieces = records(ByteSource(bytes, pieceSize: 7), format, table)
                require(whole == pieces, "the pieces of a file change what is read")
            }
        },
        FuzzTarget(name: "consents", summary: "consents in JSON Lines, CSV and FHIR") { bytes in
            guard let schema = try? Schema.builtIn(named: "consent-v1") else { return }
            let importer = ConsentImporter(schema: schema)
            for format in ConsentFormat.allCases { _ = try? importer.read(ByteSource(bytes), format: format) }
            _ = try? importer.read(ByteSource(bytes))
        },
    ]

    private static func records(_ source: ByteSource, _ format: RecordFormat, _ table: RecordTable) -> [Record]? {
        guard var reader = try? RecordReader(source, format: format, table: table) else { return nil }
        return try? reader.readAll()
    }
}
