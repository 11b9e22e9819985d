// SPDX-License-Identifier: Apache-2.0
public import ArgumentParser
internal import AuditReport
internal import ConsentModel

/// `policy check`.
public struct PolicyCheck: ConsoleCommand {
    /// Name and help.
    public static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Explain a policy in plain words, and say which proofs can serve it.",
        discussion: """
            Prints every clause, what a proof shows to whoever checks it, which kinds of
            proofs can serve the policy and why others cannot, and what it leaves open.
            With --for, the exit code is about one kind.

            Examples:
              \(Program.tool) policy check policy.yaml
              \(Program.tool) policy check policy.yaml --for dataset
              \(Program.tool) policy check adult-study --json

            Exit codes: 0 a proof can serve the policy, 1 none can, 2 the policy cannot be
            read.
            """)

    /// The policy.
    @Argument(help: ArgumentHelp("A policy file, or the name of an example.", valueName: "policy.yaml"))
    public var policy: String

    /// The kind asked for.
    @Option(
        name: .customLong("for"), help: ArgumentHelp("The kind of proof that is wanted: dataset, point or unlinkable.", valueName: "kind"))
    public var kind: String?

    /// The common options.
    @OptionGroup public var output: OutputOptions

    /// The parser makes it.
    public init() {}

    /// Explains.
    public func run(_ console: Console) throws {
        var kinds = Statement.ProofKind.allCases
        if let kind {
            guard let wanted = Statement.ProofKind(rawValue: kind) else {
                throw ModelError(
                    "usage", "there is no kind of proof \(kind)", hint: Nearest.hint(kind, among: kinds.map(\.rawValue)))
            }
            kinds = [wanted]
        }
        let policy = try PolicySource.policy(policy)
        let explanation = PolicyExplanation(policy)
        console.result(explanation.text, explanation.json(file: self.policy))
        guard kinds.contains(where: { policy.isServable(by: $0) }) else { throw CommandFailure.doesNotHold }
    }
}
