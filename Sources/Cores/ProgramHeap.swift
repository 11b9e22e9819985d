// SPDX-License-Identifier: Apache-2.0
internal import CKernels

/// The heap of a program that ends with its work.
public enum ProgramHeap {
    /// Makes one heap of large pages for all threads, which keeps what is freed for later use; to be called before there are threads.
    ///
    /// The system clears what it gives, page by page: of a verification that takes 0.7 s on two cores that was 0.1 s (docs/performance.md). A gigabyte of
    /// address space is reserved; it becomes memory where it is used. What the system does not have or refuses is done without.
    public static func prepare() {
        zk_prepare_heap()
    }
}
