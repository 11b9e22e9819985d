// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
internal import Groups
internal import MerkleLog

/// What a row and its consent must share under a statement's links, as 32 bytes: the linked scalar, or a hash of both.
enum LinkKeys {
    /// Appends the keys of rows, or of receipts, from the scalars of their records and subjects.
    static func append(_ links: [Statement.Link], records: Span<UInt64>, subjects: Span<UInt64>, to keys: inout [UInt8]) {
        guard links.count > 1 else {
            let scalars = links.first == .subject ? subjects : records
            scalars.withUnsafeBytes { keys.append(contentsOf: $0) }
            return
        }
        let limbs = Suite.scalarLimbCount
        var pairs: [UInt64] = []
        pairs.reserveCapacity(2 * records.count)
        for start in stride(from: 0, to: records.count, by: limbs) {
            for limb in start..<start + limbs { pairs.append(records[limb]) }
            for limb in start..<start + limbs { pairs.append(subjects[limb]) }
        }
        let bytes = pairs.withUnsafeBytes { Array($0) }
        for hash in (try? LeafHash.hashes(ofEntries: bytes, entryByteCount: 64)) ?? [] { keys += hash.bytes }
    }
}
