// SPDX-License-Identifier: Apache-2.0
import MerkleLog

extension FuzzTarget {
    /// What a transparency log publishes.
    static let logs = [
        FuzzTarget(name: "note", summary: "signed notes, checkpoints, verifier keys") { bytes in
            if let note = try? SignedNote(bytes: bytes) {
                require(note.bytes == bytes, "a note has two encodings")
                _ = try? UnverifiedCheckpoint(note)
            }
            if let text = String(validating: bytes, as: UTF8.self), let key = try? VerifierKey(text: text) {
                require(key.text.utf8.elementsEqual(text.utf8), "a verifier key has two encodings")
            }
        },
        FuzzTarget(name: "log-proof", summary: "C2SP tlog-proof") { bytes in
            _ = try? LogProof(bytes: bytes)
        },
        FuzzTarget(name: "tile", summary: "bundles of entries and tiles of hashes") { bytes in
            guard let width = bytes.first.map({ Int($0) + 1 }),
                let data = try? Tile(content: .entries, index: 0, width: width),
                let hashes = try? Tile(content: .hashes(level: 0), index: 0, width: width)
            else { return }
            let rest = Array(bytes.dropFirst())
            if let entries = try? data.entries(in: rest) {
                require((try? Tile.bundle(entries)) == rest, "a bundle of entries has two encodings")
            }
            _ = try? hashes.hashes(in: rest)
        },
        FuzzTarget(name: "inclusion", summary: "Merkle proofs of any shape") { bytes in
            guard bytes.count >= 25 else { return }
            let numbers = (0..<3).map { part in bytes[8 * part..<8 * part + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
            let hashes = stride(from: 24, to: bytes.count - 31, by: 32).compactMap { try? NodeHash(Array(bytes[$0..<$0 + 32])) }
            guard let leaf = hashes.first.map(LeafHash.init(node:)) else { return }
            if let proof = try? InclusionProof(index: numbers[0], treeSize: numbers[1], hashes: hashes) { _ = proof.root(leafHash: leaf) }
            if let proof = try? ConsistencyProof(oldSize: numbers[0], newSize: numbers[1], hashes: hashes) {
                _ = proof.roots(oldRoot: hashes[0])
            }
            if let proof = try? BatchInclusionProof(treeSize: numbers[1], hashes: hashes) {
                let indices = numbers[0] < numbers[2] ? [numbers[0], numbers[2]] : [numbers[0]]
                _ = try? proof.root(indices: indices, leafHashes: indices.map { _ in leaf })
            }
        },
    ]
}
