// SPDX-License-Identifier: Apache-2.0
public import ArgumentParser
internal import ConsentModel
internal import Primitives

/// `policy show`.
public struct PolicyShow: ConsoleCommand {
    /// Name and help.
    public static let configuration = CommandConfiguration(
        commandName: "show", abstract: "List the example policies, print one, or print the normal form of a policy.",
        discussion: """
            The normal form is the text whose SHA-256 is the statement digest, without a
            newline: what every proof is bound to.

            Examples:
              \(Program.tool) policy show
              \(Program.tool) policy show adult-study > policy.yaml
              \(Program.tool) policy show policy.yaml --normal | sha256sum
            """)

    /// The policy.
    @Argument(help: ArgumentHelp("The name of an example; with --normal also a policy file.", valueName: "policy"))
    public var policy: String?

    /// Whether the normal form is wanted.
    @Flag(help: "Print the statement in the form that is hashed.")
    public var normal = false

    /// The common options.
    @OptionGroup public var output: OutputOptions

    /// The parser makes it.
    public init() {}

    /// Shows.
    public func run(_ console: Console) throws {
        let names = Policy.exampleNames
        guard let policy else {
            guard !normal else {
                throw ModelError("usage", "--normal needs a policy", hint: "\(Program.tool) policy show policy.yaml --normal")
            }
            console.result(names.joined(separator: "\n"), .object(["policies": .array(names.map { .string($0) })]))
            return
        }
        if normal {
            let statement = try PolicySource.policy(policy).statements
            let json = JSONValue.object(["statement": statement.json, "statement_digest": .string(Hex.encode(statement.digest))])
            if console.isJSON { console.result("", json) } else { console.result(bytes: statement.json.canonical) }
            return
        }
        guard let text = Policy.exampleText(named: policy) else {
            throw ModelError(
                "unknown-policy", "there is no example policy \(policy)",
                hint: Nearest.hint(policy, among: names) ?? "add --normal for a policy of your own")
        }
        let json = JSONValue.object(["policy": .string(policy), "text": .string(String(decoding: text, as: UTF8.self))])
        if console.isJSON { console.result("", json) } else { console.result(bytes: text) }
    }
}
