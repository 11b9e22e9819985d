// SPDX-License-Identifier: Apache-2.0
import MerkleLog
import Primitives

/// RFC 6962 section 2.1 as it is written: recursive, without a clever idea, the oracle beside the library.
enum NaiveTree {
    static func root(_ leaves: ArraySlice<[UInt8]>) -> [UInt8] {
        switch leaves.count {
        case 0: return SHA256.hash([])
        case 1: return SHA256.hash([0] + leaves[leaves.startIndex])
        default:
            let k = split(leaves.count)
            return SHA256.hash([1] + root(leaves.prefix(k)) + root(leaves.dropFirst(k)))
        }
    }

    static func path(_ m: Int, _ leaves: ArraySlice<[UInt8]>) -> [[UInt8]] {
        guard leaves.count > 1 else { return [] }
        let k = split(leaves.count)
        return m < k
            ? path(m, leaves.prefix(k)) + [root(leaves.dropFirst(k))]
            : path(m - k, leaves.dropFirst(k)) + [root(leaves.prefix(k))]
    }

    static func proof(_ m: Int, _ leaves: ArraySlice<[UInt8]>) -> [[UInt8]] {
        subproof(m, leaves, true)
    }

    private static func subproof(_ m: Int, _ leaves: ArraySlice<[UInt8]>, _ isWhole: Bool) -> [[UInt8]] {
        if m == leaves.count { return isWhole ? [] : [root(leaves)] }
        let k = split(leaves.count)
        return m <= k
            ? subproof(m, leaves.prefix(k), isWhole) + [root(leaves.dropFirst(k))]
            : subproof(m - k, leaves.dropFirst(k), false) + [root(leaves.prefix(k))]
    }

    /// The batch proof by its definition: the siblings of known nodes that are not known, level by level from the left.
    static func batch(_ indices: Set<Int>, _ leaves: ArraySlice<[UInt8]>) -> [[UInt8]] {
        var level = leaves.map { SHA256.hash([0] + $0) }
        var known = indices
        var proof: [[UInt8]] = []
        while level.count > 1 {
            for position in level.indices {
                let sibling = position ^ 1
                if !known.contains(position), sibling < level.count, known.contains(sibling) { proof.append(level[position]) }
            }
            level = stride(from: 0, to: level.count, by: 2).map { left in
                left + 1 < level.count ? SHA256.hash([1] + level[left] + level[left + 1]) : level[left]
            }
            known = Set(known.map { $0 / 2 })
        }
        return proof
    }

    private static func split(_ n: Int) -> Int {
        var k = 1
        while k * 2 < n { k *= 2 }
        return k
    }
}

/// Distinct entries to grow trees from.
func sampleEntries(_ count: Int) -> [[UInt8]] {
    (0..<count).map { Array("entry \($0)".utf8) }
}
