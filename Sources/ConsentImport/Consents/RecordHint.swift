// SPDX-License-Identifier: Apache-2.0

/// What to do next where a consent names records and the table of records does not have them.
enum RecordHint {
    /// There is no table.
    static let missingTable = "give the table of records: --records FILE --dataset NAME"

    /// The consent names no record.
    static let allOfSubject =
        "let it cover all records of its subject: --all-records-of-subject, with --records FILE --dataset NAME"

    /// The table has no such key; a hint where its rows have no key columns.
    static func unknownKey(_ records: RecordIndex) -> String? {
        records.keyColumns.isEmpty ? "its rows go by their number: name the column with the keys with --key" : nil
    }
}
