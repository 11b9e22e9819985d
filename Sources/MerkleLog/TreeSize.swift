// SPDX-License-Identifier: Apache-2.0

/// The arithmetic of tree sizes, which are below 2^63 everywhere (C2SP tlog-cosignature, tlog-witness).
enum TreeSize {
    /// The largest size of a tree.
    static let maximum = UInt64(Int64.max)

    static func check(_ size: UInt64) throws(MerkleLogError) {
        guard size <= maximum else { throw .sizeOutOfRange(size) }
    }

    /// The largest power of two below `count`, the size of the left subtree (RFC 6962 section 2.1); `count` >= 2.
    static func split(_ count: UInt64) -> UInt64 {
        1 << UInt64(63 - (count - 1).leadingZeroBitCount)
    }
}
