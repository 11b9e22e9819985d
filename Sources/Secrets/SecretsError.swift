// SPDX-License-Identifier: Apache-2.0

/// Why a secret could not be read or made. No case carries secret bytes.
public enum SecretsError: Error, Equatable, Sendable {
    /// A key, seed or record has the wrong length.
    case length
    /// Not a sealed file of this version.
    case format
    /// The key derivation parameters of the header are outside the accepted bounds.
    case parameters
    /// Wrong passphrase or key, or the bytes were altered: the two cannot be told apart.
    case authentication
    /// The cryptographic library refused for want of memory or an internal reason.
    case backend
}
