// SPDX-License-Identifier: Apache-2.0
internal import CKernels

/// The code that does the heavy arithmetic of ristretto255. Every kernel computes the same results (`GroupsTests`).
///
/// The best one that the processor has is used. The environment variable ``environmentVariable`` forces one; it is read once.
public enum Kernel: String, CaseIterable, Sendable {
    /// Swift code on 64-bit limbs, for every processor.
    case portable
    /// Eight lanes on the 52-bit multiplier of AVX-512 IFMA processors.
    case ifma

    /// `ZKCONSENT_KERNEL`: `portable` or `ifma`.
    public static let environmentVariable = "ZKCONSENT_KERNEL"

    /// Whether this machine runs the kernel.
    public var isAvailable: Bool {
        switch self {
        case .portable: true
        case .ifma: zk_ifma_available() == 1
        }
    }

    /// The kernels of this machine, the best one last.
    public static var available: [Kernel] { allCases.filter(\.isAvailable) }

    /// The kernel for a value of the environment variable, `nil` or empty for the best one.
    public static func selection(_ value: String?) throws(KernelError) -> Kernel {
        guard let value, !value.isEmpty else { return available.last ?? .portable }
        guard let kernel = Kernel(rawValue: value) else { throw .unknown(value) }
        guard kernel.isAvailable else { throw .unavailable(kernel) }
        return kernel
    }

    private static let environmentSelection: Result<Kernel, KernelError> = {
        let value = zk_forced_kernel().map { String(cString: $0) }
        do throws(KernelError) {
            return .success(try selection(value))
        } catch {
            return .failure(error)
        }
    }()

    /// Refuses a value of the environment variable that names no kernel of this machine. Programs call it when they start.
    public static func checkEnvironment() throws(KernelError) { _ = try environmentSelection.get() }

    /// Overrides the choice inside a task: tests run every kernel in one process. It does not reach hashing; see ``running(_:)``.
    @TaskLocal package static var forced: Kernel?

    /// Runs `body` with this kernel for everything: for the groups inside this task, and, if it is ``portable``, for hashing in the whole process, which
    /// other tasks notice as a slower one with the same results. For benchmarks.
    package func running<R>(_ body: () throws -> R) rethrows -> R {
        if self == .portable { zk_suspend_vector_hashing() }
        defer { if self == .portable { zk_resume_vector_hashing() } }
        return try Kernel.$forced.withValue(self, operation: body)
    }

    /// Whether many messages are hashed by the vector kernels now.
    package static var hashesVectors: Bool { zk_vector_hashing() != 0 }

    /// The kernel in use. A wrong environment variable that no program checked is as none.
    public static var current: Kernel {
        if let forced { return forced }
        if case .success(let kernel) = environmentSelection { return kernel }
        return available.last ?? .portable
    }
}

/// Why a forced kernel cannot be used.
public enum KernelError: Error, Equatable, Sendable, CustomStringConvertible {
    /// No kernel has this name.
    case unknown(String)
    /// The processor, or its operating system, does not have the instructions.
    case unavailable(Kernel)

    /// One line for people, with the names that exist.
    public var description: String {
        let names = Kernel.allCases.map(\.rawValue).joined(separator: ", ")
        switch self {
        case .unknown(let name): return "\(Kernel.environmentVariable)=\(name) names no kernel; there are: \(names)"
        case .unavailable(let kernel):
            return "\(Kernel.environmentVariable)=\(kernel.rawValue): this processor does not have the instructions of that kernel"
        }
    }
}
