// SPDX-License-Identifier: Apache-2.0

extension Statement {
    /// The most alternatives of a statement.
    public static let alternativeLimit = 16

    /// Clauses by name, as `any_of` lists them.
    public struct Choice: Hashable, Sendable {
        /// Flags by group that must be 1.
        public var require: [String: [String]]
        /// Flags by group that must be 0.
        public var forbid: [String: [String]]
        /// Values by attribute name.
        public var constants: [String: ConsentValue]

        /// These clauses.
        public init(require: [String: [String]] = [:], forbid: [String: [String]] = [:], constants: [String: ConsentValue] = [:]) {
            self.require = require
            self.forbid = forbid
            self.constants = constants
        }
    }

    /// One of several sets of clauses of which one must hold.
    public struct Alternative: Hashable, Sendable {
        /// Indices in the schema's flags of those that must be 1, ascending.
        public let requiredFlags: [Int]
        /// Indices in the schema's flags of those that must be 0, ascending.
        public let forbiddenFlags: [Int]
        /// The attributes with a fixed value, by index in the schema.
        public let constants: [Int: ConsentValue]

        /// Resolves names, and puts everything under its clause.
        ///
        /// - Parameter place: what stands before the clauses' names in messages.
        init(_ choice: Choice, _ claims: inout ClauseClaims, place: String = "") throws(ModelError) {
            requiredFlags = try claims.flags(choice.require, place + "require")
            forbiddenFlags = try claims.flags(choice.forbid, place + "forbid")
            var constants: [Int: ConsentValue] = [:]
            for (name, value) in choice.constants.sorted(by: { $0.key < $1.key }) {
                let index = try claims.attribute(name, place + "constants")
                let attribute = claims.schema.attributes[index]
                guard attribute.accepts(value), Statement.json(of: value, attribute) != nil else {
                    throw ModelError("invalid-value", "the constant \(name) has the wrong type or is 2^53 or more")
                }
                constants[index] = value
            }
            self.constants = constants
        }

        /// Whether there is no clause.
        var isEmpty: Bool { requiredFlags.isEmpty && forbiddenFlags.isEmpty && constants.isEmpty }
    }

    /// The alternatives in their canonical order.
    ///
    /// - Parameter claims: what the clauses outside have taken: an alternative may have none of it, alternatives may share.
    static func checkedAlternatives(_ choices: [Choice], _ claims: ClauseClaims) throws(ModelError) -> [Alternative] {
        guard !choices.isEmpty else { return [] }
        guard (2...alternativeLimit).contains(choices.count) else {
            throw ModelError("alternative-count", "any_of must have 2 to \(alternativeLimit) alternatives")
        }
        var alternatives: [(form: [UInt8], value: Alternative)] = []
        for choice in choices {
            var claims = claims
            let alternative = try Alternative(choice, &claims, place: "any_of ")
            guard !alternative.isEmpty else {
                throw ModelError("empty-alternative", "an alternative of any_of has no clause", hint: "it would always hold: leave any_of out")
            }
            let form = Self.json(of: alternative, claims.schema).canonical
            guard !alternatives.contains(where: { $0.form == form }) else {
                throw ModelError("duplicate-alternative", "two alternatives of any_of are equal")
            }
            alternatives.append((form, alternative))
        }
        return alternatives.sorted { $0.form.lexicographicallyPrecedes($1.form) }.map(\.value)
    }
}
