// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Groups
import Testing

/// Elements of ristretto255 in the plain arithmetic of RFC 9496 (``Ristretto255Reference``), of which no verifier has a part.
struct ReferenceSum: Equatable {
    private typealias Reference = Ristretto255Reference

    private let point: Reference.Point

    private init(_ point: Reference.Point) { self.point = point }

    /// `sum scalar_i element_i`, term by term.
    init(_ terms: [(scalar: Suite.Scalar, element: [UInt8])]) throws {
        var sum = Reference.Point(x: .init(0), y: .init(1))
        for (scalar, element) in terms {
            sum = Reference.add(sum, Reference.multiply(try #require(Reference.decode(element)), scalar.bytes))
        }
        self.init(sum)
    }

    /// The canonical encoding.
    var bytes: [UInt8] { Reference.encode(point) }

    static func == (a: ReferenceSum, b: ReferenceSum) -> Bool { Reference.equal(a.point, b.point) }
}
