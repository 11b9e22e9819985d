// SPDX-License-Identifier: Apache-2.0
internal import MerkleLog
internal import Primitives

/// The RFC 6962 proofs of transparency-dev/merkle, and its tree.
enum MerkleFormats {
    static let all = [inclusion, consistency, subtreeInclusion, subtreeConsistency, tree]
    private static let source = "RFC 6962"

    /// A file that is one record with these members and the verdict `wantErr`.
    private static func single(
        _ name: String, standard: String, _ members: [String], _ isValid: @escaping @Sendable (VectorValue) throws(CaseFailure) -> Bool
    ) -> VectorFormat {
        VectorFormat(
            name, standard: standard, marker: members.contains("leafIdx") ? "leafIdx" : "root1",
            recognises: { file in
                guard let names = file.json?.members else { return false }
                return names["wantErr"] != nil && members.allSatisfy { names[$0] != nil }
            },
            run: { (file, cases) throws(CaseFailure) in
                let json = try unwrap(file.json, "JSON")
                cases.run(json["desc"]?.text ?? name) { () throws(CaseFailure) in
                    try requireVerdict(try isValid(json), expected: !json.truth("wantErr"))
                }
            })
    }

    static let inclusion = single("Merkle inclusion", standard: source, ["leafIdx", "treeSize", "root", "leafHash", "proof"]) {
        (json) throws(CaseFailure) in
        let (index, size) = (try json.unsigned("leafIdx"), try json.unsigned("treeSize"))
        let (hashes, leaf, root) = (try proof(json), try hash(json, "leafHash"), try hash(json, "root"))
        let isValid = verify(index: index, size: size, hashes, leaf, root)
        // A batch of one leaf gives the same verdict.
        let isValidBatch = succeeds {
            let nodes = try hashes.map { try NodeHash($0) }
            try BatchInclusionProof(treeSize: size, hashes: nodes).verify(
                indices: [index], leafHashes: [LeafHash(leaf)], root: NodeHash(root))
        }
        try require(isValid == isValidBatch, "the batch proof gives another verdict")
        return isValid
    }

    static let consistency = single("Merkle consistency", standard: source, ["size1", "size2", "root1", "root2", "proof"]) {
        (json) throws(CaseFailure) in
        let (old, new) = (try json.unsigned("size1"), try json.unsigned("size2"))
        let (hashes, oldRoot, newRoot) = (try proof(json), try hash(json, "root1"), try hash(json, "root2"))
        return succeeds {
            let proof = try ConsistencyProof(oldSize: old, newSize: new, hashes: hashes.map { try NodeHash($0) })
            try proof.verify(oldRoot: standIn(oldRoot), newRoot: standIn(newRoot))
        }
    }

    static let subtreeInclusion = single(
        "Merkle subtree inclusion", standard: "draft-ietf-plants-merkle-tree-certs",
        ["leafIdx", "start", "end", "root", "leafHash", "proof"]
    ) { (json) throws(CaseFailure) in
        let (index, start, end) = (try json.unsigned("leafIdx"), try json.unsigned("start"), try json.unsigned("end"))
        let (hashes, leaf, root) = (try proof(json), try hash(json, "leafHash"), try hash(json, "root"))
        guard Subtree.isValid(start, end), index >= start else { return false }
        return verify(index: index - start, size: end - start, hashes, leaf, root)
    }

    static let subtreeConsistency = single(
        "Merkle subtree consistency", standard: "draft-ietf-plants-merkle-tree-certs", ["start", "end", "size", "root1", "root2", "proof"]
    ) { (json) throws(CaseFailure) in
        let (start, end, size) = (try json.unsigned("start"), try json.unsigned("end"), try json.unsigned("size"))
        let (hashes, subtree, root) = (try proof(json), try hash(json, "root1"), try hash(json, "root2"))
        return succeeds {
            guard
                try Subtree.isConsistent(
                    start, end, size, proof: hashes.map { try NodeHash($0) }, subtree: standIn(subtree), root: standIn(root))
            else { throw CaseFailure("the roots differ") }
        }
    }

    static let tree = VectorFormat(
        "Merkle reference tree", standard: source, marker: "leaf_inputs_hex",
        recognises: { $0.json?.has("leaf_inputs_hex", "root_hash_by_size") ?? false },
        run: { (file, cases) throws(CaseFailure) in
            let json = try unwrap(file.json, "JSON")
            var leaves: [LeafHash] = []
            for input in try json.list("leaf_inputs_hex") { leaves.append(LeafHash(entry: try input.hexadecimal())) }
            try require(leaves.count <= 1 << 16, "more leaves than are computed")
            let tree = MerkleTree(leaves)
            for (level, column) in try json.list("node_hashes_by_level").enumerated() {
                for (position, value) in try unwrap(column.elements, "a level").enumerated() {
                    cases.run("node \(position) of level \(level)") { () throws(CaseFailure) in
                        let width = 1 << min(level, 32)
                        try require((position + 1) * width <= leaves.count, "no such node")
                        let node = MerkleTree(Array(leaves[position * width..<(position + 1) * width])).root
                        try require(node.bytes == value.hexadecimal(), "the hash differs")
                    }
                }
            }
            for (size, value) in try json.list("root_hash_by_size").enumerated() {
                cases.run("root of size \(size)") { () throws(CaseFailure) in
                    let root = try attempt("no such size") { try tree.root(size: UInt64(size)) }
                    try require(root.bytes == value.hexadecimal(), "the hash differs")
                }
            }
        })

    // MARK: Helpers

    private static func verify(index: UInt64, size: UInt64, _ hashes: [[UInt8]], _ leaf: [UInt8], _ root: [UInt8]) -> Bool {
        succeeds {
            let proof = try InclusionProof(index: index, treeSize: size, hashes: hashes.map { try NodeHash($0) })
            try proof.verify(leafHash: LeafHash(leaf), root: NodeHash(root))
        }
    }

    /// The hashes of the proof as bytes; null is an empty proof.
    private static func proof(_ json: VectorValue) throws(CaseFailure) -> [[UInt8]] {
        guard json["proof"] != nil else { return [] }
        var hashes: [[UInt8]] = []
        for value in try json.list("proof") { hashes.append(try base64(value)) }
        return hashes
    }

    /// A hash as bytes; null is no bytes.
    private static func hash(_ json: VectorValue, _ name: String) throws(CaseFailure) -> [UInt8] {
        guard let value = json[name] else { return [] }
        return try base64(value)
    }

    private static func base64(_ value: VectorValue) throws(CaseFailure) -> [UInt8] {
        let text = try unwrap(value.text, "a hash is no text")
        return try attempt("a hash is not base64") { try Base64.decode(text) }
    }

    /// Some vectors have a text ("don't care") for a root; our type holds 32 bytes, so its hash stands for it.
    private static func standIn(_ bytes: [UInt8]) throws(MerkleLogError) -> NodeHash {
        try NodeHash(bytes.isEmpty || bytes.count == 32 ? bytes : SHA256.hash(bytes))
    }

    private static func succeeds(_ body: () throws -> Void) -> Bool {
        do {
            try body()
            return true
        } catch {
            return false
        }
    }
}
