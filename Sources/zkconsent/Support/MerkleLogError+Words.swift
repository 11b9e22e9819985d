// SPDX-License-Identifier: Apache-2.0
internal import MerkleLog

extension MerkleLogError {
    /// The reason in words, as the end of a sentence.
    var words: String {
        switch self {
        case .hashLength(let count): "a hash has \(count) bytes instead of 32"
        case .sizeOutOfRange(let size): "the size \(size) is out of range"
        case .indexOutOfRange(let index): "the index \(index) is not below the size of the log"
        case .emptyStatement: "it says nothing"
        case .indicesNotAscending(let position): "the indices do not ascend at position \(position)"
        case .countMismatch: "indices and hashes differ in number"
        case .proofLength: "it has too many or too few hashes"
        case .rootMismatch: "it does not lead to the checkpoint's root"
        case .limitExceeded(let what): "it exceeds a limit: \(what)"
        case .malformedNote(let reason): "the signed note is malformed: \(reason)"
        case .malformedKey(let reason): "the key is malformed: \(reason)"
        case .malformedCheckpoint(let reason): "the checkpoint is malformed: \(reason)"
        case .malformedProof(let part): "what is wrong in it: \(part)"
        case .malformedTile: "a tile is malformed"
        case .ambiguousKey(let name): "two keys have the name \(name) and the same ID"
        case .invalidSignature(let name): "the signature of \(name) is invalid"
        case .notSigned: "no known key has signed it"
        case .originMismatch: "the checkpoint is another log's"
        case .wrongKeyType: "the key is of the wrong type"
        }
    }
}
