// SPDX-License-Identifier: Apache-2.0
package import ConsentModel
package import Groups
internal import Secrets
internal import SigmaProofs

extension DatasetWitness {
    /// `x*` for every slot of a relation of several schemas (docs/protocol.md section 4.6): of each schema the slots of its links and its tail are folded
    /// with the weights of its rows and receipts, all others 0.
    ///
    /// - Parameters:
    ///   - rho: one weight for each row, public.
    ///   - rowSchemas: for each row the number of the schema of its entry. Public.
    ///   - weights: one weight for each receipt. Public.
    ///   - receiptSchemas: for each receipt the number of its schema. Public.
    package borrowing func folded(
        rho: [UInt128], rowSchemas: [Int], weights: [Suite.Scalar], receiptSchemas: [Int], statement: CompiledStatement
    ) -> FoldedWitness {
        let parts = statement.parts
        precondition(
            rho.count == rowSchemas.count && weights.count == receiptSchemas.count && others.count == parts.count - 1,
            "a schema for each row and receipt, and columns for each schema")
        let links = statement.statement.links.map(\.slot)
        var data = SecretScalars<Suite>(zeros: statement.relation.dataBases.count)
        var tail = SecretScalars<Suite>(zeros: statement.places.count)
        for number in parts.indices {
            let own = Self.limbs(rho.indices.map { rowSchemas[$0] == number ? rho[$0] : 0 })
            for (position, link) in links.enumerated() {
                let slot = number == 0 ? link : 3 + (number - 1) * links.count + position
                foldedData(own, column: link).withScalar(0) { data.set(limbs: $0, at: slot) }
            }
            // Which schemas have receipts shows in the entries.
            if number > 0, others[number - 1].isUnused { continue }
            let ownWeights = weights.indices.map { receiptSchemas[$0] == number ? weights[$0] : .zero }
            let layout = parts[number].tail
            let part = number == 0 ? foldedTail(ownWeights, layout) : others[number - 1].witness.foldedTail(ownWeights, layout)
            Self.add(part, to: &tail, at: statement.places.ofPart[number])
        }
        for column in 0..<3 where !links.contains(column) {
            foldedData(Self.limbs(rho), column: column).withScalar(0) { data.set(limbs: $0, at: column) }
        }
        return FoldedWitness(data: data, tail: tail)
    }

    /// Shows the scalar of an attribute of a receipt; 0 if the receipt has not been set under this schema.
    borrowing func withAttribute(_ column: Int, of receipt: Int, schema: Int, _ body: (Span<UInt64>) -> Void) {
        if schema == 0 {
            attributes.withScalar(column * receiptCount + receipt) { body($0) }
        } else if others[schema - 1].isUnused {
            SecretScalars<Suite>(zeros: 1).withScalar(0) { body($0) }
        } else {
            others[schema - 1].witness.attributes.withScalar(column * receiptCount + receipt) { body($0) }
        }
    }

    /// Adds scalars to those at their places.
    private static func add(_ part: borrowing SecretScalars<Suite>, to tail: inout SecretScalars<Suite>, at places: [Int]) {
        var sum = SecretLimbs(count: Suite.scalarLimbCount)
        for (position, place) in places.enumerated() {
            part.withScalar(position) { own in
                tail.withScalar(place) { there in sum.withMutableSpan { Suite.add(own, there, into: &$0) } }
            }
            sum.withSpan { tail.set(limbs: $0, at: place) }
        }
    }
}
