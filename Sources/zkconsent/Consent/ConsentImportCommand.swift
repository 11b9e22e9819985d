// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import ConsentImport
internal import ConsentModel
internal import VerifyCommand

/// `zkconsent consent import`.
struct ConsentImportCommand: WorkspaceCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Bring consents into the normalised form, and report what was refused.",
        discussion: """
            Reads FHIR R4 JSON (a resource, a Bundle, or one resource a line), CSV with a header, or the normalised JSON Lines. Commits nothing. What is refused
            is reported on standard error with its line and the reason; the exit code is 0 if anything was imported, with --strict only if nothing was refused.

            Examples:
              zkconsent consent import consents.csv --output consents.jsonl
              zkconsent consent import consents.ndjson --records patients.csv \\
                --dataset patients-2026 --key id --output consents.jsonl
              zkconsent consent import bundle.json --holder Organization/lab \\
                --default legal_basis=Consent --output -
            """)

    @Argument(help: ArgumentHelp("The consents; - for standard input.", valueName: "file"))
    var input: String
    @Option(
        help: ArgumentHelp("The format (found out by default): csv, fhir, fhir-ndjson, jsonl.", valueName: "format"), transform: Self.format
    )
    var format: ConsentFormat?
    @Option(help: ArgumentHelp("A built-in schema, or a path ending in .yaml.", valueName: "schema"))
    var schema = "consent-v1"
    @Option(help: ArgumentHelp("The table of records that consents name by key.", valueName: "file"))
    var records: String?
    @Option(help: ArgumentHelp("The name of the dataset of --records: part of every record digest.", valueName: "name"))
    var dataset: String?
    @Option(
        parsing: .singleValue,
        help: ArgumentHelp(
            "Columns of --records that together tell rows apart, with commas between; may be repeated.", valueName: "column,..."))
    var key: [String] = []
    @Option(help: ArgumentHelp("The column of --records that names the data subject.", valueName: "column"))
    var subjectColumn: String?
    @Flag(help: "A FHIR consent that names no data covers all records of its subject in --records.")
    var allRecordsOfSubject = false
    @Option(parsing: .singleValue, help: ArgumentHelp("A FHIR reference of the data holder (repeat for more).", valueName: "reference"))
    var holder: [String] = []
    @Option(
        name: .customLong("default"), parsing: .singleValue,
        help: ArgumentHelp("A value for an attribute that FHIR consents do not state (repeat for more).", valueName: "name=value"))
    var defaults: [String] = []
    @Option(name: .customLong("output"), help: ArgumentHelp("The normalised consents (secret); - for standard output.", valueName: "file"))
    var destination: String
    @Flag(help: "Write nothing, and exit with 2, if anything was refused.")
    var strict = false
    @Flag(help: "Overwrite an existing file.")
    var force = false
    @OptionGroup var output: OutputOptions

    private static func format(_ text: String) throws -> ConsentFormat {
        guard let format = ConsentFormat(rawValue: text) else {
            let names = ConsentFormat.allCases.map(\.rawValue)
            throw ValidationError("there is no format \(text); " + (Nearest.hint(text, among: names) ?? ""))
        }
        return format
    }

    func validate() throws {
        guard (records == nil) == (dataset == nil) else { throw ValidationError("--records and --dataset go together") }
        guard records != nil || (key.isEmpty && subjectColumn == nil && !allRecordsOfSubject) else {
            throw ValidationError("--key, --subject-column and --all-records-of-subject go with --records")
        }
    }

    func work(_ console: Console) throws {
        if destination != "-" { try OutputFile.check(destination, isNoneOf: [input, self.schema] + (records.map { [$0] } ?? [])) }
        let schema = try Schema.load(path: schema)
        let importer = ConsentImporter(schema: schema, options: try options(schema), records: try index())
        let result: ImportResult
        do {
            result = try importer.read(try ByteSource(path: input == "-" ? "/dev/stdin" : input), format: format)
        } catch {
            throw error.located(input)
        }
        for refusal in result.refusals { report(refusal, console) }
        let partial = result.refusals.count { $0.isPartial }
        let refused = result.refusals.count - partial
        let summary = "\(result.consents.count) imported, \(refused) refused, \(partial) left out in part"
        guard !result.consents.isEmpty else {
            throw ModelError("nothing-imported", "no consent could be imported: \(summary)", file: input)
        }
        guard !strict || result.refusals.isEmpty else {
            throw ModelError("refused", "nothing was written: \(summary)", file: input, hint: "mend the file, or leave out --strict")
        }
        try write(result.consents, schema, console)
        console.note(summary)
        if destination != "-" {
            console.result(
                destination,
                .object([
                    "imported": .integer(Int64(result.consents.count)), "output": .string(destination), "partial": .integer(Int64(partial)),
                    "refused": .integer(Int64(refused)),
                ]))
        }
    }

    private func write(_ consents: [Consent], _ schema: Schema, _ console: Console) throws {
        let newline = UInt8(ascii: "\n")
        if destination == "-" {
            for consent in consents { console.result(bytes: consent.json(schema: schema).canonical + [newline]) }
            return
        }
        var file = try OutputFile(destination, isSecret: true, force: force)
        for consent in consents { try file.append(consent.json(schema: schema).canonical + [newline]) }
        try file.commit()
    }

    private func report(_ refusal: Refusal, _ console: Console) {
        let reason = hinted(refusal.reason).located(input)
        if console.isJSON {
            return console.error(reason, members: ["id": refusal.id.map { .string($0) } ?? .null, "partial": .bool(refusal.isPartial)])
        }
        let id = refusal.id.map { " \($0.printable)" } ?? ""
        console.note("\(refusal.isPartial ? "left out in" : "refused")\(id): \("\(reason)".printable)")
    }

    /// The reason, with what to do next where that lies in an option that was not given.
    private func hinted(_ reason: ModelError) -> ModelError {
        guard reason.code == "record-missing", reason.hint == nil, subjectColumn == nil else { return reason }
        var reason = reason
        reason.hint = "name the column with the data subjects with --subject-column"
        return reason
    }

    private func options(_ schema: Schema) throws -> ImportOptions {
        var values: [String: JSONValue] = [:]
        for text in defaults {
            guard let sign = text.firstIndex(of: "=") else { throw ValidationError("--default is name=value, not \(text)") }
            let name = String(text[..<sign])
            _ = try schema.requireAttribute(name)
            values[name] = .string(String(text[text.index(after: sign)...]))
        }
        return ImportOptions(holders: Set(holder), defaults: values, coversAllRecordsOfSubject: allRecordsOfSubject)
    }

    private func index() throws(ModelError) -> RecordIndex? {
        guard let records, let dataset else { return nil }
        let keys = key.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        if keys.contains("") { throw ModelError("record-columns", "--key has an empty column name", hint: "write --key a,b") }
        let table = RecordTable(dataset: dataset, keyColumns: keys, subjectColumn: subjectColumn)
        do {
            let prefix = try InputFile.prefix(records)
            return try RecordIndex(try ByteSource(path: records), format: RecordFormat.detect(prefix), table: table)
        } catch {
            throw error.located(records)
        }
    }
}

extension ModelError {
    /// The error with the file it is about, unless it names one.
    func located(_ path: String) -> ModelError {
        guard file == nil else { return self }
        var error = self
        error.file = path == "-" ? "standard input" : path
        return error
    }
}
