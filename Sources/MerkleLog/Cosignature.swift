// SPDX-License-Identifier: Apache-2.0
internal import Primitives

/// The Ed25519 cosignature with a time (C2SP tlog-cosignature, `cosignature/v1`, key type 0x04).
///
/// It states: at this time the largest tree that the cosigner has seen for the origin, consistent with all before, has this root.
public enum Cosignature {
    /// The bytes that a cosigner signs.
    ///
    /// - Parameters:
    ///   - timestamp: Seconds since 1970, below 2^63.
    ///   - checkpointText: The checkpoint's note text with its last newline, without signatures.
    public static func signedBytes(timestamp: UInt64, checkpointText: String) -> [UInt8] {
        Array("cosignature/v1\ntime \(timestamp)\n\(checkpointText)".utf8)
    }

    /// The signature for a ``NoteSignature`` line: the timestamp, big-endian, and the 64 bytes of Ed25519.
    public static func signature(timestamp: UInt64, ed25519: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendBE64(timestamp)
        return bytes + ed25519
    }

    static func parse(_ signature: [UInt8]) -> (timestamp: UInt64, ed25519: [UInt8])? {
        guard signature.count == 8 + Ed25519.signatureByteCount else { return nil }
        let timestamp = signature.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard timestamp <= TreeSize.maximum else { return nil }
        return (timestamp, Array(signature.dropFirst(8)))
    }
}
