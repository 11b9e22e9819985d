// SPDX-License-Identifier: Apache-2.0

/// Why a case failed, for people.
package struct CaseFailure: Error, Equatable, Sendable {
    /// The reason, one line.
    package let reason: String

    /// Whether the case was not run at all: it needs what the engine does not have.
    package let isSkip: Bool

    /// A failure for this reason.
    init(_ reason: String) {
        self.reason = reason
        isSkip = false
    }

    /// A case that is not run, for this reason.
    init(skipped reason: String) {
        self.reason = reason
        isSkip = true
    }
}

/// The cases of one file as they are run.
package struct Cases: Sendable {
    /// One case that failed or was skipped.
    package struct Failed: Equatable, Sendable {
        /// The case's name within its file.
        package let name: String
        /// Why.
        package let reason: String
    }

    /// The number of cases that hold.
    package private(set) var passed = 0
    /// The others.
    package private(set) var failed: [Failed] = []
    /// Those that were not run.
    package private(set) var skipped: [Failed] = []

    /// Runs one case.
    mutating func run(_ name: String, _ body: () throws(CaseFailure) -> Void) {
        do throws(CaseFailure) {
            try body()
            passed += 1
        } catch {
            if error.isSkip {
                skipped.append(Failed(name: name, reason: error.reason))
            } else {
                failed.append(Failed(name: name, reason: error.reason))
            }
        }
    }

    /// Counts a case that cannot be run.
    mutating func fail(_ name: String, _ reason: String) {
        failed.append(Failed(name: name, reason: reason))
    }
}

/// Fails for this reason unless the condition holds.
func require(_ condition: Bool, _ reason: @autoclosure () -> String) throws(CaseFailure) {
    guard condition else { throw CaseFailure(reason()) }
}

/// Fails unless the computed verdict is the expected one.
func requireVerdict(_ isAccepted: Bool, expected: Bool) throws(CaseFailure) {
    guard isAccepted != expected else { return }
    throw CaseFailure(isAccepted ? "accepted, must be rejected" : "rejected, must be accepted")
}

/// What the body returns; its error as a failure for this reason.
func attempt<Value>(_ reason: @autoclosure () -> String, _ body: () throws -> Value) throws(CaseFailure) -> Value {
    do {
        return try body()
    } catch let error as CaseFailure {
        throw error
    } catch {
        throw CaseFailure("\(reason()): \(error)")
    }
}

/// The value, or a failure for this reason.
func unwrap<Value>(_ value: Value?, _ reason: @autoclosure () -> String) throws(CaseFailure) -> Value {
    guard let value else { throw CaseFailure(reason()) }
    return value
}
