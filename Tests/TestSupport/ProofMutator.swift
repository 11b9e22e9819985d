// SPDX-License-Identifier: Apache-2.0

/// Changes proofs at random: a proof over ristretto255 is a sequence of elements and scalars, 32 bytes each.
///
/// Where it knows which words are which, one change in eight is of a byte, and the others leave every element an element and every scalar a scalar. A
/// changed proof has one, two or three changes, so that at least `(7/8 + (7/8)^2 + (7/8)^3) / 3 = 0.77` of them can be expected to be well formed.
public struct ProofMutator {
    /// The words of a proof: so many elements, then so many scalars, and so on.
    public typealias Layout = [(elements: Int, scalars: Int)]

    /// The group order, little-endian.
    private static let order: [UInt8] =
        [0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14]
        + [UInt8](repeating: 0, count: 15) + [0x10]

    private var random: SplitMix
    private let donors: [[UInt8]]
    /// Of each word; empty where it is not known.
    private let isScalar: [Bool]

    /// A mutator.
    ///
    /// - Parameters:
    ///   - donors: other valid proofs, of which parts are taken; of the same layout if there is one.
    ///   - layout: that of all the words of the proofs, if it is known.
    public init(seed: UInt64, donors: [[UInt8]], layout: Layout = []) {
        random = SplitMix(state: seed)
        self.donors = donors
        isScalar = layout.flatMap { [Bool](repeating: false, count: $0.elements) + [Bool](repeating: true, count: $0.scalars) }
    }

    /// Another sequence of bytes than `proof`, of the same length. `proof` has at least one byte.
    public mutating func mutated(_ proof: [UInt8]) -> [UInt8] {
        var bytes = proof
        while bytes == proof {
            for _ in 0...below(3) { change(&bytes) }
        }
        return bytes
    }

    private mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }

    private mutating func change(_ bytes: inout [UInt8]) {
        guard bytes.count >= 64, below(isScalar.isEmpty ? 4 : 8) != 0 else {
            let position = below(bytes.count)
            if below(2) == 0 { bytes[position] ^= 1 << UInt8(below(8)) } else { bytes[position] = UInt8(below(256)) }
            return
        }
        let words = bytes.count / 32
        let word = below(words)
        // Another word, of the same kind if kinds are known.
        let others = (0..<words).filter { isScalar.isEmpty || $0 != word && isScalar[$0] == isScalar[word] }
        let (here, there) = (32 * word, 32 * (others.randomElement(using: &random) ?? word))
        let old = Array(bytes[here..<here + 32])
        let other = Array(bytes[there..<there + 32])
        switch below(isScalar.isEmpty || isScalar[word] ? 7 : 3) {
        case 0:
            bytes.replaceSubrange(here..<here + 32, with: other)
            bytes.replaceSubrange(there..<there + 32, with: old)
        case 1: bytes.replaceSubrange(here..<here + 32, with: other)
        case 2:
            // The same place of another proof, or any place of it.
            guard let donor = donors.randomElement(using: &random), donor.count >= 32 else { return }
            let any = isScalar.isEmpty ? 32 * below(donor.count / 32) : there
            let place = here + 32 <= donor.count && below(2) == 0 ? here : any
            bytes.replaceSubrange(here..<here + 32, with: donor[place..<place + 32])
        case 3: bytes.replaceSubrange(here..<here + 32, with: Self.difference(Self.order, old))
        case 4: bytes.replaceSubrange(here..<here + 32, with: Self.sum(old, other))
        case 5: bytes.replaceSubrange(here..<here + 32, with: Self.sum(old, [UInt8(1 + below(255))]))
        default: bytes.replaceSubrange(here..<here + 32, with: [UInt8](repeating: 0, count: 32))
        }
    }

    /// `a - b` modulo `2^256`: the negative of a scalar `b` if `a` is the group order.
    private static func difference(_ a: [UInt8], _ b: [UInt8]) -> [UInt8] {
        var borrow = 0
        return a.indices.map { index in
            let value = Int(a[index]) - Int(b[index]) - borrow
            borrow = value < 0 ? 1 : 0
            return UInt8(truncatingIfNeeded: value)
        }
    }

    /// `a + b`, less the group order if it is not below it.
    private static func sum(_ a: [UInt8], _ b: [UInt8]) -> [UInt8] {
        var carry = 0
        let sum = a.indices.map { index in
            let value = Int(a[index]) + (index < b.count ? Int(b[index]) : 0) + carry
            carry = value >> 8
            return UInt8(truncatingIfNeeded: value)
        }
        return order.reversed().lexicographicallyPrecedes(sum.reversed()) ? difference(sum, order) : sum
    }
}
