// SPDX-License-Identifier: Apache-2.0

internal import ConsentModel

/// Recursive descent over the grammar of docs/relations.md; the recursion is bounded by the depth limit.
struct NotationParser {
    let limits: RelationLimits
    private let tokens: [Token]
    private var index = 0
    private var depth = 0
    /// Inside parentheses and brackets a new line ends nothing.
    private var brackets = 0

    static let keywords = ["Relation", "Sizes", "Constants", "Witness", "Equations", "for", "in", "sum"]

    /// - Parameter tokens: Not empty; the last is `end`.
    init(_ tokens: [Token], limits: RelationLimits) {
        self.tokens = tokens
        self.limits = limits
    }

    /// The whole file.
    mutating func parse() throws(ModelError) -> RelationDeclaration {
        try expectKeyword("Relation")
        let name = try takeName("the relation's name").text
        try expect("(")
        let parameters = try list(until: ")") { (parser) throws(ModelError) in try parser.declaration() }
        try expect(")")
        try expect(":")
        var sizes: [Definition] = []
        var constants: [Definition] = []
        if takeKeyword("Sizes") {
            try expect(":")
            sizes = try list(until: nil) { (parser) throws(ModelError) in try parser.definition(needsValue: false) }
        }
        if takeKeyword("Constants") {
            try expect(":")
            constants = try list(until: nil) { (parser) throws(ModelError) in try parser.definition(needsValue: true) }
        }
        try expectKeyword("Witness")
        try expect(":")
        let witness = try list(until: nil) { (parser) throws(ModelError) in try parser.declaration() }
        let place = peek.place
        try expectKeyword("Equations")
        try expect(":")
        guard peek.startsLine else { throw unexpected("the first equation on a line of its own") }
        let statements = try block(deeperThan: 0)
        guard case .end = peek.kind else {
            throw .relation(
                "syntax", "this line is indented less than the equations above it", peek.place,
                hint: "equations of one block begin in the same column")
        }
        return RelationDeclaration(
            name: name, parameters: parameters, sizes: sizes, constants: constants, witness: witness, statements: statements,
            equationsPlace: place, limits: limits)
    }

    // MARK: Declarations

    /// One or more items separated by commas; none is allowed before `close`.
    private mutating func list<Item>(
        until close: Character?, _ item: (inout NotationParser) throws(ModelError) -> Item
    ) throws(ModelError) -> [Item] {
        if let close, isSymbol(close) { return [] }
        var items = [try item(&self)]
        while takeSymbol(",") { items.append(try item(&self)) }
        return items
    }

    private mutating func declaration() throws(ModelError) -> Declaration {
        let (name, place) = try takeName("a name")
        var fixed: [Node] = []
        var ranges: [IndexRange] = []
        while isSymbol("[") {
            let start = peek.place
            guard fixed.count + ranges.count < 4 else { throw .relation("limit", "a name has more than 4 indices", start) }
            try enter("[")
            let first = try expression()
            if takeDots() {
                ranges.append(IndexRange(first: first, last: try expression(), place: start))
            } else {
                fixed.append(first)
            }
            try leave("]")
            guard fixed.isEmpty || ranges.isEmpty else {
                throw .relation("syntax", "\(name) has an index here and a range there", start, hint: "give every index a range, or none")
            }
        }
        return Declaration(name: name, indices: ranges.isEmpty ? .fixed(fixed) : .ranges(ranges), place: place)
    }

    private mutating func definition(needsValue: Bool) throws(ModelError) -> Definition {
        let (name, place) = try takeName("a name")
        guard takeSymbol("=") else {
            guard !needsValue else { throw unexpected("= and the value of the constant \(name)") }
            return Definition(name: name, value: nil, place: place)
        }
        return Definition(name: name, value: try expression(), place: place)
    }

    // MARK: Equations

