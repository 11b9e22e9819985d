// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import ConsentModel
internal import Issuance
internal import Secrets
internal import VerifyCommand

/// The program.
@main
struct Main {
    static func main() {
        Interrupt.install()
        Program.run(ZKConsent.self)
    }
}

/// The root command: who are you, and what to type.
struct ZKConsent: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "zkconsent",
        abstract: "Zero-knowledge proofs that data points carry valid consent.",
        discussion: """
            Examples:
              zkconsent init issuer --ledger hospital.example/consent
              zkconsent consent import consents.csv --output consents.jsonl
              zkconsent consent issue consents.jsonl --subject-receipts subjects
              zkconsent ledger checkpoint

            Exit codes: 0 done or holds, 1 does not hold or refused to prove, 2 bad usage, input or environment, 130 interrupted.
            """,
        version: Program.versionText("zkconsent", formats: formats),
        subcommands: [
            BenchCommand.self, ConformanceCommand.self, ConsentCommand.self, DatasetCommand.self, DemoCommand.self, InitCommand.self,
            Inspect.self, KeygenCommand.self,
            LedgerCommand.self, PointCommand.self, PolicyCommand.self, ProveCommand.self,
            ReceiptsCommand.self, RelationCommand.self, Verify.self,
        ])

    /// The formats that this program reads and writes.
    static let formats = Program.formats + [SealedFile.format, SigningKeyFile.format, "consent-v1"]

    @OptionGroup var output: OutputOptions

    func run(_ console: Console) throws {
        let lines = [
            "zkconsent proves that data points carry valid consent, without showing data, people or consents. Who are you?",
            "  an issuer, who collects consents:     zkconsent init issuer --ledger NAME",
            "  a holder, who trains on the data:     zkconsent init holder",
            "  an auditor, who checks proof files:   zkconsent init auditor",
            "Every command explains itself with --help; zkconsent --help lists them.",
        ]
        console.result(lines.joined(separator: "\n"), .object(["help": .array(lines.map { .string($0) })]))
    }
}
