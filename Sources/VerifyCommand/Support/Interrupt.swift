// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import ConsentModel
internal import Glibc
internal import Synchronization

/// What happens on SIGINT, SIGTERM and SIGHUP: temporary files and folders are removed and the program ends with 130 (or 128 + the signal's number); within
/// ``finishing(_:)`` it goes on to the next ``check()``. The second signal ends it at once.
///
/// Stores and output files survive being killed at any moment; this only makes the end tidy.
package enum Interrupt {
    private static let signalled = Atomic<Int32>(0)
    private static let isFinishing = Atomic<Bool>(false)

    /// Installs the handlers, once, before anything else.
    package static func install() {
        TemporaryFiles.prepare()
        signalled.store(0, ordering: .relaxed)
        isFinishing.store(false, ordering: .relaxed)
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { number in Interrupt.handle(number) }
        action.sa_flags = Int32(SA_RESTART)
        // A parent may have started this process with the signals blocked: the mask is inherited.
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            sigaction(number, &action, nil)
            sigaddset(&signals, number)
        }
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        // A reader that has gone away is noticed when writing fails.
        signal(SIGPIPE, SIG_IGN)
    }

    /// Async-signal-safe.
    private static func handle(_ number: Int32) {
        let isFirst = signalled.exchange(number, ordering: .relaxed) == 0
        guard isFirst, isFinishing.load(ordering: .relaxed) else {
            TemporaryFiles.removeAll()
            _exit(128 + number)
        }
    }

    /// Runs `body`, in which a first signal does not end the program: `body` calls ``check()`` where it can stop.
    package static func finishing<T: ~Copyable>(_ body: () throws -> T) throws -> T {
        isFinishing.store(true, ordering: .relaxed)
        defer { isFinishing.store(false, ordering: .relaxed) }
        try check()
        return try body()
    }

    /// Whether the program was asked to end.
    package static var isRequested: Bool { signalled.load(ordering: .relaxed) != 0 }

    /// Stops here if the program was asked to end.
    ///
    /// - Throws: The exit code 130, or 128 + the signal's number.
    package static func check() throws {
        let number = signalled.load(ordering: .relaxed)
        if number != 0 { throw ExitCode(128 + number) }
    }
}
