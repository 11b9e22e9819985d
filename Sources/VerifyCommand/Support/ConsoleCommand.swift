// SPDX-License-Identifier: Apache-2.0
public import ArgumentParser
internal import ConsentModel

/// The options that every command has.
public struct OutputOptions: ParsableArguments {
    /// Machine-readable output.
    @Flag(help: "Print results and errors as one JSON object a line.")
    public var json = false

    /// The parser makes it.
    public init() {}
}

/// A command whose work throws errors for people; they are printed and become exit codes here, in one place.
public protocol ConsoleCommand: ParsableCommand {
    /// The common options.
    var output: OutputOptions { get }
    /// The work.
    func run(_ console: Console) throws
}

extension ConsoleCommand {
    /// Runs the work and turns its failure into an exit code: 1 does not hold, 2 bad usage, input or environment.
    public func run() throws {
        let console = Console(json: output.json)
        do {
            try run(console)
            try console.checkResults()
        } catch let failure as CommandFailure {
            console.endProgress()
            if case .input(let error) = failure { console.error(error) }
            throw failure.exitCode
        } catch let error as ModelError {
            console.endProgress()
            console.error(error)
            throw ExitCode(2)
        } catch let code as ExitCode {
            throw code
        } catch let error as ValidationError {
            throw error
        } catch {
            console.endProgress()
            console.error(ModelError("internal", "\(error)"))
            throw ExitCode(2)
        }
    }
}
