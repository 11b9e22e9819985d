// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentProver
import Primitives

/// A schema with its generators and tables, which take longer to make than most tests.
final class TestKit: Sendable {
    let schema: Schema
    let generators: GeneratorTable
    let committer: ConsentCommitter
    /// The clauses that ``consent(_:)`` satisfies.
    let clauses: TestClauses
    private let inForce: DayInterval
    private let purposes: Set<String>

    static let small = kit("test-small", from: "2026-01-03", to: "2026-01-05", consents: ("2026-01-02", "2026-01-07"))
    static let full = kit("consent-v1", from: "2026-01-01", to: "2026-06-30", consents: ("2025-03-01", "2027-12-31"))

    private static func kit(_ name: String, from: String, to: String, consents: (String, String)) -> TestKit {
        do {
            return try TestKit(Schema.builtIn(named: name), from: from, to: to, consents: consents)
        } catch {
            fatalError("the built-in schema \(name) cannot be used: \(error)")
        }
    }

    private init(_ schema: Schema, from: String, to: String, consents: (String, String)) throws {
        self.schema = schema
        generators = try GeneratorTable(schema)
        committer = ConsentCommitter(generators)
        clauses = TestClauses(inForce: try interval(from, to))
        inForce = try interval(consents.0, consents.1)
        purposes = ["ScientificResearch"]
    }

    /// The `number`-th honest consent: about the record and the subject of that number.
    func consent(_ number: Int) -> Consent {
        var values: [String: ConsentValue] = [:]
        for attribute in schema.attributes {
            switch attribute.kind {
            case .uint: values[attribute.name] = .uint(UInt64(18 + number % 60))
            case .id: values[attribute.name] = .id(Array("\(attribute.name)-\(number % 3)".utf8))
            }
        }
        values["record"] = .id(Self.record(number))
        values["subject"] = .id(Self.subject(number))
        values["controller"] = .id(Array("https://hospital.example".utf8))
        return Consent(
            id: "c-\(number)", values: values,
            flags: ["purposes": purposes, "data_categories": number % 2 == 0 ? ["Health"] : ["Health", "Location"]], inForce: inForce)
    }

    static func record(_ number: Int) -> [UInt8] { SHA256.hash(Array("record \(number)".utf8)) }

    static func subject(_ number: Int) -> [UInt8] { Array("patient/\(number)".utf8) }
}

/// What a statement is made of, to be changed clause by clause.
struct TestClauses: Sendable {
    var inForce: DayInterval
    var require: [String: [String]] = ["purposes": ["ScientificResearch"], "data_categories": ["Health"]]
    var forbid: [String: [String]] = ["purposes": ["Marketing"]]
    var constants: [String: ConsentValue] = ["controller": .id(Array("https://hospital.example".utf8))]
    var reveal: [String] = []
    var links: Set<Statement.Link> = [.record]

    func statement(_ schema: Schema) throws -> Statement {
        try Statement(
            schema: schema, inForce: inForce, require: require, forbid: forbid, constants: constants, reveal: reveal, links: links)
    }
}

/// A mistake in a test's own constants.
struct TestMistake: Error {}

func interval(_ first: String, _ last: String) throws -> DayInterval {
    guard let first = Day(iso8601: first), let last = Day(iso8601: last), let interval = DayInterval(first: first, last: last) else {
        throw TestMistake()
    }
    return interval
}
