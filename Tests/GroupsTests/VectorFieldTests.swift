// SPDX-License-Identifier: Apache-2.0
import CKernels
import Groups
import Testing

/// The eight-lane field operations at the bounds that Sources/CKernels/ifma/field.h states, held to `Field25519`, which is held to GMP.
@Suite(.enabled(if: Kernel.ifma.isAvailable)) struct VectorFieldTests {
    static let carriedBound: UInt64 = 1 << 51 + 1 << 18 - 1
    static let productBound: UInt64 = 1 << 59 - 1

    /// Limbs at which carries and halves of products change.
    static func edges(_ largest: UInt64) -> [[UInt64]] {
        let mask: UInt64 = 1 << 51 - 1
        let p: [UInt64] = [mask - 18, mask, mask, mask, mask]
        var all: [[UInt64]] = [
            [0, 0, 0, 0, 0], [1, 0, 0, 0, 0], p, [p[0] - 1, mask, mask, mask, mask], [p[0] + 1, mask, mask, mask, mask],
            [mask, mask, mask, mask, mask], [largest, largest, largest, largest, largest],
            [mask + 1, mask + 1, mask + 1, mask + 1, mask + 1],
            [p[0] * 2 > largest ? p[0] : p[0] * 2, mask, mask, mask, mask],
        ]
        for i in 0..<5 {
            for value in [largest, mask, mask + 1, 1] {
                var limbs: [UInt64] = [0, 0, 0, 0, 0]
                limbs[i] = value
                all.append(limbs)
            }
        }
        return all
    }

    static func random(_ generator: inout TestRandom, below bound: UInt64) -> [UInt64] { (0..<5).map { _ in generator.next() % bound } }

    /// The element that limbs stand for.
    static func value(_ limbs: ArraySlice<UInt64>) -> Field25519 {
        let radix = Field25519(1 << 51, 0, 0, 0)
        return limbs.reversed().reduce(.zero) { $0 * radix + Field25519($1, 0, 0, 0) }
    }

    static func same(_ a: Field25519, _ b: Field25519) -> Bool { Field25519.equalMask(a, b) != 0 }

    static func probe(_ operation: zk_ifma_operation, _ a: [UInt64], _ b: [UInt64]) -> [UInt64] {
        var out = [UInt64](repeating: 0, count: 40)
        zk_ifma_probe(operation, a, b, &out)
        return out
    }

    /// Calls `check` with every lane of `operation` over edges and random operands, in every lane.
    func forEach(
        _ operation: zk_ifma_operation, bound: UInt64, otherBound: UInt64, rounds: Int = 300,
        _ check: (_ a: Field25519, _ b: Field25519, _ result: ArraySlice<UInt64>) -> Void
    ) {
        var generator = TestRandom(77)
        let (first, second) = (Self.edges(bound), Self.edges(otherBound))
        for round in 0..<rounds {
            let a = (0..<8).map { round % 3 == 0 ? Self.random(&generator, below: bound) : first[(round + 3 * $0) % first.count] }
            let b = (0..<8).map { round % 4 == 0 ? Self.random(&generator, below: otherBound) : second[(7 * round + $0) % second.count] }
            let out = Self.probe(operation, a.flatMap { $0 }, b.flatMap { $0 })
            for lane in 0..<8 { check(Self.value(a[lane][...]), Self.value(b[lane][...]), out[5 * lane..<5 * lane + 5]) }
        }
    }

    @Test func products() {
        forEach(ZK_IFMA_MULTIPLY, bound: Self.carriedBound, otherBound: Self.carriedBound) { a, b, result in
            #expect(Self.same(Self.value(result), a * b))
            #expect(result.allSatisfy { $0 <= Self.productBound })
        }
        forEach(ZK_IFMA_SQUARE, bound: Self.carriedBound, otherBound: 2) { a, _, result in
            #expect(Self.same(Self.value(result), a.squared()))
            #expect(result.allSatisfy { $0 <= Self.productBound })
        }
    }

    @Test func differences() {
        forEach(ZK_IFMA_SUBTRACT, bound: Self.productBound, otherBound: Self.productBound) { a, b, result in
            #expect(Self.same(Self.value(result), a - b))
            #expect(result.allSatisfy { $0 < 1 << 62 })
        }
    }

    @Test func carries() {
        forEach(ZK_IFMA_CARRY, bound: .max, otherBound: 2) { a, _, result in
            #expect(Self.same(Self.value(result), a))
            #expect(result.allSatisfy { $0 <= Self.carriedBound })
        }
    }

    @Test func uniqueRepresentatives() {
        forEach(ZK_IFMA_REDUCE, bound: .max, otherBound: 2) { a, _, result in
            let limbs = Array(result)
            let expected = a.reduced().rawLimbs
            #expect(limbs[0] | limbs[1] << 51 == expected.0)
            #expect(limbs[4] << 12 | limbs[3] >> 39 == expected.3)
            #expect(Self.same(Self.value(result), a) && limbs.allSatisfy { $0 < 1 << 51 })
        }
        forEach(ZK_IFMA_ABSOLUTE, bound: Self.productBound, otherBound: 2) { a, _, result in
            #expect(Self.same(Self.value(result), a.absolute()))
            #expect(result.allSatisfy { $0 <= Self.carriedBound })
        }
    }

    @Test func powers() {
        forEach(ZK_IFMA_RAISE_FOR_ROOT, bound: Self.carriedBound, otherBound: 2, rounds: 40) { a, _, result in
            #expect(Self.same(Self.value(result), a.raisedForRoot()))
        }
        forEach(ZK_IFMA_INVERT, bound: Self.carriedBound, otherBound: 2, rounds: 40) { a, _, result in
            #expect(Self.same(Self.value(result), a.inverted()))
        }
    }
}
