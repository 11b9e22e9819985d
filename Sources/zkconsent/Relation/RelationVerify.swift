// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import ConsentModel
internal import Groups
internal import Primitives
internal import RelationNotation
internal import SigmaProofs
internal import Transcripts
internal import VerifyCommand

/// `zkconsent relation verify`.
struct RelationVerify: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Verify a proof of a relation.",
        discussion: """
            The statement is the relation file and the values file that you give, never
            anything in the proof; likewise the session. A proof made for another relation,
            other values, another form or another session does not hold.

            Examples:
              zkconsent relation verify dleq dleq.proof --values public.json
              zkconsent relation verify my.relation my.proof --values public.json \\
                --form compact --session my-app-V01-0001
            """)

    @OptionGroup var options: RelationOptions
    @Argument(help: ArgumentHelp("The proof.", valueName: "proof"))
    var proof: String
    @OptionGroup var output: OutputOptions

    func run(_ console: Console) throws {
        let suite = try ProofSuite.named(options.suite)
        try verify(suite.group, suite.rawValue, console)
    }

    private func verify<G: Group>(_ group: G.Type, _ suite: String, _ console: Console) throws {
        let file = try RelationFile(options.relation, console)
        let values = try options.readValues()
        let unrolled = try file.unrolled(values, console)
        let relation: LinearRelation<G>
        do {
            relation = try unrolled.compiled(group, values: values)
        } catch {
            throw error.inValues(options.values)
        }
        let bytes = try InputFile.read(proof, limit: 64 << 20)
        let (session, tag) = try options.makeSession(group, unrolled)
        var holds = true
        do throws(ProofRejected) {
            switch options.form {
            case .batchable: try BatchableProof<G>(parsing: bytes.span, for: relation).verify(relation, session: session)
            case .compact: try CompactProof<G>(parsing: bytes.span, for: relation).verify(relation, session: session)
            }
        } catch {
            holds = false
        }
        if !holds { explainLength(bytes.count, relation, suite, console) }
        console.result(
            holds ? "holds: \(unrolled.name) over \(suite)" : "does not hold: \(unrolled.name) over \(suite)",
            .object([
                "form": .string(options.form.rawValue), "holds": .bool(holds), "relation": .string(unrolled.name),
                "session_id": .string(Hex.encode(session.bytes)), "suite": .string(suite),
                "tag": tag.map { .string($0) } ?? .null,
            ]))
        if !holds { throw CommandFailure.doesNotHold }
    }

    /// The length of a proof is public: a wrong one says that the proof is of another relation, suite or form.
    private func explainLength<G: Group>(_ count: Int, _ relation: LinearRelation<G>, _ suite: String, _ console: Console) {
        let expected = options.form == .batchable ? BatchableProof<G>.byteCount(for: relation) : CompactProof<G>.byteCount(for: relation)
        guard count != expected else { return }
        console.note("\(proof): \(count) bytes; a \(options.form.rawValue) proof of this relation over \(suite) has \(expected)")
    }
}
