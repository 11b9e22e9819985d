// SPDX-License-Identifier: Apache-2.0
internal import CKernels

/// The heap of a program that ends with its work.
public enum ProgramHeap {
    /// Makes one heap of large pages for all threads, which keeps what is freed for later use; to be called before there are threads.
    ///
    /// The system clears what it gives, page by page, and that on one core: docs/performance.md, *Fresh memory*. A gigabyte of address space is reserved
    /// for large pages; it becomes memory where it is used, and is not taken where the process has a limit. With another C library than glibc nothing is
    /// done.
    public static func prepare() {
        zk_prepare_heap()
    }
}
