// SPDX-License-Identifier: Apache-2.0

internal import Groups
internal import SigmaProofs

extension LinearRelation {
    /// The right-hand side of equation `index` as a multi-scalar multiplication with coefficients of one: which secret scalar goes with which base.
    /// Public coefficients are multiplied into the elements.
    func proverTerms(_ index: Int) -> (slots: [Int], bases: [G.Point]) {
        let terms = equations[index].terms
        let bases = terms.map { term in
            let element = elements[Int(term.element)]
            return term.coefficient == .one ? element : G.vartimeMultiScalarMul([term.coefficient], [element])
        }
        return (terms.map { Int($0.scalar) }, bases)
    }
}
