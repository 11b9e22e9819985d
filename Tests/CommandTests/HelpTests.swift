// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// What --help says can be pasted into a terminal, and is about the program that says it.
@Suite struct HelpTests {
    /// A command of a program, as the parser describes it.
    struct Command: Decodable {
        let commandName: String
        let discussion: String?
        let subcommands: [Command]?
        let defaultSubcommand: String?

        /// This command and all below it.
        var all: [Command] { [self] + (subcommands ?? []).flatMap(\.all) }

        /// The command that words name, as far as they are names.
        func named(_ words: some Collection<Substring>) -> Command {
            guard let word = words.first, let next = (subcommands ?? []).first(where: { $0.commandName == word }) else { return self }
            return next.named(words.dropFirst())
        }

        /// The commands below "Examples:", each on one line, with the width of the longest line that it is printed on.
        var examples: [(line: String, width: Int)] {
            var examples: [(line: String, width: Int)] = []
            var isExample = false
            for line in (discussion ?? "").split(separator: "\n", omittingEmptySubsequences: false) {
                if line == "Example:" || line == "Examples:" {
                    isExample = true
                } else if line.hasPrefix("  "), isExample {
                    if let last = examples.last, last.line.hasSuffix("\\") {
                        examples[examples.count - 1] = (String(last.line.dropLast() + line.drop { $0 == " " }), max(last.width, line.count))
                    } else {
                        examples.append((String(line.dropFirst(2)), line.count))
                    }
                } else {
                    isExample = false
                }
            }
            return examples
        }
    }

    private struct Dump: Decodable {
        let command: Command
    }

    private func root(_ program: String) throws -> Command {
        let result = try run(builtProgram(program), ["--experimental-dump-help"], in: repositoryRoot)
        #expect(result.status == 0)
        return try JSONDecoder().decode(Dump.self, from: result.output).command
    }

    /// The parser wraps at 80 columns; a line that it wraps cannot be pasted.
    @Test(arguments: ["zkconsent", "zkconsent-verify"]) func examplesCanBePasted(program: String) throws {
        let root = try root(program)
        var count = 0
        for command in root.all {
            for example in command.examples {
                count += 1
                #expect(example.width <= 78, "\(command.commandName): \(example.line)")
                let words = example.line.split(separator: " ")
                #expect(words.first.map(String.init) == program, "\(command.commandName): \(example.line)")
                let named = root.named(words.dropFirst())
                #expect(
                    (named.subcommands ?? []).isEmpty || named.defaultSubcommand != nil,
                    "\(program) has no such command: \(example.line)")
            }
        }
        #expect(count > (program == "zkconsent" ? 60 : 12), "\(count)")
    }

    @Test func helpOfNoCommand() throws {
        for program in ["zkconsent", "zkconsent-verify"] {
            let result = try run(builtProgram(program), ["help", "nope"], in: repositoryRoot)
            #expect(result.status == 2 && result.text.isEmpty && result.errorText.contains("no command nope"), "\(result.errorText)")
        }
        let nested = try run(builtProgram("zkconsent"), ["help", "ledger", "shwo"], in: repositoryRoot)
        #expect(nested.status == 2 && nested.errorText.contains("ledger shwo") && nested.errorText.contains("show"), "\(nested.errorText)")
        for words in [["help"], ["help", "help"], ["help", "keygen"], ["help", "ledger", "show"]] {
            #expect(try run(builtProgram("zkconsent"), words, in: repositoryRoot).status == 0)
        }
    }

    /// `--json` in front of the command is the command's.
    @Test func jsonInFront() throws {
        let misspelt = try run(builtProgram("zkconsent"), ["--json", "keygn"], in: repositoryRoot)
        #expect(misspelt.status == 2 && misspelt.errorText.contains("did you mean keygen?"), "\(misspelt.errorText)")
        for program in ["zkconsent", "zkconsent-verify"] {
            let behind = try run(builtProgram(program), ["policy", "show", "--json"], in: repositoryRoot)
            let before = try run(builtProgram(program), ["--json", "policy", "show"], in: repositoryRoot)
            #expect(behind.status == 0 && behind.text.hasPrefix("{") && before.output == behind.output, "\(before.errorText)")
        }
        let inspect = try run(builtProgram("zkconsent-verify"), ["--json", "inspect", "nowhere.zkb"], in: repositoryRoot)
        #expect(inspect.status == 2 && inspect.errorText.contains("file-not-found"), "\(inspect.errorText)")
    }
}
