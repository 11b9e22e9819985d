// SPDX-License-Identifier: Apache-2.0

public import ConsentModel

/// A relation file, parsed: the notation of draft-irtf-cfrg-sigma-protocols-03, "Specifying the relation", with docs/relations.md's vectors
/// of names, families of equations, sizes and constants.
public struct RelationDeclaration: Sendable {
    /// The name after `Relation`.
    public let name: String
    let parameters: [Declaration]
    let sizes: [Definition]
    let constants: [Definition]
    let witness: [Declaration]
    let statements: [Statement]
    let equationsPlace: Place
    let limits: RelationLimits

    /// The names of the sizes.
    public var sizeNames: [String] { sizes.map(\.name) }

    /// Parses a relation file.
    ///
    /// - Throws: `relation-syntax`, `relation-name`, `relation-limit`, each with line and column. Never traps.
    public init(parsing bytes: [UInt8], limits: RelationLimits = .standard, file: String? = nil) throws(ModelError) {
        do throws(ModelError) {
            var parser = NotationParser(try Lexer.tokens(bytes, limits: limits), limits: limits)
            self = try parser.parse()
        } catch {
            throw error.inFile(file)
        }
    }

    init(
        name: String, parameters: [Declaration], sizes: [Definition], constants: [Definition], witness: [Declaration],
        statements: [Statement], equationsPlace: Place, limits: RelationLimits
    ) {
        self.name = name
        self.parameters = parameters
        self.sizes = sizes
        self.constants = constants
        self.witness = witness
        self.statements = statements
        self.equationsPlace = equationsPlace
        self.limits = limits
    }

    /// The line of `bytes` that an error names, and below it a caret at its column; `nil` without a position.
    public static func excerpt(of bytes: [UInt8], at position: ModelError.Position?) -> String? {
        guard case .line(let line, let column) = position else { return nil }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.indices.contains(line - 1), column >= 1, column <= lines[line - 1].count + 1, lines[line - 1].count <= 200
        else { return nil }
        // ASCII is shown as it stands: a caret must stay below its character.
        let text = lines[line - 1].map { (0x20..<0x7f).contains($0) ? $0 : UInt8(ascii: "?") }
        return String(decoding: text, as: UTF8.self) + "\n" + String(repeating: " ", count: column - 1) + "^"
    }
}
