// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import ConsentModel
internal import Groups
internal import Primitives
internal import Provers
internal import RelationNotation
internal import Secrets
internal import SigmaProofs
internal import Transcripts
internal import VerifyCommand

/// `zkconsent relation prove`.
struct RelationProve: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove", abstract: "Prove knowledge of a witness of a relation.",
        discussion: """
            The proof is the NARG string of draft-irtf-cfrg-sigma-protocols-03 as it is,
            verified before it is written. The witness file is read like any file: keep it
            where only you can read it.

            Examples:
              zkconsent relation prove dleq --values public.json --witness secret.json \\
                --output dleq.proof
              zkconsent relation prove my.relation --values public.json \\
                --witness secret.json --form compact --session my-app-V01-0001 -o my.proof
            """)

    @OptionGroup var options: RelationOptions
    @Option(help: ArgumentHelp("The witness.", valueName: "file.json"))
    var witness: String
    @Option(name: [.customShort("o"), .customLong("output")], help: ArgumentHelp("Where the proof goes.", valueName: "file"))
    var proof: String
    @Flag(help: "Replace an existing proof.")
    var force = false
    @OptionGroup var output: OutputOptions

    func run(_ console: Console) throws {
        let suite = try ProofSuite.named(options.suite)
        try prove(suite.group, suite.rawValue, console)
    }

    private func prove<G: Group>(_ group: G.Type, _ suite: String, _ console: Console) throws {
        let file = try RelationFile(options.relation, console)
        try OutputFile.check(proof, isNoneOf: [witness] + [options.values, file.path].compactMap { $0 })
        var proofFile = try OutputFile(proof, force: force)
        let values = try options.readValues()
        let unrolled = try file.unrolled(values, console)
        let relation: LinearRelation<G>
        do {
            relation = try unrolled.compiled(group, values: values)
        } catch {
            throw error.inValues(options.values)
        }
        let secrets: SecretScalars<G>
        do {
            let members = try RelationValues(parsing: try InputFile.read(witness, limit: RelationValues.limits.byteCount), file: witness)
            try members.refuseUnknown(unrolled, isWitness: true)
            secrets = SecretScalars(copying: try members.witness(of: unrolled, group))
        } catch {
            throw error.inFile(witness)
        }
        let (session, tag) = try options.makeSession(group, unrolled)
        let bytes: [UInt8]
        do throws(ProverError) {
            bytes =
                switch options.form {
                case .batchable: try LinearProver.batchableProof(of: relation, witness: secrets, session: session).bytes
                case .compact: try LinearProver.compactProof(of: relation, witness: secrets, session: session).bytes
                }
        } catch {
            guard error == .witnessDoesNotSatisfy else { throw ModelError("prover", "the proof was not made: \(error)") }
            console.result(
                "refused: the witness does not satisfy the relation; nothing was written",
                .object(["code": .string("witness"), "proved": .bool(false)]))
            throw CommandFailure.doesNotHold
        }
        try proofFile.append(bytes)
        try proofFile.commit()
        console.result(
            "proved: \(unrolled.name) over \(suite)\n" + "\(proof): \(bytes.count) bytes, \(options.form.rawValue)"
                + (tag.map { "\ntag: \($0.printable)" } ?? ""),
            .object([
                "bytes": .integer(Int64(bytes.count)), "form": .string(options.form.rawValue), "proof": .string(proof),
                "proved": .bool(true),
                "relation": .string(unrolled.name), "session_id": .string(Hex.encode(session.bytes)),
                "sha256": .string(Hex.encode(SHA256.hash(bytes))),
                "suite": .string(suite), "tag": tag.map { .string($0) } ?? .null,
            ]))
    }
}
