// SPDX-License-Identifier: Apache-2.0
import Groups
import Testing

/// Runs each test once for every kernel of the machine.
struct EveryKernel: SuiteTrait, TestTrait, TestScoping {
    var isRecursive: Bool { true }

    func provideScope(for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void) async throws {
        for kernel in Kernel.available {
            try await Kernel.$forced.withValue(kernel) { try await body() }
        }
    }
}

extension Trait where Self == EveryKernel {
    /// Runs each test once for every kernel of the machine.
    static var everyKernel: EveryKernel { EveryKernel() }
}
