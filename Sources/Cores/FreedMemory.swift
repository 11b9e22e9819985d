// SPDX-License-Identifier: Apache-2.0
internal import CKernels

/// What becomes of the memory that this process frees.
public enum FreedMemory {
    /// Keeps it for later use instead of giving it back. The system clears what it gives, page by page: a fifth of the time of a proof for a million data
    /// points (docs/performance.md). For a program that ends with its work.
    public static func keep() {
        zk_keep_freed_memory()
    }
}
