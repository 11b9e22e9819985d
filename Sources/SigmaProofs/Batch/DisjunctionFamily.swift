// SPDX-License-Identifier: Apache-2.0

public import Groups

/// Disjunctions of one form: every branch is a ``RelationFamily``, and all branches are about the same own elements.
///
/// What ``Disjunction`` validates for each statement is here validated once for all.
public struct DisjunctionFamily<G: Group>: Sendable {
    /// The alternatives.
    public let branches: [RelationFamily<G>]
    /// Any member of the family.
    public let template: Disjunction<G>
    /// The number of own elements of a statement.
    public let ownCount: Int
    /// Its statements as bytes.
    let statementTemplate: StatementTemplate

    /// The disjunctions whose branch `b` is a member of `branches[b]`, each with the same own elements in their order.
    ///
    /// - Throws: when there is no branch or too many, or when they have not one number of own elements.
    public init(_ branches: [RelationFamily<G>]) throws(RelationFamilyError) {
        guard let first = branches.first, branches.allSatisfy({ $0.ownElements.count == first.ownElements.count }),
            let template = try? Disjunction(branches.map(\.template))
        else { throw .branches }
        self.branches = branches
        self.template = template
        ownCount = first.ownElements.count
        // `LE32(0) LE32(n)`, then `LP` of each branch.
        var places: [(offset: Int, own: Int)] = []
        var start = 8
        for branch in branches {
            start += 4
            for (own, offset) in branch.ownOffsets.enumerated() { places.append((start + offset, own)) }
            start += branch.template.serialized.count
        }
        statementTemplate = StatementTemplate(
            serialized: template.serialized, places: places, ownCount: ownCount, pointByteCount: G.pointByteCount)
    }

    /// The bytes of one statement: the encodings of its own elements.
    public var statementByteCount: Int { ownCount * G.pointByteCount }
    /// The bytes of one proof.
    public var proofByteCount: Int { BatchableDisjunctiveProof<G>.byteCount(for: template) }

    /// The statement with these own elements.
    public func disjunction(own: [G.Point]) -> Disjunction<G>? {
        var relations: [LinearRelation<G>] = []
        for branch in branches {
            guard let relation = try? branch.relation(own: own) else { return nil }
            relations.append(relation)
        }
        return try? Disjunction(relations)
    }
}
