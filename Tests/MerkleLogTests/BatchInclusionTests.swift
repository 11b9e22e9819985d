// SPDX-License-Identifier: Apache-2.0
import MerkleLog
import Primitives
import Testing

@Suite struct BatchInclusionTests {
    static let entries = sampleEntries(70)
    static let leaves = entries.map { LeafHash(entry: $0) }
    static let tree = MerkleTree(leaves)

    private func hashes(_ indices: [UInt64]) -> [LeafHash] {
        indices.map { Self.leaves[Int($0)] }
    }

    /// All subsets of all trees of up to 11 leaves.
    @Test(arguments: 1...11)
    func allSubsetsEqualTheOracle(size: Int) throws {
        let root = try Self.tree.root(size: UInt64(size))
        for mask in 1..<(1 << size) {
            let indices = (0..<UInt64(size)).filter { mask >> $0 & 1 == 1 }
            let proof = try Self.tree.batchInclusionProof(indices: indices, size: UInt64(size))
            #expect(proof.hashes.map(\.bytes) == NaiveTree.batch(Set(indices.map { Int($0) }), Self.entries[..<size]))
            try proof.verify(indices: indices, leafHashes: hashes(indices), root: root)
        }
    }

    @Test func oneLeafIsItsInclusionProof() throws {
        for size in 1...70 as ClosedRange<UInt64> {
            for index in 0..<size {
                let batch = try Self.tree.batchInclusionProof(indices: [index], size: size)
                #expect(try batch.hashes == Self.tree.inclusionProof(index: index, size: size).hashes)
            }
        }
    }

    @Test func randomBatchesOfLargerTrees() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<300 {
            let size = UInt64.random(in: 1...70, using: &generator)
            let indices = (0..<size).filter { _ in UInt8.random(in: 0..<4, using: &generator) == 0 }
            guard !indices.isEmpty else { continue }
            let proof = try Self.tree.batchInclusionProof(indices: indices, size: size)
            #expect(proof.hashes.map(\.bytes) == NaiveTree.batch(Set(indices.map { Int($0) }), Self.entries[..<Int(size)]))
            #expect(try proof.root(indices: indices, leafHashes: hashes(indices)) == Self.tree.root(size: size))
        }
    }

    @Test(
        arguments: [([0], 1), ([0], 2), ([1, 4], 5), ([0, 3, 5], 7), ([2, 6], 7), ([0, 1, 9, 30, 31, 69], 70), ([69], 70), ([68], 69)]
            as [([UInt64], UInt64)])
    func wrongBatchesAreRefused(indices: [UInt64], size: UInt64) throws {
        let root = try Self.tree.root(size: size)
        let leaves = hashes(indices)
        let proof = try Self.tree.batchInclusionProof(indices: indices, size: size)
        try proof.verify(indices: indices, leafHashes: leaves, root: root)
        for wrong in mutations(of: proof.hashes) {
            #expect(throws: MerkleLogError.self) {
                try BatchInclusionProof(treeSize: size, hashes: wrong).verify(indices: indices, leafHashes: leaves, root: root)
            }
        }
        for position in indices.indices {
            for other in 0..<(size + 2) where !indices.contains(other) {
                var moved = indices
                moved[position] = other
                #expect(throws: MerkleLogError.self) { try proof.verify(indices: moved, leafHashes: leaves, root: root) }
            }
            var foreign = leaves
            foreign[position] = LeafHash(entry: [1])
            #expect(throws: MerkleLogError.rootMismatch) { try proof.verify(indices: indices, leafHashes: foreign, root: root) }
            var fewer = indices
            fewer.remove(at: position)
            #expect(throws: MerkleLogError.countMismatch) { try proof.verify(indices: fewer, leafHashes: leaves, root: root) }
            var fewerLeaves = leaves
            fewerLeaves.remove(at: position)
            #expect(throws: MerkleLogError.self) { try proof.verify(indices: fewer, leafHashes: fewerLeaves, root: root) }
        }
    }

    @Test func malformedIndicesAreRefused() throws {
        let proof = try BatchInclusionProof(treeSize: 5, hashes: [])
        let leaf = LeafHash(entry: [])
        let cases: [([UInt64], MerkleLogError)] = [
            ([], .emptyStatement), ([1, 1], .indicesNotAscending(position: 1)), ([0, 3, 2], .indicesNotAscending(position: 2)),
            ([0, 5], .indexOutOfRange(5)), ([UInt64.max], .indexOutOfRange(.max)),
        ]
        for (indices, expected) in cases {
            let leaves = [LeafHash](repeating: leaf, count: indices.count)
            #expect(throws: expected) { try proof.root(indices: indices, leafHashes: leaves) }
            #expect(throws: expected) { try Self.tree.batchInclusionProof(indices: indices, size: 5) }
        }
        #expect(throws: MerkleLogError.emptyStatement) { try BatchInclusionProof(treeSize: 0, hashes: []) }
        #expect(throws: MerkleLogError.sizeOutOfRange(1 << 63)) { try BatchInclusionProof(treeSize: 1 << 63, hashes: []) }
        #expect(throws: MerkleLogError.sizeOutOfRange(71)) { try Self.tree.batchInclusionProof(indices: [0], size: 71) }
    }

    /// A claimed size of 2^63 - 1 costs 63 levels, not memory.
    @Test func hugeTreeIsRefusedQuickly() throws {
        let proof = try BatchInclusionProof(treeSize: UInt64(Int64.max), hashes: [.emptyRoot])
        #expect(throws: MerkleLogError.proofLength) {
            try proof.root(indices: [0, UInt64(Int64.max) - 1], leafHashes: [LeafHash(entry: []), LeafHash(entry: [])])
        }
    }

    @Test func aHundredThousandLeaves() throws {
        let count = 300_000
        var column = [UInt8](repeating: 0, count: count * 118)
        for index in 0..<count {
            column[index * 118] = UInt8(index & 255)
            column[index * 118 + 1] = UInt8(index >> 8 & 255)
            column[index * 118 + 2] = UInt8(index >> 16)
        }
        let leaves = try LeafHash.hashes(ofEntries: column, entryByteCount: 118)
        let clock = ContinuousClock()
        var tree = MerkleTree()
        let building = clock.measure { tree = MerkleTree(leaves) }
        let indices = (0..<UInt64(count)).filter { $0 % 3 == 1 }
        let chosen = indices.map { leaves[Int($0)] }
        let proof = try tree.batchInclusionProof(indices: indices, size: tree.size)
        let verifying = try clock.measure { try proof.verify(indices: indices, leafHashes: chosen, root: tree.root) }
        print("tree of \(count): \(building); batch of \(indices.count) with \(proof.hashes.count) hashes: \(verifying)")
    }
}
