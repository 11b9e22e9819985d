// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser

/// `zkconsent consent`.
struct ConsentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consent",
        abstract: "Import, issue and withdraw consents.",
        discussion: """
            Examples:
              zkconsent consent import consents.csv --output consents.jsonl
              zkconsent consent issue consents.jsonl --subject-receipts subjects
              zkconsent consent revoke --index 17
            """,
        subcommands: [ConsentImportCommand.self, ConsentIssue.self, ConsentReceipt.self, ConsentRevoke.self])
}
