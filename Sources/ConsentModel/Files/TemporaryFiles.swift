// SPDX-License-Identifier: Apache-2.0
internal import CKernels
internal import Glibc
internal import Synchronization

/// The temporary files of this process that have not got their final names yet, and its temporary folders, so that an interrupted program can remove
/// them.
///
/// A fixed table of paths that never moves: a signal handler may read it at any time.
package enum TemporaryFiles {
    private static let slotCount = 64
    private static let slotByteCount = Int(PATH_MAX)
    /// Serialises writers; the handler reads without it.
    private static let writing = Mutex(())
    // Written under `writing` only, and so that a slot's first byte, which makes it valid, is the last to be set and the first to be cleared.
    private nonisolated(unsafe) static let slots: UnsafeMutablePointer<CChar> = {
        let slots = UnsafeMutablePointer<CChar>.allocate(capacity: slotCount * slotByteCount)
        slots.initialize(repeating: 0, count: slotCount * slotByteCount)
        return slots
    }()

    /// Makes the table, so that nothing is left to be done for the first time in a signal handler.
    package static func prepare() {
        _ = slots
    }

    /// Remembers the path of a temporary file, or of a temporary folder with everything that will be in it. A path that is too long, or one too many, is not remembered: it stays when the program is killed.
    package static func add(_ path: String) {
        let bytes = Array(path.utf8CString)
        guard bytes.count > 1, bytes.count <= slotByteCount else { return }
        writing.withLock { _ in
            guard let slot = (0..<slotCount).first(where: { slots[$0 * slotByteCount] == 0 }) else { return }
            let start = slots + slot * slotByteCount
            for index in bytes.indices.dropFirst() { start[index] = bytes[index] }
            start[0] = bytes[0]
        }
    }

    /// Forgets a path: the file has its final name, or is gone, or the folder is.
    package static func remove(_ path: String) {
        path.withCString { path in
            writing.withLock { _ in
                for slot in 0..<slotCount where strcmp(slots + slot * slotByteCount, path) == 0 { slots[slot * slotByteCount] = 0 }
            }
        }
    }

    /// Removes the files and folders. Async-signal-safe after ``prepare()``.
    package static func removeAll() {
        for slot in 0..<slotCount where slots[slot * slotByteCount] != 0 { _ = zk_remove_folder(slots + slot * slotByteCount) }
    }
}