    /// Statements that begin in one column to the right of `column`.
    private mutating func block(deeperThan column: Int) throws(ModelError) -> [Statement] {
        let first = peek
        var statements: [Statement] = []
        while peek.kind != .end, peek.place.column > column {
            if !statements.isEmpty {
                guard peek.startsLine else { throw unexpected("the end of the line") }
                if peek.place.column < first.place.column { break }
                guard peek.place.column == first.place.column else {
                    throw .relation(
                        "syntax", "this line is indented more than the one above it", peek.place,
                        hint: "equations of one block begin in the same column")
                }
            }
            statements.append(try statement())
        }
        guard !statements.isEmpty else { throw unexpected("an equation") }
        return statements
    }

    private mutating func statement() throws(ModelError) -> Statement {
        let start = peek.place
        guard takeKeyword("for") else {
            let left = try expression()
            let equals = peek.place
            guard takeSymbol("=") else { throw unexpected("\"=\"") }
            let right = try expression()
            guard peek.startsLine else { throw unexpected("the end of the equation") }
            return .equation(left, right, equals)
        }
        try deeper(start)
        let loop = try loop()
        try expect(":")
        let body = peek.startsLine ? try block(deeperThan: start.column) : [try statement()]
        depth -= 1
        return .family(loop, body)
    }

    mutating func loop() throws(ModelError) -> Loop {
        let (variable, place) = try takeName("the name of an index")
        try expectKeyword("in")
        let start = peek.place
        let first = try expression()
        guard takeDots() else { throw unexpected("\"..\"") }
        return Loop(variable: variable, place: place, range: IndexRange(first: first, last: try expression(), place: start))
    }

    // MARK: Cursor

    var peek: Token { tokens[min(index, tokens.count - 1)] }

    mutating func advance() { index += 1 }

    /// Whether the next token can continue an expression: a new line ends it, except inside brackets.
    var continues: Bool { !peek.startsLine || brackets > 0 }

    mutating func deeper(_ place: Place) throws(ModelError) {
        depth += 1
        guard depth <= limits.depth else { throw .relation("limit", "nested deeper than \(limits.depth) levels", place) }
    }

    mutating func enter(_ open: Character) throws(ModelError) {
        try deeper(peek.place)
        try expect(open)
        brackets += 1
    }

    mutating func leave(_ close: Character) throws(ModelError) {
        try expect(close)
        brackets -= 1
        depth -= 1
    }

    func isSymbol(_ character: Character) -> Bool {
        character.asciiValue.map { peek.kind == .symbol($0) } ?? false
    }

    mutating func takeSymbol(_ character: Character) -> Bool {
        guard isSymbol(character) else { return false }
        advance()
        return true
    }

    private mutating func takeDots() -> Bool {
        guard peek.kind == .dots else { return false }
        advance()
        return true
    }

    private mutating func takeKeyword(_ word: String) -> Bool {
        guard peek.kind == .name(word) else { return false }
        advance()
        return true
    }

    mutating func expect(_ character: Character) throws(ModelError) {
        guard takeSymbol(character) else { throw unexpected("\"\(character)\"") }
    }

    mutating func expectKeyword(_ word: String) throws(ModelError) {
        guard takeKeyword(word) else { throw unexpected("\"\(word)\"", nearest: [word]) }
    }

    /// A name that is no keyword.
    mutating func takeName(_ what: String) throws(ModelError) -> (text: String, place: Place) {
        let token = peek
        guard case .name(let text) = token.kind else { throw unexpected(what) }
        guard !Self.keywords.contains(text) else {
            throw .relation("name", "expected \(what), but \"\(text)\" is a word of the notation", token.place)
        }
        advance()
        return (text, token.place)
    }

    func unexpected(_ expected: String, nearest: [String] = []) -> ModelError {
        var hint: String?
        if case .name(let text) = peek.kind { hint = Nearest.name(to: text, among: nearest).map { "did you mean \($0)?" } }
        return .relation("syntax", "expected \(expected), not \(peek.words)", peek.place, hint: hint)
    }
}
