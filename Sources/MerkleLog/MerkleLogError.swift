// SPDX-License-Identifier: Apache-2.0

/// Why a tree, a proof, a note or a checkpoint is refused.
public enum MerkleLogError: Error, Equatable, Sendable {
    /// A hash is not 32 bytes long.
    case hashLength(Int)
    /// A tree has more than 2^63 - 1 leaves, or a size exceeds the tree's.
    case sizeOutOfRange(UInt64)
    /// A leaf index is not below the size of the tree.
    case indexOutOfRange(UInt64)
    /// The proof would say nothing: it is about the empty tree or about no leaves.
    case emptyStatement
    /// The indices of a batch are not strictly ascending at this position.
    case indicesNotAscending(position: Int)
    /// Indices and leaf hashes differ in number.
    case countMismatch
    /// The proof has more or fewer hashes than its indices and sizes demand.
    case proofLength
    /// The computed root is not the expected one.
    case rootMismatch
    /// A note, checkpoint, key or proof exceeds a limit of this implementation; the text says which.
    case limitExceeded(String)
    /// The bytes are not a signed note; the text says why.
    case malformedNote(String)
    /// The text is not a verifier key, or its key ID is wrong; the text says why.
    case malformedKey(String)
    /// The note's text is not a checkpoint; the text says why.
    case malformedCheckpoint(String)
    /// The text is not a C2SP transparency log proof; the text says why.
    case malformedProof(String)
    /// A tile or entry bundle has no such coordinates or contents.
    case malformedTile
    /// Two of the given keys have the same name and key ID.
    case ambiguousKey(String)
    /// The signature of the known key of this name is invalid.
    case invalidSignature(String)
    /// No known key has signed.
    case notSigned
    /// The checkpoint is another log's: its origin is not the expected one.
    case originMismatch
    /// The key is of the wrong type for this use.
    case wrongKeyType
}
