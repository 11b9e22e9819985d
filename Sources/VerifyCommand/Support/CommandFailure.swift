// SPDX-License-Identifier: Apache-2.0
public import ArgumentParser
public import ConsentModel
internal import Foundation

/// How a command ends when it did not succeed, with the exit code of docs/operations.md.
public enum CommandFailure: Error {
    /// The statement does not hold, or the prover refused: exit 1. Everything has been printed already.
    case doesNotHold
    /// Bad usage, input or environment: exit 2.
    case input(ModelError)

    /// The exit code.
    public var exitCode: ExitCode {
        switch self {
        case .doesNotHold: ExitCode(1)
        case .input: ExitCode(2)
        }
    }
}
