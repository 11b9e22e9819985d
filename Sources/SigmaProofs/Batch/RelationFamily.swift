// SPDX-License-Identifier: Apache-2.0

public import Groups
internal import Transcripts

/// Statements of one form: a system of equations in which some elements are the same every time and the others are each statement's own.
///
/// A hundred thousand openings of commitments under one pair of generators are a family whose statements differ in one element. What
/// ``LinearRelation`` validates for each statement is here validated once, as far as it does not depend on a statement's own elements; the rest is
/// a comparison of encodings (``forbiddenEncodings``).
public struct RelationFamily<G: Group>: Sendable {
    /// Any member of the family, with all its elements.
    public let template: LinearRelation<G>
    /// The indices of each statement's own elements, ascending.
    public let ownElements: [Int]

    /// The indices of the others, ascending, and the elements.
    let sharedElements: [Int]
    let sharedBases: SharedBases<G>
    /// For each element its place among the own elements, or among the shared ones.
    let placeAmongOwn: [Int?]
    let placeAmongShared: [Int?]
    /// For each equation with an own element in its image: the place of that element, and the one encoding that would make the image the identity.
    let forbiddenEncodings: [(place: Int, encoding: [UInt8])]

    /// A family.
    ///
    /// - Throws: ``RelationFamilyError`` when the instance checks of the draft depend on own elements in a way that is not a comparison.
    public init(template: LinearRelation<G>, ownElements: [Int]) throws(RelationFamilyError) {
        let count = template.elements.count
        guard !ownElements.isEmpty, ownElements.allSatisfy({ (1..<count).contains($0) }),
            ownElements.indices.dropFirst().allSatisfy({ ownElements[$0 - 1] < ownElements[$0] })
        else { throw .ownElements }
        self.template = template
        self.ownElements = ownElements
        let isOwn = (0..<count).map { ownElements.contains($0) }
        sharedElements = (0..<count).filter { !isOwn[$0] }
        sharedBases = SharedBases(sharedElements.map { template.elements[$0] })
        placeAmongOwn = (0..<count).map { index in ownElements.firstIndex(of: index) }
        let shared = sharedElements
        placeAmongShared = (0..<count).map { index in shared.firstIndex(of: index) }
        forbiddenEncodings = try Self.forbiddenEncodings(template, isOwn)
        try Self.checkScalarsAreConstrained(template, isOwn)
    }

    /// The bytes of one statement: the encodings of its own elements.
    public var statementByteCount: Int { ownElements.count * G.pointByteCount }

    /// The statement with these own elements.
    public func relation(own: [G.Point]) throws(LinearRelationError) -> LinearRelation<G> {
        var elements = template.elements
        guard own.count == ownElements.count else { throw .elementOutOfRange }
        for place in own.indices { elements[ownElements[place]] = own[place] }
        return try LinearRelation(elements: elements, equations: template.equations)
    }

    /// Check 9 of the draft: with `a X + P` the image and `X` an own element, it is the identity just when `X` is `-P / a`.
    private static func forbiddenEncodings(
        _ template: LinearRelation<G>, _ isOwn: [Bool]
    ) throws(RelationFamilyError) -> [(place: Int, encoding: [UInt8])] {
        var forbidden: [(place: Int, encoding: [UInt8])] = []
        for equation in template.equations {
            let own = equation.image.filter { isOwn[Int($0.element)] }
            guard !own.isEmpty else { continue }
            guard own.count == 1, let inverse = own[0].coefficient.vartimeInverted() else { throw .imageNotUniform }
            let others = equation.image.filter { !isOwn[Int($0.element)] }
            let forbiddenPoint = G.vartimeMultiScalarMul(
                others.map { -inverse * $0.coefficient }, others.map { template.elements[Int($0.element)] })
            let place = isOwn[..<Int(own[0].element)].count { $0 }
            forbidden.append((place, G.encode([forbiddenPoint])))
        }
        return forbidden
    }

    /// Check 10 of the draft: every scalar has an equation in which its column is not the identity, whatever the own elements are (none is the
    /// identity): only shared elements, or a single term.
    private static func checkScalarsAreConstrained(_ template: LinearRelation<G>, _ isOwn: [Bool]) throws(RelationFamilyError) {
        var isConstrained = [Bool](repeating: false, count: template.scalarCount)
        for equation in template.equations {
            for (scalar, terms) in Dictionary(grouping: equation.terms, by: \.scalar) {
                if terms.allSatisfy({ !isOwn[Int($0.element)] }) {
                    let column = G.vartimeMultiScalarMul(
                        terms.map(\.coefficient), terms.map { template.elements[Int($0.element)] })
                    if !G.isIdentity(column) { isConstrained[Int(scalar)] = true }
                } else if terms.count == 1, terms[0].coefficient != .zero {
                    isConstrained[Int(scalar)] = true
                }
            }
        }
        guard isConstrained.allSatisfy({ $0 }) else { throw .scalarNotUniform }
    }
}

/// Why a relation cannot be the form of a family.
public enum RelationFamilyError: Error, Equatable, Sendable {
    /// The own elements are not ascending indices from 1 on, or there are none.
    case ownElements
    /// The image of an equation has several own elements, or one with coefficient zero.
    case imageNotUniform
    /// There is no branch or there are too many, or they have not one number of own elements.
    case branches
    /// A scalar stands only in columns that mix own elements with others.
    case scalarNotUniform
}
