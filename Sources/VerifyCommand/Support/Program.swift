// SPDX-License-Identifier: Apache-2.0
public import ArgumentParser
internal import ConsentModel
internal import Cores
internal import Foundation
internal import Groups
internal import Synchronization

/// Starting a program and ending it with the exit codes of docs/operations.md, usage errors included.
public enum Program {
    /// The version of the programs.
    public static let version = "0.1.0"

    private static let current = Mutex("zkconsent")

    /// How the running program is called, for the examples of commands that both programs have.
    static var tool: String { current.withLock { $0 } }

    /// How the commands of spot checks are called.
    static var spotCheck: String { tool == "zkconsent" ? "zkconsent dataset spot-check" : "\(tool) spot-check" }

    /// The formats and forms of proof that are verified.
    public static let formats = [
        Bundle.format.text, BundleHeader.form, BundleHeader.severalForm, PointHeader.form, MemberHeader.form, RevocationList.format.text,
        "c2sp.org/tlog-proof@v1",
    ]

    /// What `--version` prints: the version, the formats that are read and written, and the arithmetic in use.
    public static func versionText(_ name: String, formats: [String]) -> String {
        "\(name) \(version)\nformats: \(formats.joined(separator: ", "))\nkernel: \(Kernel.current.rawValue)"
    }

    /// Parses the arguments of this process, runs the command and exits.
    public static func run(_ root: any ParsableCommand.Type) -> Never {
        ProgramHeap.prepare()
        // Before any command's help is made, which is on first use.
        current.withLock { $0 = name(root) }
        exit(status(root, Array(CommandLine.arguments.dropFirst())))
    }

    /// Parses arguments and runs the command: 0 done (help and version too), 1 does not hold, 2 bad usage, input or environment.
    static func status(_ root: any ParsableCommand.Type, _ given: [String]) -> Int32 {
        let arguments = normal(root, given)
        do throws(KernelError) {
            try Kernel.checkEnvironment()
        } catch {
            Console(json: arguments.contains("--json")).error(ModelError("environment", "\(error)"))
            return 2
        }
        do {
            try checkHelp(root, arguments)
            var command = try root.parseAsRoot(arguments)
            try command.run()
            return 0
        } catch let code as ExitCode {
            return code.rawValue
        } catch {
            let code = root.exitCode(for: error)
            guard code != .success else {
                print(root.fullMessage(for: error))
                return 0
            }
            let words = Array(arguments.drop { $0 == "--json" || $0 == "help" })
            let usage = ModelError(
                "usage", root.message(for: error), hint: hint(root, words) ?? "see \(name(root)) \(path(root, words))--help")
            Console(json: arguments.contains("--json")).error(usage)
            return 2
        }
    }

    /// The arguments with a `--json` in front of the command moved behind its name, where the command looks for it.
    private static func normal(_ root: any ParsableCommand.Type, _ arguments: [String]) -> [String] {
        var words = Array(arguments.drop { $0 == "--json" })
        let names = commands(root, words).names
        guard words.count < arguments.count, !names.isEmpty else { return arguments }
        words.insert("--json", at: names.count)
        return words
    }

    /// Refuses `help` about a command that does not exist; the parser would show the help of the last one that does.
    private static func checkHelp(_ root: any ParsableCommand.Type, _ arguments: [String]) throws {
        guard arguments.first == "help" else { return }
        let words = Array(arguments.dropFirst())
        let names = commands(root, words).names
        guard names.count < words.count, !words[names.count].hasPrefix("-"), words != ["help"] else { return }
        throw ValidationError("there is no command \((names + [words[names.count]]).joined(separator: " ").printable)")
    }

    private static func name(_ command: any ParsableCommand.Type) -> String {
        command.configuration.commandName ?? String(describing: command).lowercased()
    }

    /// The subcommands that the arguments begin with, each followed by a space.
    private static func path(_ root: any ParsableCommand.Type, _ arguments: [String]) -> String {
        commands(root, arguments).names.map { $0 + " " }.joined()
    }

    /// The nearest command if the first word that is none stands where one is due.
    private static func hint(_ root: any ParsableCommand.Type, _ arguments: [String]) -> String? {
        let (command, names) = commands(root, arguments)
        guard arguments.count > names.count, !command.configuration.subcommands.isEmpty else { return nil }
        let word = arguments[names.count]
        guard !word.hasPrefix("-") else { return nil }
        return Nearest.hint(word, among: command.configuration.subcommands.map(name))
    }

    private static func commands(
        _ root: any ParsableCommand.Type, _ arguments: [String]
    ) -> (command: any ParsableCommand.Type, names: [String]) {
        var command = root
        var names: [String] = []
        for word in arguments {
            guard let next = command.configuration.subcommands.first(where: { name($0) == word }) else { break }
            command = next
            names.append(word)
        }
        return (command, names)
    }
}
