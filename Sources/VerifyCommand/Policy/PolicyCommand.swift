// SPDX-License-Identifier: Apache-2.0
public import ArgumentParser
internal import ConsentModel
internal import Foundation

/// `policy`: what a policy file demands.
public struct PolicyCommand: ParsableCommand {
    /// Name and help.
    public static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "Explain policies, and say which proofs can serve them.",
        discussion: """
            A policy is a YAML file that says what must hold for every data point and
            whom the auditor trusts; docs/formats.md has all keys, docs/policy.schema.json
            is for editors.

            Examples:
              \(Program.tool) policy show
              \(Program.tool) policy show adult-study > policy.yaml
              \(Program.tool) policy check policy.yaml
            """,
        subcommands: [PolicyCheck.self, PolicyShow.self])

    /// The parser makes it.
    public init() {}
}

/// The policies that commands are given.
enum PolicySource {
    /// A file, or an example by its name.
    static func policy(_ name: String) throws(ModelError) -> Policy {
        if let text = Policy.exampleText(named: name) { return try Policy(yaml: text, file: "\(name).yaml") }
        do throws(ModelError) {
            return try Policy.load(path: name)
        } catch {
            guard !FileManager.default.fileExists(atPath: name), let near = Nearest.name(to: name, among: Policy.exampleNames) else {
                throw error
            }
            var error = error
            error.hint = "did you mean \(near)?"
            throw error
        }
    }
}
