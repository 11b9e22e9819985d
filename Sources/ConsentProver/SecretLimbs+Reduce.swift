// SPDX-License-Identifier: Apache-2.0
internal import CKernels
internal import ConsentModel
internal import Groups
internal import Secrets

extension SecretCell where Element == UInt64 {
    /// Becomes the scalar that `wide` reduces to, 48 to 64 little-endian bytes, which are wiped.
    mutating func reduce(wiping wide: consuming [UInt8]) {
        withMutableSpan { Suite.reduce(wide: wide.span, into: &$0) }
        wide.withUnsafeMutableBytes { zk_wipe($0.baseAddress, $0.count) }
    }
}
