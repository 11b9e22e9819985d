// SPDX-License-Identifier: Apache-2.0

/// The hierarchy of the DPV's purposes.
package enum DPVPurposes {
    /// By term: the term and all its broader terms, without the root.
    private static let closures = Dictionary(
        uniqueKeysWithValues: broader.keys.map { term in (term, closure(term) { broader[$0] ?? [] }) })

    /// The term and all its broader terms, without the root.
    static func withBroader(_ term: String) -> Set<String> {
        closures[term] ?? [term]
    }

    /// Whether every use for one of the terms may be a use for the other: they are equal or one is broader.
    static func overlap(_ a: String, _ b: String) -> Bool {
        withBroader(a).contains(b) || withBroader(b).contains(a)
    }

    /// Whether the terms have a broader term (or themselves) in common, other than the root.
    static func areRelated(_ a: String, _ b: String) -> Bool {
        !withBroader(a).isDisjoint(with: withBroader(b))
    }
}

/// Everything that `next` leads to from `start`, `start` included.
func closure(_ start: String, _ next: (String) -> [String]) -> Set<String> {
    var found: Set<String> = [start]
    var open = [start]
    while let term = open.popLast() {
        for other in next(term) where found.insert(other).inserted { open.append(other) }
    }
    return found
}
