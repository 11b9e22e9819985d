// SPDX-License-Identifier: Apache-2.0

internal import ConsentModel

// expression = [ "-" ] product { ( "+" | "-" ) product }
// product    = power { "*" power }
// power      = primary [ "^" primary ]
// primary    = integer | name { "[" expression "]" } | "(" expression ")" | "sum" "(" expression "for" name "in" range ")"

extension NotationParser {
    mutating func expression() throws(ModelError) -> Node {
        let place = peek.place
        var summands: [Node.Summand] = []
        var isNegative = takeSymbol("-")
        while true {
            summands.append(Node.Summand(isNegative: isNegative, node: try product()))
            guard continues else { break }
            if takeSymbol("+") {
                isNegative = false
            } else if takeSymbol("-") {
                isNegative = true
            } else {
                break
            }
        }
        if summands.count == 1, !summands[0].isNegative { return summands[0].node }
        return Node(kind: .sum(summands), place: place)
    }

    private mutating func product() throws(ModelError) -> Node {
        let place = peek.place
        var factors = [try power()]
        while continues, isSymbol("*") {
            guard factors.count < limits.factors else {
                throw .relation("limit", "a product of more than \(limits.factors) factors", peek.place)
            }
            advance()
            factors.append(try power())
        }
        return factors.count == 1 ? factors[0] : Node(kind: .product(factors), place: place)
    }

    private mutating func power() throws(ModelError) -> Node {
        let base = try primary()
        guard continues, isSymbol("^") else { return base }
        advance()
        return Node(kind: .power(base, try primary()), place: base.place)
    }

    private mutating func primary() throws(ModelError) -> Node {
        let token = peek
        switch token.kind {
        case .integer(let value):
            advance()
            return Node(kind: .integer(value), place: token.place)
        case .big(let text):
            advance()
            return Node(kind: .big(text), place: token.place)
        case .name("sum"):
            advance()
            return try repeated(token.place)
        case .name:
            let name = try takeName("a name, a number or \"(\"").text
            var indices: [Node] = []
            while continues, isSymbol("[") {
                guard indices.count < 4 else { throw .relation("limit", "a name has more than 4 indices", peek.place) }
                try enter("[")
                indices.append(try expression())
                try leave("]")
            }
            return Node(kind: .name(name, indices: indices), place: token.place)
        case .symbol(UInt8(ascii: "(")):
            try enter("(")
            let inner = try expression()
            try leave(")")
            return inner
        default:
            throw unexpected("a name, a number or \"(\"")
        }
    }

    /// `( body for variable in first..last )`
    private mutating func repeated(_ place: Place) throws(ModelError) -> Node {
        try enter("(")
        let body = try expression()
        try expectKeyword("for")
        let loop = try loop()
        try leave(")")
        return Node(kind: .repeated(body, loop), place: place)
    }
}
