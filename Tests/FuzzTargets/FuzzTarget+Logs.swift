// SPDX-License-Identifier: Apache-2.0
import MerkleLog

extension FuzzTarget {
    /// What a transparency log publishes.
    static let logs = [
        FuzzTarget(name: "note", summary: "signed notes, checkpoints, verifier keys") { bytes in
            if let note = try? SignedNote(bytes: bytes) {
                require(note.bytes == bytes, "a note has two encodings")
                return (try? UnverifiedCheckpoint(note)) != nil
            }
            guard let text = String(validating: bytes, as: UTF8.self), let key = try? VerifierKey(text: text) else { return false }
            require(key.text.utf8.elementsEqual(text.utf8), "a verifier key has two encodings")
            return true
        },
        FuzzTarget(name: "log-proof", summary: "C2SP tlog-proof") { bytes in
            (try? LogProof(bytes: bytes)) != nil
        },
        FuzzTarget(name: "tile", summary: "bundles of entries and tiles of hashes") { bytes in
            guard let width = bytes.first.map({ Int($0) + 1 }),
                let data = try? Tile(content: .entries, index: 0, width: width),
                let hashes = try? Tile(content: .hashes(level: 0), index: 0, width: width)
            else { return false }
            let rest = Array(bytes.dropFirst())
            let entries = try? data.entries(in: rest)
            if let entries { require((try? Tile.bundle(entries)) == rest, "a bundle of entries has two encodings") }
            return (try? hashes.hashes(in: rest)) != nil || entries != nil
        },
        FuzzTarget(name: "inclusion", summary: "Merkle proofs of any shape") { bytes in
            guard bytes.count >= 25 else { return false }
            let numbers = (0..<3).map { part in bytes[8 * part..<8 * part + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
            let hashes = stride(from: 24, to: bytes.count - 31, by: 32).compactMap { try? NodeHash(Array(bytes[$0..<$0 + 32])) }
            guard let leaf = hashes.first.map(LeafHash.init(node:)) else { return false }
            let inclusion = try? InclusionProof(index: numbers[0], treeSize: numbers[1], hashes: hashes)
            _ = inclusion?.root(leafHash: leaf)
            if let proof = try? ConsistencyProof(oldSize: numbers[0], newSize: numbers[1], hashes: hashes) {
                _ = proof.roots(oldRoot: hashes[0])
            }
            if let proof = try? BatchInclusionProof(treeSize: numbers[1], hashes: hashes) {
                let indices = numbers[0] < numbers[2] ? [numbers[0], numbers[2]] : [numbers[0]]
                _ = try? proof.root(indices: indices, leafHashes: indices.map { _ in leaf })
            }
            return inclusion != nil
        },
    ]
}
