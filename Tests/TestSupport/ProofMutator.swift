// SPDX-License-Identifier: Apache-2.0

/// Changes proofs at random, mostly into others that are as well-formed: a proof over ristretto255 is a sequence of elements and scalars, 32 bytes each.
public struct ProofMutator {
    /// The group order, little-endian.
    private static let order: [UInt8] =
        [0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14]
        + [UInt8](repeating: 0, count: 15) + [0x10]

    private var random: SplitMix
    private let donors: [[UInt8]]

    /// A mutator.
    ///
    /// - Parameter donors: other valid proofs, of which parts are taken.
    public init(seed: UInt64, donors: [[UInt8]]) {
        random = SplitMix(state: seed)
        self.donors = donors
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
        guard bytes.count >= 64, below(4) != 0 else {
            let position = below(bytes.count)
            if below(2) == 0 { bytes[position] ^= 1 << UInt8(below(8)) } else { bytes[position] = UInt8(below(256)) }
            return
        }
        let words = bytes.count / 32
        let (here, there) = (32 * below(words), 32 * below(words))
        let word = Array(bytes[here..<here + 32])
        let other = Array(bytes[there..<there + 32])
        switch below(7) {
        case 0:
            bytes.replaceSubrange(here..<here + 32, with: other)
            bytes.replaceSubrange(there..<there + 32, with: word)
        case 1: bytes.replaceSubrange(here..<here + 32, with: other)
        case 2:
            // The same place of another proof, or any place of it.
            guard let donor = donors.randomElement(using: &random), donor.count >= 32 else { return }
            let place = here + 32 <= donor.count && below(2) == 0 ? here : 32 * below(donor.count / 32)
            bytes.replaceSubrange(here..<here + 32, with: donor[place..<place + 32])
        case 3: bytes.replaceSubrange(here..<here + 32, with: Self.difference(Self.order, word))
        case 4: bytes.replaceSubrange(here..<here + 32, with: Self.sum(word, other))
        case 5: bytes.replaceSubrange(here..<here + 32, with: Self.sum(word, [UInt8(1 + below(255))]))
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
