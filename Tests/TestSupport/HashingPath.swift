// SPDX-License-Identifier: Apache-2.0
import CKernels
import Synchronization

/// The two ways in which many messages are hashed: tests run both in one process.
public enum HashingPath: Sendable {
    /// The vector kernels of CKernels.
    case vector
    /// One message after the other.
    case portable

    private static let running = Mutex(())

    /// The ways of this machine: the vector kernels need their instructions, and no `ZKCONSENT_KERNEL=portable`.
    private static var available: [HashingPath] { zk_vector_hashing() == 0 ? [.portable] : [.portable, .vector] }

    /// Runs `body` with each way; nobody else changes the way meanwhile.
    public static func each(_ body: (HashingPath) throws -> Void) rethrows {
        try alone {
            for path in available {
                if path == .portable { zk_suspend_vector_hashing() }
                defer { if path == .portable { zk_resume_vector_hashing() } }
                try body(path)
            }
        }
    }

    /// Runs a body that changes the way itself.
    public static func alone<R>(_ body: () throws -> R) rethrows -> R {
        try running.withLock { _ in try body() }
    }

    /// Whether the vector kernels are in use now.
    public static var isVectorInUse: Bool { zk_vector_hashing() != 0 }
}
