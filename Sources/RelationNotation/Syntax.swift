// SPDX-License-Identifier: Apache-2.0

/// An expression as it was written. Sums and products are flat, so that the depth of the tree is that of the parentheses.
struct Node: Sendable {
    /// One operand of a sum.
    struct Summand: Sendable {
        let isNegative: Bool
        let node: Node
    }

    /// What it is.
    indirect enum Kind: Sendable {
        case integer(Int)
        case big(String)
        case name(String, indices: [Node])
        /// Two or more operands, or one with a minus.
        case sum([Summand])
        /// Two or more factors.
        case product([Node])
        case power(Node, Node)
        /// `sum(body for variable in range)`
        case repeated(Node, Loop)
    }

    let kind: Kind
    let place: Place
}

/// `variable in first..last`, both ends included.
struct Loop: Sendable {
    let variable: String
    let place: Place
    let range: IndexRange
}

/// `first..last`, both ends included; empty if `last = first - 1`.
struct IndexRange: Sendable {
    let first: Node
    let last: Node
    let place: Place
}

/// A name or a vector of names in a list of declarations.
struct Declaration: Sendable {
    /// The indices of a name.
    enum Indices: Sendable {
        /// `X`, `X[1]`, `X[1][2]`: one name.
        case fixed([Node])
        /// `X[0..n-1]`, `X[0..n-1][0..m-1]`: a vector, unrolled with the last index fastest.
        case ranges([IndexRange])
    }

    let name: String
    let indices: Indices
    let place: Place
}

/// `name` or `name = value` in `Sizes:` and `Constants:`.
struct Definition: Sendable {
    let name: String
    let value: Node?
    let place: Place
}

/// A line of `Equations:`.
indirect enum Statement: Sendable {
    /// `left = right`
    case equation(Node, Node, Place)
    /// `for variable in range:` and its block.
    case family(Loop, [Statement])
}
