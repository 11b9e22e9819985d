// SPDX-License-Identifier: Apache-2.0

/// The entries of a certificate transparency log, a tile of them (C2SP static-ct-api, "Log Entries").
struct CertificateBundle {
    /// What is hashed into the leaves: `MerkleTreeLeaf` of RFC 6962, section 3.4.
    private(set) var entries: [[UInt8]] = []
    /// The indices that the entries claim for themselves in an extension.
    private(set) var indices: [UInt64] = []

    /// The entries of a file: 1 to 256 of them to the last byte, each with an index; nil for any other file.
    init?(_ bytes: [UInt8]) {
        guard bytes.count >= 20, bytes.count <= 1 << 26 else { return nil }
        var offset = 0
        /// The end of a field of at least `minimum` bytes after a length of `width` bytes.
        func field(_ width: Int, from start: Int, minimum: Int) -> Int? {
            guard start + width <= bytes.count else { return nil }
            let count = bytes[start..<start + width].reduce(0) { $0 << 8 | Int($1) }
            guard count >= minimum, count <= bytes.count - start - width else { return nil }
            return start + width + count
        }
        while offset < bytes.count {
            guard entries.count < 256, offset + 10 <= bytes.count, bytes[offset + 8] == 0, bytes[offset + 9] <= 1 else { return nil }
            let isPrecertificate = bytes[offset + 9] == 1
            // The issuer's key hash is before the certificate to be; the final one is after the extensions.
            guard let signed = field(3, from: offset + (isPrecertificate ? 42 : 10), minimum: 1) else { return nil }
            guard var end = field(2, from: signed, minimum: 8) else { return nil }
            let extensions = bytes[signed + 2..<end]
            guard extensions.starts(with: [0, 0, 5]) else { return nil }
            indices.append(extensions.dropFirst(3).prefix(5).reduce(0) { $0 << 8 | UInt64($1) })
            entries.append([0, 0] + bytes[offset..<end])
            if isPrecertificate {
                guard let next = field(3, from: end, minimum: 1) else { return nil }
                end = next
            }
            guard let next = field(2, from: end, minimum: 0), (next - end - 2) % 32 == 0 else { return nil }
            offset = next
        }
    }
}
