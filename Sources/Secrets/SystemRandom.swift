// SPDX-License-Identifier: Apache-2.0
internal import CKernels

/// Random bytes of the operating system: `getrandom(2)`, blocking until the kernel's generator is seeded.
public enum SystemRandom {
    /// Fills `out` with uniform bytes.
    ///
    /// Interrupted calls are repeated. With a valid buffer and no flags `getrandom` has no other failure than a kernel without the
    /// call; the process is stopped then, for no secret may ever be made of anything else.
    public static func fill(_ out: inout MutableSpan<UInt8>) {
        out.withUnsafeMutableBytes { buffer in
            guard let start = buffer.baseAddress else { return }
            guard zk_system_random(start, buffer.count) == 0 else {
                fatalError("getrandom failed: the system has no random numbers")
            }
        }
    }

    /// `count` uniform public bytes, for salts, identifiers and verifier coins.
    public static func bytes(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var span = bytes.mutableSpan
        fill(&span)
        return bytes
    }
}

extension SecretCell where Element == UInt8 {
    /// `count` uniform secret bytes.
    public static func random(count: Int) -> SecretBytes {
        var cell = SecretBytes(count: count)
        cell.withMutableSpan { SystemRandom.fill(&$0) }
        cell.classify()
        return cell
    }
}
