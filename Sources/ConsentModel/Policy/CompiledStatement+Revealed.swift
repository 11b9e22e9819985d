// SPDX-License-Identifier: Apache-2.0

extension CompiledStatement {
    /// The columns that every bundle of this statement has, in schema order; with several schemas in that of the first.
    public var revealedAttributes: [RevealedAttribute] { statements.revealedAttributes }
}

extension Statement {
    /// The columns of revealed values that every bundle of this statement has, in schema order.
    public var revealedAttributes: [RevealedAttribute] {
        revealed.map { RevealedAttribute(schema.attributes[$0]) }
    }
}
