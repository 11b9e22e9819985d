// SPDX-License-Identifier: Apache-2.0
import Foundation
import MerkleLog
import Primitives
import TestSupport
import Testing

/// The vectors of transparency-dev/merkle, most of them malformed.
@Suite struct TransparencyDevTests {
    private struct InclusionCase: Decodable {
        let leafIdx: UInt64
        let treeSize: UInt64
        let root: String?
        let leafHash: String?
        let proof: [String]?
        let desc: String
        let wantErr: Bool
    }

    private struct ConsistencyCase: Decodable {
        let size1: UInt64
        let size2: UInt64
        let root1: String?
        let root2: String?
        let proof: [String]?
        let desc: String
        let wantErr: Bool
    }

    private struct ReferenceTree: Decodable {
        let leaf_inputs_hex: [String]
        let node_hashes_by_level: [[String]]
        let root_hash_by_size: [String]
    }

    @Test func inclusion() throws {
        let cases: [InclusionCase] = try all("inclusion")
        #expect(cases.contains { !$0.wantErr } && cases.contains { $0.wantErr })
        for test in cases {
            let isValid = succeeds {
                let proof = try InclusionProof(index: test.leafIdx, treeSize: test.treeSize, hashes: hashes(test.proof))
                try proof.verify(leafHash: LeafHash(Base64.decode(test.leafHash ?? "")), root: NodeHash(Base64.decode(test.root ?? "")))
            }
            #expect(isValid != test.wantErr, "\(test.desc)")
            // A batch of one leaf gives the same verdict.
            let isValidBatch = succeeds {
                let proof = try BatchInclusionProof(treeSize: test.treeSize, hashes: hashes(test.proof))
                let leaf = try LeafHash(Base64.decode(test.leafHash ?? ""))
                try proof.verify(indices: [test.leafIdx], leafHashes: [leaf], root: NodeHash(Base64.decode(test.root ?? "")))
            }
            #expect(isValidBatch != test.wantErr, "\(test.desc)")
        }
    }

    @Test func consistency() throws {
        let cases: [ConsistencyCase] = try all("consistency")
        #expect(cases.contains { !$0.wantErr } && cases.contains { $0.wantErr })
        for test in cases {
            let isValid = succeeds {
                let proof = try ConsistencyProof(oldSize: test.size1, newSize: test.size2, hashes: hashes(test.proof))
                try proof.verify(oldRoot: root(test.root1), newRoot: root(test.root2))
            }
            #expect(isValid != test.wantErr, "\(test.desc)")
        }
    }

    @Test func referenceTree() throws {
        let reference: ReferenceTree = try vectorJSON("13-merkle-transparency-dev/rfc6962_reference_tree.json")
        let leaves = try reference.leaf_inputs_hex.map { try LeafHash(entry: Hex.decode($0)) }
        #expect(leaves.map { Hex.encode($0.bytes) } == reference.node_hashes_by_level[0])
        let tree = MerkleTree(leaves)
        for (size, root) in reference.root_hash_by_size.enumerated() {
            #expect(try Hex.encode(tree.root(size: UInt64(size)).bytes) == root)
        }
    }

    /// Some vectors have a text ("don't care") for a root; our type holds 32 bytes, so its hash stands for it.
    private func root(_ text: String?) throws -> NodeHash {
        let bytes = try Base64.decode(text ?? "")
        return try NodeHash(bytes.count == 32 ? bytes : SHA256.hash(bytes))
    }

    private func hashes(_ proof: [String]?) throws -> [NodeHash] {
        try (proof ?? []).map { try NodeHash(Base64.decode($0)) }
    }

    private func succeeds(_ body: () throws -> Void) -> Bool {
        do {
            try body()
            return true
        } catch {
            return false
        }
    }

    private func all<Case: Decodable>(_ folder: String) throws -> [Case] {
        let root = vectorURL("13-merkle-transparency-dev/\(folder)")
        let files = try #require(FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil))
        var cases: [Case] = []
        for case let file as URL in files where file.pathExtension == "json" {
            cases.append(try JSONDecoder().decode(Case.self, from: Data(contentsOf: file)))
        }
        return cases
    }
}
