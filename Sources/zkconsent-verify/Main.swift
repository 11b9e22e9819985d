// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import VerifyCommand

/// The auditor's program alone: verifying and inspecting, without any code that handles secrets.
@main struct Main: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "zkconsent-verify", abstract: "Check zkconsent dataset bundles, offline.", subcommands: [Verify.self, Inspect.self],
        defaultSubcommand: Verify.self)
}
