// SPDX-License-Identifier: Apache-2.0

/// What the primitives refuse. Every case is a refusal of an input; none carries input bytes.
public enum PrimitivesError: Error, Equatable, Sendable {
    /// An argument of this name has a length the algorithm does not allow.
    case invalidLength(String)
    /// A parameter of this name is out of range.
    case invalidParameter(String)
    /// The AEAD tag does not match: wrong key, nonce, associated data or ciphertext.
    case authenticationFailed
    /// The text is not canonical hexadecimal or base64 at this byte offset.
    case invalidEncoding(offset: Int)
    /// The input ended at this byte offset where more bytes were needed.
    case unexpectedEnd(offset: Int)
    /// Bytes remain after the last field, from this offset.
    case trailingBytes(offset: Int)
    /// A length field at this offset exceeds the limit of the format.
    case limitExceeded(offset: Int)
    /// OpenSSL refused or ran out of memory in the function of this name.
    case backend(String)
}
