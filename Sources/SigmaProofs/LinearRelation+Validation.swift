// SPDX-License-Identifier: Apache-2.0

internal import Groups

extension LinearRelation {
    /// Checks 1 to 6 of the draft: counts and indices. Returns the number of secret scalars.
    ///
    /// Check 3 (indices fit 32 bits) is the type of the indices; what remains of it is the number of equations and terms.
    static func validateShape(elements: [G.Point], equations: [Equation]) throws(LinearRelationError) -> Int {
        guard !equations.isEmpty else { throw .noEquations }
        guard equations.allSatisfy({ !$0.image.isEmpty && !$0.terms.isEmpty }) else { throw .emptyEquation }
        let bound = Int(UInt32.max)
        guard equations.count <= bound, equations.allSatisfy({ $0.image.count <= bound && $0.terms.count <= bound })
        else { throw .tooMany }

        var usedElements = Set<UInt32>()
        var usedScalars = Set<UInt32>()
        var largestScalar: UInt32 = 0
        for equation in equations {
            for term in equation.image { usedElements.insert(term.element) }
            for term in equation.terms {
                usedElements.insert(term.element)
                usedScalars.insert(term.scalar)
                largestScalar = max(largestScalar, term.scalar)
            }
        }
        guard usedElements.allSatisfy({ Int($0) < elements.count }) else { throw .elementOutOfRange }
        usedElements.insert(0)
        guard usedElements.count >= elements.count else { throw .unusedElement }
        guard usedScalars.count == Int(largestScalar) + 1 else { throw .unusedScalar }
        return usedScalars.count
    }

    /// Checks 7 to 10 of the draft: the elements themselves. Returns the image.
    static func validateValues(
        elements: [G.Point], equations: [Equation], scalarCount: Int
    ) throws(LinearRelationError) -> [G.Point] {
        guard let first = elements.first, first == G.generator else { throw .generator }
        guard !elements.contains(where: { G.isIdentity($0) }) else { throw .identityElement }
        let image = equations.map { equation in
            G.vartimeMultiScalarMul(equation.image.map(\.coefficient), equation.image.map { elements[Int($0.element)] })
        }
        guard !image.contains(where: { G.isIdentity($0) }) else { throw .identityImage }

        var constrained = [Bool](repeating: false, count: scalarCount)
        for equation in equations {
            let columns = Dictionary(grouping: equation.terms, by: \.scalar)
            for (scalar, terms) in columns where !constrained[Int(scalar)] {
                let sum = G.vartimeMultiScalarMul(terms.map(\.coefficient), terms.map { elements[Int($0.element)] })
                constrained[Int(scalar)] = !G.isIdentity(sum)
            }
        }
        guard constrained.allSatisfy({ $0 }) else { throw .unconstrainedScalar }
        return image
    }
}

/// Why an instance, or its serialisation, was refused. The numbers are those of the draft's "Instance validation".
public enum LinearRelationError: Error, Equatable, Sendable {
    /// 1: no equation.
    case noEquations
    /// 2: an equation without terms or without image.
    case emptyEquation
    /// 3: 2^32 or more equations, terms or image terms.
    case tooMany
    /// 4: an index without an element.
    case elementOutOfRange
    /// 5: an element that no equation uses.
    case unusedElement
    /// 6: a scalar that no term uses; its response would be accepted unchecked.
    case unusedScalar
    /// 7: the first element is not the generator.
    case generator
    /// 8: an element is the identity.
    case identityElement
    /// 9: the image of an equation is the identity; the zero witness would satisfy it.
    case identityImage
    /// 10: a scalar whose column is the identity in every equation.
    case unconstrainedScalar
    /// Serialisation: fewer or more bytes than the header says, or more than the limits allow.
    case length
    /// Serialisation: a coefficient is not canonical.
    case coefficientEncoding
    /// Serialisation: an element is not canonical.
    case elementEncoding
}
