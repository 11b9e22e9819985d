// SPDX-License-Identifier: Apache-2.0

extension CompiledStatement {
    /// The columns that every bundle of this statement has, in schema order.
    public var revealedAttributes: [RevealedAttribute] {
        statement.revealed.map { index in
            let attribute = statement.schema.attributes[index]
            if case .uint = attribute.kind { return RevealedAttribute(name: attribute.name, kind: .uint) }
            return RevealedAttribute(name: attribute.name, kind: attribute.isRecord ? .digest : .text)
        }
    }
}
