// SPDX-License-Identifier: Apache-2.0
internal import CKernels

/// Overwrites an array with zeros in place. It must be the only reference: a shared array would be copied and the original left as it is.
func wipe(_ bytes: inout [UInt8]) {
    bytes.withUnsafeMutableBytes { buffer in
        if let base = buffer.baseAddress { zk_wipe(base, buffer.count) }
    }
}
