// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import Circuits
internal import ConsentModel
internal import Groups
internal import Primitives
internal import RelationNotation
internal import SigmaProofs
internal import VerifyCommand

/// `zkconsent relation show`.
struct RelationShow: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Explain a relation: its names, equations, canonical form and the size of its proofs.",
        discussion: """
            Without a file it lists the relations that come with the program. With
            values it also validates the instance and prints the digest of its canonical
            serialisation, which is what a proof is about.

            Examples:
              zkconsent relation show
              zkconsent relation show bbs_blind_commitment_computation
              zkconsent relation show my.relation --values public.json
            """)

    /// The most equations that are listed for people.
    static let listLimit = 64

    @Argument(help: ArgumentHelp("A relation file, or the name of a built-in relation.", valueName: "file.relation"))
    var relation: String?
    @Option(help: ArgumentHelp("The public values, or only the sizes.", valueName: "file.json"))
    var values: String?
    @Option(help: ArgumentHelp("The group of the values: \(RelationOptions.suiteNames).", valueName: "name"))
    var suite = ProofSuite.ristretto255.rawValue
    @OptionGroup var output: OutputOptions

    func run(_ console: Console) throws {
        guard let relation else {
            let names = Circuits.relationNames
            console.result(names.joined(separator: "\n"), .object(["relations": .array(names.map { .string($0) })]))
            return
        }
        let suite = try ProofSuite.named(suite)
        let file = try RelationFile(relation, console)
        var given = RelationValues()
        if let values {
            given = try RelationValues(parsing: try InputFile.read(values, limit: RelationValues.limits.byteCount), file: values)
        }
        let unrolled = try file.unrolled(given, console)
        let sizes = ProofSuite.allCases.map { Self.sizes(unrolled, $0, $0.group) }
        var lines = [Self.counts(unrolled), unrolled.notation.trimmedLines(Self.listLimit)]
        lines += unrolled.indexNotation.prefix(Self.listLimit)
        lines.append("bytes of a proof, batchable/compact:")
        for start in stride(from: 0, to: sizes.count, by: 5) {
            let part = sizes[start..<min(start + 5, sizes.count)]
            lines.append("  " + part.map { "\($0.suite) \($0.batchable)/\($0.compact)" }.joined(separator: ", "))
        }
        var members: [String: JSONValue] = [
            "elements": .array(unrolled.elementNames.map { .string($0) }),
            "equations": .integer(Int64(unrolled.equationCount)), "image_terms": .integer(Int64(unrolled.imageTermCount)),
            "index_notation": .array(unrolled.indexNotation.map { .string($0) }), "notation": .string(unrolled.notation),
            "proof_bytes": .object(
                Dictionary(
                    uniqueKeysWithValues: sizes.map { size in
                        (size.suite, .object(["batchable": .integer(Int64(size.batchable)), "compact": .integer(Int64(size.compact))]))
                    })),
            "relation": .string(unrolled.name), "scalars": .array(unrolled.scalarNames.map { .string($0) }),
            "terms": .integer(Int64(unrolled.termCount)), "witness": .array(unrolled.witnessNames.map { .string($0) }),
        ]
        if values != nil, given.hasParameters(of: unrolled) {
            let instance = try instance(unrolled, given, suite.group)
            lines.append("valid instance over \(suite.rawValue): \(instance.byteCount) bytes, SHA-256 \(instance.digest)")
            members["instance"] = .object([
                "bytes": .integer(Int64(instance.byteCount)), "sha256": .string(instance.digest), "suite": .string(suite.rawValue),
            ])
        }
        console.result(lines.joined(separator: "\n"), .object(members))
    }

    private func instance<G: Group>(
        _ unrolled: UnrolledRelation, _ given: RelationValues, _ group: G.Type
    ) throws -> (byteCount: Int, digest: String) {
        do throws(ModelError) {
            let bytes = try unrolled.compiled(group, values: given).serialized
            return (bytes.count, Hex.encode(SHA256.hash(bytes)))
        } catch {
            throw error.inValues(values)
        }
    }

    private static func sizes<G: Group>(
        _ unrolled: UnrolledRelation, _ suite: ProofSuite, _ group: G.Type
    ) -> (suite: String, batchable: Int, compact: Int) {
        (
            suite.rawValue,
            unrolled.proofByteCount(batchable: true, element: G.pointByteCount, scalar: G.Scalar.byteCount),
            unrolled.proofByteCount(batchable: false, element: G.pointByteCount, scalar: G.Scalar.byteCount)
        )
    }

    private static func counts(_ relation: UnrolledRelation) -> String {
        "\(relation.name): \(count(relation.elementNames.count, "element")), \(count(relation.scalarNames.count, "public scalar")), "
            + "\(count(relation.witnessNames.count, "witness scalar")), \(count(relation.equationCount, "equation")) "
            + "with \(count(relation.imageTermCount, "image term")) and \(count(relation.termCount, "term"))"
    }

    private static func count(_ count: Int, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
    }
}

extension String {
    /// At most `limit` lines, and how many were left out.
    fileprivate func trimmedLines(_ limit: Int) -> String {
        let lines = split(separator: "\n")
        guard lines.count > limit else { return lines.joined(separator: "\n") }
        return lines.prefix(limit).joined(separator: "\n") + "\n    and \(lines.count - limit) more (--json has all)"
    }
}
