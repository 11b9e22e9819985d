// SPDX-License-Identifier: Apache-2.0

import Groups
import SigmaProofs
import Testing
import Transcripts

@Suite struct LinearRelationTests {
    typealias G = AdditiveGroup<OrderM61>
    typealias R = LinearRelation<G>
    static let h = G.point(17)
    static let simple = R.Equation(image: [.init(element: 1)], terms: [.init(scalar: 0, element: 0)])

    static func error(_ elements: [UInt64], _ equations: [R.Equation]) -> LinearRelationError? {
        do throws(LinearRelationError) {
            _ = try R(elements: elements.map { G.point($0) }, equations: equations)
            return nil
        } catch {
            return error
        }
    }

    /// Every check of the draft's "Instance validation" on an instance that breaks only it.
    @Test func validation() {
        let simple = Self.simple
        #expect(Self.error([1, 5], [simple]) == nil)
        #expect(Self.error([1], []) == .noEquations)
        #expect(Self.error([1, 5], [simple, .init(image: [], terms: simple.terms)]) == .emptyEquation)
        #expect(Self.error([1, 5], [simple, .init(image: simple.image, terms: [])]) == .emptyEquation)
        #expect(Self.error([1], [simple]) == .elementOutOfRange)
        #expect(Self.error([], [simple]) == .elementOutOfRange)
        #expect(Self.error([1, 5], [.init(image: [.init(element: 1)], terms: [.init(scalar: 0, element: .max)])]) == .elementOutOfRange)
        #expect(Self.error([1, 5, 6], [simple]) == .unusedElement)
        #expect(Self.error([1, 5], [.init(image: [.init(element: 1)], terms: [.init(scalar: 1, element: 0)])]) == .unusedScalar)
        #expect(Self.error([1, 5], [.init(image: [.init(element: 1)], terms: [.init(scalar: .max, element: 0)])]) == .unusedScalar)
        #expect(Self.error([2, 5], [simple]) == .generator)
        #expect(Self.error([0, 5], [simple]) == .generator)
        #expect(Self.error([1, 0], [simple]) == .identityElement)
        let cancelled = R.Equation(image: [.init(element: 1), .init(element: 0, coefficient: -.init(UInt64(5)))], terms: simple.terms)
        #expect(Self.error([1, 5], [cancelled]) == .identityImage)
        let zero = R.Equation(image: simple.image, terms: [.init(scalar: 0, element: 0, coefficient: .zero)])
        #expect(Self.error([1, 5], [zero]) == .unconstrainedScalar)
        let opposite = R.Equation(
            image: simple.image, terms: [.init(scalar: 0, element: 0), .init(scalar: 0, element: 0, coefficient: -.one)])
        #expect(Self.error([1, 5], [opposite]) == .unconstrainedScalar)
        // A column that vanishes in one equation and not in another is allowed.
        #expect(Self.error([1, 5], [zero, simple]) == nil)
        // The generator may be unused.
        let withoutGenerator = R.Equation(image: [.init(element: 1)], terms: [.init(scalar: 0, element: 2)])
        #expect(Self.error([1, 5, 6], [withoutGenerator]) == nil)
    }

    /// The bytes of the draft's example.
    @Test func serialization() throws {
        let sample = try Sample<G>.chaumPedersen(x: .init(UInt64(3)), h: Self.h)
        let (one, le) = (G.Scalar.one.bytes, { (value: UInt32) in littleEndian(value) })
        var expected = le(2)
        expected += le(1) + le(2) + one
        expected += le(1) + le(0) + le(0) + one
        expected += le(1) + le(3) + one
        expected += le(1) + le(0) + le(1) + one
        expected += G.encode([Self.h, G.point(3), G.point(51)])
        #expect(sample.relation.serialized == expected)
    }

    @Test func roundTrip() throws {
        let scalars = [3, 5].map { G.Scalar(UInt64($0)) }
        for sample in [
            try Sample<G>.chaumPedersen(x: scalars[0], h: Self.h), try .pedersen(m: scalars[0], r: scalars[1], h: Self.h),
            try .opensTo(m: scalars[0], r: scalars[1], h: Self.h),
        ] {
            let parsed = try R(parsing: sample.relation.serialized)
            #expect(parsed.elements == sample.relation.elements)
            #expect(parsed.equations == sample.relation.equations)
            #expect(parsed.scalarCount == sample.witness.count)
            #expect(parsed.image == sample.relation.image)
        }
    }

    @Test func parsingRefusesEveryOtherLength() throws {
        let bytes = try Sample<G>.opensTo(m: .init(UInt64(3)), r: .init(UInt64(5)), h: Self.h).relation.serialized
        for count in bytes.indices {
            #expect(throws: LinearRelationError.self, "\(count) bytes") { try R(parsing: Array(bytes[..<count])) }
        }
        #expect(throws: LinearRelationError.length) { try R(parsing: bytes + [0]) }
        #expect(throws: LinearRelationError.length) { try R(parsing: bytes + [UInt8](repeating: 1, count: 8)) }
        #expect(throws: LinearRelationError.length) { try R(parsing: bytes, limits: .init(byteCount: bytes.count - 1)) }
        #expect(throws: Never.self) { try R(parsing: bytes, limits: .init(byteCount: bytes.count)) }
    }

    @Test func parsingRefusesBadContents() throws {
        let relation = try R(elements: [G.generator, G.point(5)], equations: [Self.simple])
        let bytes = relation.serialized
        func changed(at offset: Int, to new: [UInt8]) -> [UInt8] {
            var bytes = bytes
            bytes.replaceSubrange(offset..<offset + new.count, with: new)
            return bytes
        }
        let modulus = littleEndian(OrderM61.q)
        let max: [UInt8] = [255, 255, 255, 255]
        #expect(throws: LinearRelationError.noEquations) { try R(parsing: [0, 0, 0, 0]) }
        #expect(throws: LinearRelationError.length) { try R(parsing: changed(at: 0, to: max)) }
        #expect(throws: LinearRelationError.length) { try R(parsing: changed(at: 4, to: max)) }
        #expect(throws: LinearRelationError.length) { try R(parsing: changed(at: 8, to: max)) }
        #expect(throws: LinearRelationError.coefficientEncoding) { try R(parsing: changed(at: 12, to: modulus)) }
        #expect(throws: LinearRelationError.unusedScalar) { try R(parsing: changed(at: 24, to: max)) }
        #expect(throws: LinearRelationError.length) { try R(parsing: changed(at: 28, to: max)) }
        #expect(throws: LinearRelationError.unconstrainedScalar) { try R(parsing: changed(at: 32, to: [0])) }
        #expect(throws: LinearRelationError.elementEncoding) { try R(parsing: changed(at: 40, to: modulus)) }
        #expect(throws: LinearRelationError.identityElement) { try R(parsing: changed(at: 40, to: [0])) }
    }

    /// Different instances absorb different bytes, even when they state the same thing.
    @Test func orderMatters() throws {
        let a = try Sample<G>.chaumPedersen(x: .init(UInt64(3)), h: Self.h).relation
        let b = try R(elements: a.elements, equations: a.equations.reversed())
        #expect(a.serialized != b.serialized)
    }
}
