// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import VerifyCommand

/// The auditor's program: verifying and inspecting, without any code that handles secrets.
@main
struct Main {
    static func main() {
        Interrupt.install()
        Program.run(VerifyTool.self)
    }
}

/// The root command.
struct VerifyTool: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "zkconsent-verify", abstract: "Check zkconsent bundles and point proofs, offline.",
        discussion: """
            Examples:
              zkconsent-verify patients.zkb --policy policy.yaml
              zkconsent-verify inspect patients.zkb
              zkconsent-verify policy check policy.yaml
              zkconsent-verify spot-check draw patients.zkb --rows 300
            """,
        version: Program.versionText("zkconsent-verify", formats: Program.formats),
        subcommands: [Verify.self, Inspect.self, PolicyCommand.self, SpotCheckCommand.self],
        defaultSubcommand: Verify.self)
}
