// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import Circuits
internal import ConsentModel
internal import Foundation
internal import Groups
internal import Primitives
internal import RelationNotation
internal import SigmaProofs
internal import Transcripts
internal import VerifyCommand

/// A relation named on the command line: a file, or one that comes with the program.
struct RelationFile {
    let declaration: RelationDeclaration
    /// The path, or the name of a built-in relation.
    let name: String
    /// The path if it is a file.
    let path: String?
    private let text: [UInt8]

    /// Reads and parses; an error is accompanied by the line with a caret on standard error.
    init(_ name: String, _ console: Console) throws {
        self.name = name
        let isFile = name.contains("/") || name.hasSuffix(".relation")
        path = isFile ? name : nil
        let bytes: [UInt8]
        if isFile {
            bytes = try InputFile.read(name, limit: RelationLimits.standard.byteCount)
        } else {
            guard let builtIn = Circuits.relation(named: name) else {
                let hint = Nearest.name(to: name, among: Circuits.relationNames).map { "did you mean \($0)?" }
                throw ModelError(
                    "unknown-relation", "no relation \"\(name.printable)\" comes with the program",
                    hint: hint ?? "name a file ending in .relation, or one that \"zkconsent relation show\" lists")
            }
            bytes = builtIn
        }
        text = bytes
        declaration = try Self.explained(bytes, name, console) { try RelationDeclaration(parsing: bytes) }
    }

    /// The relation for the sizes among the values.
    func unrolled(_ values: RelationValues, _ console: Console) throws -> UnrolledRelation {
        try Self.explained(text, name, console) { try declaration.unrolled(sizes: try values.sizes(of: declaration)) }
    }

    private static func explained<T>(_ text: [UInt8], _ name: String, _ console: Console, _ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch let error as ModelError {
            if let excerpt = RelationDeclaration.excerpt(of: text, at: error.position) { console.note(excerpt) }
            throw error.inFile(name)
        }
    }
}

/// What `prove` and `verify` have in common.
struct RelationOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("A relation file, or the name of a built-in relation.", valueName: "file.relation"))
    var relation: String
    @Option(help: ArgumentHelp("The public values: elements, scalars, sizes.", valueName: "file.json"))
    var values: String?
    @Option(help: ArgumentHelp("The group: \(Self.suiteNames).", valueName: "name"))
    var suite = ProofSuite.ristretto255.rawValue
    @Option(help: ArgumentHelp("The form of the proof: batchable or compact.", valueName: "form"))
    var form = RelationForm.batchable
    @Option(
        help: ArgumentHelp(
            "The application, version and epoch that the proof is made for. Default: the relation's name.", valueName: "text"))
    var session: String?
    @Option(help: ArgumentHelp("The session identifier itself, in place of one derived from a tag: 64 hex digits.", valueName: "hex"))
    var sessionID: String?

    static let suiteNames = ProofSuite.allCases.map(\.rawValue).joined(separator: ", ")

    func validate() throws {
        if session != nil, sessionID != nil { throw ValidationError("--session and --session-id exclude each other") }
        if session?.isEmpty ?? false { throw ValidationError("--session is empty: name the application, its version and epoch") }
    }

    /// Reads the values file.
    func readValues() throws -> RelationValues {
        guard let values else { return RelationValues() }
        return try RelationValues(parsing: try InputFile.read(values, limit: RelationValues.limits.byteCount), file: values)
    }

    /// The session, and the tag unless the session was given as it is.
    func makeSession<G: Group>(_ group: G.Type, _ relation: UnrolledRelation) throws -> (session: SessionID, tag: String?) {
        guard let sessionID else {
            let tag = SigmaTag(application: session ?? relation.name, flavor: form.flavor, group: group)
            return (tag.session, tag.text)
        }
        guard let bytes = try? Hex.decode(sessionID), let session = SessionID(bytes) else {
            throw ModelError("invalid-session", "--session-id needs 64 hex digits", hint: "a text goes to --session")
        }
        return (session, nil)
    }
}

/// The two serialisations of a proof.
enum RelationForm: String, ExpressibleByArgument, CaseIterable {
    case batchable, compact

    var flavor: SigmaTag.Flavor { self == .batchable ? .batchable : .compact }
}

extension ProofSuite {
    /// The suite of `--suite`.
    static func named(_ name: String) throws(ModelError) -> ProofSuite {
        guard let suite = ProofSuite(named: name) else {
            let hint = Nearest.name(to: name, among: allCases.map(\.rawValue)).map { "did you mean \($0)?" }
            throw ModelError(
                "unknown-suite", "there is no suite \"\(name.printable)\"", hint: hint ?? "known: \(RelationOptions.suiteNames)")
        }
        return suite
    }
}

extension ModelError {
    /// Names the values file in an error about its members.
    func inValues(_ path: String?) -> ModelError {
        code == "relation-value" || code == "relation-invalid" || code == "relation-size" && position == nil ? inFile(path) : self
    }
}
