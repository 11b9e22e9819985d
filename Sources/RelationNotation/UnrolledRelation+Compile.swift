// SPDX-License-Identifier: Apache-2.0

public import ConsentModel
public import Groups
public import SigmaProofs

extension UnrolledRelation {
    /// The canonical relation for values of all parameters, validated.
    ///
    /// - Parameters:
    ///   - elements: The elements in index order without the generator: `elementNames.count - 1`.
    ///   - scalars: The public scalars in index order: `scalarNames.count`.
    /// - Throws: `relation-value` for other counts, `relation-invalid` when the draft's "Instance validation" fails.
    public func compiled<G: Group>(_ group: G.Type, elements: [G.Point], scalars: [G.Scalar]) throws(ModelError) -> LinearRelation<G> {
        guard elements.count == elementNames.count - 1, scalars.count == scalarNames.count else {
            throw ModelError(
                "relation-value", "the relation has \(elementNames.count - 1) elements and \(scalarNames.count) public scalars")
        }
        var values = PublicScalars<G>(parameters: scalars)
        for constant in constants { values.constants.append(values.value(constant.value)) }
        var equations: [LinearRelation<G>.Equation] = []
        for equation in self.equations {
            equations.append(
                .init(
                    image: equation.image.map { .init(element: UInt32($0.element), coefficient: values.value($0.coefficient)) },
                    terms: equation.terms.map {
                        .init(scalar: UInt32($0.scalar ?? 0), element: UInt32($0.element), coefficient: values.value($0.coefficient))
                    }))
        }
        do throws(LinearRelationError) {
            return try LinearRelation(elements: [G.generator] + elements, equations: equations)
        } catch {
            throw invalid(error, [G.generator] + elements, equations)
        }
    }

    /// The canonical relation for the values of a file.
    ///
    /// - Throws: `relation-value`, `relation-invalid`.
    public func compiled<G: Group>(_ group: G.Type, values: RelationValues) throws(ModelError) -> LinearRelation<G> {
        try values.refuseUnknown(self, isWitness: false)
        return try compiled(group, elements: try values.elements(of: self, group), scalars: try values.scalars(of: self, group))
    }

    private func invalid<G: Group>(
        _ error: LinearRelationError, _ elements: [G.Point], _ compiled: [LinearRelation<G>.Equation]
    ) -> ModelError {
        var message: String
        switch error {
        case .identityElement:
            let index = elements.firstIndex { G.isIdentity($0) }
            message = "the element \(index.map { elementNames[$0] } ?? "") is the identity"
        case .identityImage:
            let index = compiled.firstIndex { equation in
                G.isIdentity(G.vartimeMultiScalarMul(equation.image.map(\.coefficient), equation.image.map { elements[Int($0.element)] }))
            }
            let place = index.map { " (equation \($0 + 1), line \(equations[$0].line))" } ?? ""
            message = "the left-hand side of an equation is the identity\(place): zeros would satisfy it"
        case .unconstrainedScalar: message = "a witness scalar is multiplied by the identity in every equation: any value would satisfy it"
        default: message = "not a valid instance: \(error)"
        }
        return ModelError("relation-invalid", message, hint: "these values make a statement that proves nothing")
    }
}
