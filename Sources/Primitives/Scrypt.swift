// SPDX-License-Identifier: Apache-2.0
internal import COpenSSL

/// scrypt (RFC 7914).
public enum Scrypt {
    /// The most memory a derivation may take: 1 GiB. Parameters from a file are bounded by it before use.
    public static let maximumMemory = 1 << 30

    /// Fills `output` with a key derived from the passphrase.
    ///
    /// - Parameters:
    ///   - n: CPU and memory cost, a power of two, 2 or more.
    ///   - r: Block size, 1 or more.
    ///   - p: Parallelisation, 1...1024.
    /// - Throws: ``PrimitivesError/invalidParameter(_:)`` when a parameter is out of range or 128 n r exceeds ``maximumMemory``.
    public static func derive(
        passphrase: Span<UInt8>, salt: [UInt8], n: Int, r: Int, p: Int, into output: inout MutableSpan<UInt8>
    ) throws(PrimitivesError) {
        guard n >= 2, n & (n - 1) == 0 else { throw .invalidParameter("n") }
        guard r >= 1, r <= 1 << 20 else { throw .invalidParameter("r") }
        guard p >= 1, p <= 1024 else { throw .invalidParameter("p") }
        let perBlock = 128 * r
        guard n <= maximumMemory / perBlock, p <= maximumMemory / perBlock else { throw .invalidParameter("n * r") }
        guard output.count > 0 else { throw .invalidLength("output") }
        // OpenSSL counts the n + 2 blocks of V and the p blocks of B.
        let memory = UInt64(perBlock) * UInt64(n + p + 2) + 4096
        let done = passphrase.withUnsafeBytes { passphrase in
            salt.withUnsafeBufferPointer { salt in
                output.withUnsafeMutableBufferPointer { output in
                    // A null passphrase would only size the call: an empty one gets an address.
                    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1) { empty in
                        let start = passphrase.baseAddress?.assumingMemoryBound(to: CChar.self) ?? UnsafePointer(empty.baseAddress!)
                        return EVP_PBE_scrypt(
                            start, passphrase.count, salt.baseAddress, salt.count, UInt64(n), UInt64(r), UInt64(p), memory,
                            output.baseAddress, output.count) == 1
                    }
                }
            }
        }
        guard done else { throw .backend("EVP_PBE_scrypt") }
    }

    /// A key of `count` bytes derived from the passphrase; see ``derive(passphrase:salt:n:r:p:into:)``, which leaves no copy of the key.
    public static func derive(
        passphrase: Span<UInt8>, salt: [UInt8], n: Int, r: Int, p: Int, count: Int
    ) throws(PrimitivesError) -> [UInt8] {
        guard count > 0, count <= 1 << 20 else { throw .invalidLength("output") }
        var output = [UInt8](repeating: 0, count: count)
        var span = output.mutableSpan
        try derive(passphrase: passphrase, salt: salt, n: n, r: r, p: p, into: &span)
        return output
    }
}
