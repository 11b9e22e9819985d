// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// The lock of a store's one writer: `flock(2)` on a file beside it that is never removed and holds the writer's process number.
///
/// The kernel releases it when the process ends, however it ends.
final class FileLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock of the store at `path`, or refuses at once.
    ///
    /// - Throws: ``StoreError/inUse(path:process:)`` when another process, or another store in this one, has it.
    init(for path: String) throws(StoreError) {
        let lockPath = path + ".lock"
        let descriptor = Glibc.open(lockPath, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .io(path: lockPath, operation: "opening the lock", errno: errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let failure = errno
            let holder = Self.holder(descriptor)
            close(descriptor)
            if failure == EWOULDBLOCK { throw .inUse(path: path, process: holder) }
            throw .io(path: lockPath, operation: "flock", errno: failure)
        }
        let text = Array("\(getpid())\n".utf8)
        // The number only serves the message to others: a failure to write it does not weaken the lock.
        if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, text, text.count, 0) }
        self.descriptor = descriptor
    }

    deinit {
        // A child that another thread has just forked has this descriptor too, until it runs its program: closing ours would not end the lock.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    private static func holder(_ descriptor: Int32) -> Int32? {
        var text = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &text, text.count, 0)
        guard count > 0 else { return nil }
        return Int32(String(decoding: text.prefix(count), as: UTF8.self).prefix { $0.isNumber })
    }
}
