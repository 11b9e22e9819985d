// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Foundation
import Groups
import MerkleLog
import Secrets
import Stores
import TestSupport
import Testing

/// A folder in which the program runs as a new user would run it: empty, but for a file with the passphrase.
final class IssuerFolder {
    static let ledgerName = "hospital.example/consent"
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "zkconsent-issuer-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        try write("correct horse battery staple\n", "pass")
    }

    /// A copy of a workspace made by `zkconsent init issuer`.
    static func initialised() throws -> IssuerFolder {
        let folder = try IssuerFolder()
        let original = try template.get()
        for name in try FileManager.default.contentsOfDirectory(atPath: original.url.path) where name != "pass" {
            try FileManager.default.copyItem(at: original.url.appending(path: name), to: folder.url.appending(path: name))
        }
        return folder
    }

    private nonisolated(unsafe) static let template: Result<IssuerFolder, any Error> = Result {
        let folder = try IssuerFolder()
        let result = try folder.zkconsent("init", "issuer", "--ledger", ledgerName, "--passphrase-file", "pass")
        try #require(result.status == 0, "\(result.errorText)")
        // A static value has no end of its own.
        atexit { if let folder = try? IssuerFolder.template.get() { try? FileManager.default.removeItem(at: folder.url) } }
        return folder
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    func path(_ name: String) -> String { url.appending(path: name).path }

    func write(_ text: String, _ name: String) throws { try write(Array(text.utf8), name) }

    func write(_ bytes: [UInt8], _ name: String) throws { try Data(bytes).write(to: url.appending(path: name)) }

    func read(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: url.appending(path: name))) }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

    func mode(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path(name))[.posixPermissions] as? Int
    }

    /// All files below the folder with their bytes.
    func contents() throws -> [String: [UInt8]] {
        var contents: [String: [UInt8]] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: url.path) {
            contents[name] = (try? read(name)) ?? []
        }
        return contents
    }

    func zkconsent(_ arguments: String..., input: Data = Data()) throws -> ProcessResult {
        try run(builtProgram("zkconsent"), arguments, input: input, in: url)
    }

    func zkconsent(_ arguments: [String]) throws -> ProcessResult {
        try run(builtProgram("zkconsent"), arguments, in: url)
    }

    /// The same, starting a program that must end with 0.
    @discardableResult
    func succeed(_ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation) throws -> ProcessResult {
        let result = try zkconsent(arguments)
        #expect(result.status == 0, "\(arguments): \(result.errorText)", sourceLocation: sourceLocation)
        return result
    }

    /// Makes a receipts file under the passphrase of the file `pass`, with the least cost that the format allows.
    func makeCheapReceipts() throws {
        let pass = Array("correct horse battery staple".utf8)
        let parameters = try SealedFile.Parameters(log2N: 14, r: 1, p: 1)
        _ = try ReceiptStore.create(at: path("receipts.sqlite"), passphrase: pass.span, parameters: parameters)
    }

    func receipts() throws -> ReceiptStore {
        let pass = Array("correct horse battery staple".utf8)
        return try ReceiptStore.open(at: path("receipts.sqlite"), for: .reading, passphrase: pass.span)
    }

    func ledger(_ access: StoreAccess = .reading) throws -> LedgerStore {
        try LedgerStore.open(at: path("ledger.sqlite"), for: access)
    }
}

/// Normalised consents of the schema `test-small`.
func smallConsents(_ ids: some Sequence<String>) -> String {
    ids.map { id in
        let record = hex(Array(LeafHash(entry: Array(id.utf8)).bytes))
        return "{\"age\":40,\"controller\":\"https://hospital.example\",\"data_categories\":[\"Health\"],\"id\":\"\(id)\","
            + "\"in_force\":{\"from\":\"2026-01-02\",\"to\":\"2026-01-07\"},\"notice\":\"n\",\"purposes\":[\"ScientificResearch\"],"
            + "\"record\":\"\(record)\",\"subject\":\"patient/\(id)\"}\n"
    }.joined()
}

/// Recomputes an entry's commitments from an opening, in the plainest way: an oracle beside the committer.
struct OpeningOracle {
    let generators: GeneratorTable

    init(schema: String) throws {
        generators = try GeneratorTable(Schema.builtIn(named: schema))
    }

    /// Whether `opening` opens `K` and `C` of the entry.
    func opens(_ entry: Entry, _ opening: Span<UInt8>) throws -> Bool {
        let schema = generators.schema
        let layout = try ConsentOpeningLayout(parsing: opening, schema: schema)
        let bytes = opening.withUnsafeBufferPointer { Array($0) }
        func scalar(_ range: Range<Int>) throws -> Suite.Scalar {
            let part = Array(bytes[range])
            return try Suite.Scalar(canonical: part.span)
        }
        var scalars: [Suite.Scalar] = []
        var points: [Suite.Point] = []
        for (index, attribute) in schema.attributes.enumerated() {
            scalars.append(try #require(attribute.scalar(of: layout.value(index, in: opening))))
            points.append(generators.attributes[index])
        }
        for index in schema.flags.indices where layout.flag(index, in: opening) == 1 {
            scalars.append(Suite.Scalar(UInt64(1)))
            points.append(generators.flags[index])
        }
        scalars.append(try scalar(ConsentOpeningLayout.k))
        points.append(generators.blinding)
        let consent = Suite.vartimeMultiScalarMul(scalars, points)
        for day in try #require(schema.calendarOffsets(of: layout.inForce)) {
            scalars.append(Suite.Scalar(UInt64(1)))
            points.append(generators.days[day])
        }
        scalars.append(try scalar(ConsentOpeningLayout.t))
        points.append(generators.blinding)
        let calendar = Suite.vartimeMultiScalarMul(scalars, points)
        return Suite.encode([consent]) == entry.consent && Suite.encode([calendar]) == entry.calendar && entry.schemaID == schema.id
    }
}

/// Checks the end of issuing: every request has exactly one entry, whose receipt opens it and whose subject receipt withdraws it; nothing is left over.
func expectIssued(_ requests: [String], in folder: IssuerFolder, subjects: String, schema: String) throws {
    let ledger = try folder.ledger()
    let store = try folder.receipts()
    let oracle = try OpeningOracle(schema: schema)
    #expect(try ledger.count(.consents) == requests.count)
    #expect(try store.count() == requests.count)
    let found = try store.receipts(requests: requests, origin: "\(ledger.name)/consents")
    var seen: Set<Int> = []
    for (request, receipt) in zip(requests, found) {
        let receipt = try #require(receipt, "\(request) has no receipt")
        let index = try #require(receipt.index, "\(request) was never acknowledged")
        #expect(seen.insert(index).inserted, "two requests have the entry \(index)")
        #expect(try ledger.leaves(.consents, at: [index]) == [receipt.entry])
        let subject = try SubjectReceipt(parsing: folder.read("\(subjects)/\(request).receipt.json"))
        #expect(subject.id == request && subject.index == UInt64(index) && subject.entry.bytes == receipt.entry)
        try subject.withdrawal().verify(entry: subject.entry)
    }
    var opened = 0
    try store.forEach { receipt, opening in
        let entry = try Entry(parsing: receipt.entry)
        let opens = try opening.withSpan { try oracle.opens(entry, $0) }
        #expect(opens, "the receipt of \(receipt.index ?? -1) does not open")
        opened += 1
    }
    #expect(opened == requests.count)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path(subjects))
    #expect(names.count == requests.count, "left over: \(names.filter { !$0.hasSuffix(".receipt.json") })")
}
