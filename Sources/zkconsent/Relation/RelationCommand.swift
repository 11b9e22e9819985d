// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser

/// `zkconsent relation`.
struct RelationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "relation",
        abstract: "Prove and verify any linear relation, written in the notation of the IRTF draft.",
        discussion: """
            A relation file declares elements, public scalars, a witness and equations;
            docs/relations.md has the grammar. The relations of the draft's test vectors
            and those of consents come with the program and are named without a path;
            "relation show" lists them.

            Examples:
              zkconsent relation show dleq
              zkconsent relation prove dleq --values public.json --witness secret.json \\
                --output dleq.proof
              zkconsent relation verify dleq dleq.proof --values public.json
            """,
        subcommands: [RelationProve.self, RelationShow.self, RelationVerify.self])
}
