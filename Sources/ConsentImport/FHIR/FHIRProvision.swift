// SPDX-License-Identifier: Apache-2.0

import ConsentModel

/// One rule of a FHIR R4 consent, with the rules that are exceptions to it.
struct FHIRProvision {
    /// A consent has at most this many rules, the root and all nested ones: docs/formats.md, Consents from other forms.
    static let countLimit = 1_000

    let element: FHIRElement
    let isPermit: Bool
    let provisions: [FHIRProvision]

    /// The members that narrow a rule.
    private static let narrowing: Set<String> = [
        "period", "actor", "action", "securityLabel", "purpose", "class", "code", "dataPeriod", "data",
    ]

    /// The rule that is the root of a consent.
    ///
    /// - Throws: `provision-type-missing`, `provision-type-unknown`, `modifier-extension`, `extension`, `unknown-member`, `fhir-shape`,
    ///   `too-many-provisions` for more than ``countLimit``.
    init(root element: FHIRElement) throws(ModelError) {
        var room = Self.countLimit
        try self.init(element, room: &room)
    }

    /// - Parameter room: how many more rules there may be, this one included.
    private init(_ element: FHIRElement, room: inout Int) throws(ModelError) {
        guard room > 0 else {
            throw ModelError(
                "too-many-provisions", "the consent has more than \(Self.countLimit) provisions", hint: "write it as several consents")
        }
        room -= 1
        try element.allow(Self.narrowing.union(["type", "provision"]))
        switch try element.text("type") {
        case "permit": isPermit = true
        case "deny": isPermit = false
        case nil:
            throw ModelError(
                "provision-type-missing", "\(element.path) does not say whether it permits or denies",
                hint: "set its type: HL7's own examples without a type mean either (notTime withholds, basic grants)")
        default: throw ModelError("provision-type-unknown", "\(element.path).type is neither permit nor deny")
        }
        self.element = element
        var provisions: [FHIRProvision] = []
        for nested in try element.elements("provision") { provisions.append(try FHIRProvision(nested, room: &room)) }
        self.provisions = provisions
    }

    /// The members that narrow this rule, in alphabetical order.
    var restrictions: [String] {
        element.members.keys.filter(Self.narrowing.contains).sorted()
    }
}

/// What one permitting rule grants.
struct FHIRGrant: Hashable {
    /// Everything but the purposes: grants with equal scopes are one consent.
    struct Scope: Hashable {
        /// The first and the last whole day, as ``FHIRPeriod`` counts them.
        var first: Int
        var last: Int?
        /// The record digests; `nil` if the rule does not name data.
        var records: [[UInt8]]?
        /// DPV personal data categories.
        var categories: Set<String> = []
        /// DPV processing operations.
        var processing: Set<String> = []
        /// The recipient that the grant is restricted to.
        var recipient: String?
    }

    var scope: Scope
    var purposes: Set<FHIRPurpose>
}

/// Reads the rules of one consent into grants, never more than they say: what restricts and cannot be expressed is an error.
///
/// - A root `permit` may have nested `deny` rules; a nested `permit` could narrow it or add to it, so it is refused.
/// - A root `deny`, with nothing but a period, may have nested `permit` rules, each of which is a grant within the period of the root.
///   Denials beside them take effect on all.
/// - A `deny` names purposes and nothing else; it removes what it overlaps. A narrower one is refused.
struct FHIRRules {
    let holders: Set<String>
    let records: RecordIndex?
    /// Parts of unions that were left out, so that less is granted.
    private(set) var leftOut: [ModelError] = []

    init(holders: Set<String>, records: RecordIndex?) {
        self.holders = holders
        self.records = records
    }

    mutating func grants(_ root: FHIRProvision) throws(ModelError) -> [FHIRGrant] {
        guard !root.isPermit else {
            if let nested = root.provisions.first(where: \.isPermit) {
                throw ModelError(
                    "permit-in-permit", "\(nested.element.path) permits within what is permitted: it may narrow it or add to it",
                    hint: "write a root of type deny with one permit for each grant")
            }
            return [try grant(root, within: nil, denied: try Self.denied(by: root.provisions))]
        }
        if let restriction = root.restrictions.first(where: { $0 != "period" }) {
            throw ModelError("deny-restricted", "\(root.element.path) denies only for some \(restriction); the rest cannot be expressed")
        }
        let permits = root.provisions.filter(\.isPermit)
        guard !permits.isEmpty else { throw ModelError("nothing-permitted", "\(root.element.path) denies, and no nested rule permits") }
        let outer = try root.element.element("period").map { element throws(ModelError) in try FHIRPeriod(element) }
        // Read once, not again for each permit.
        let denied = try Self.denied(by: root.provisions.filter { !$0.isPermit })
        var grants: [FHIRGrant] = []
        for permit in permits {
            if let nested = permit.provisions.first(where: \.isPermit) {
                throw ModelError(
                    "permit-in-permit", "\(nested.element.path) permits within what is permitted: it may narrow it or add to it")
            }
            grants.append(try grant(permit, within: outer, denied: try Self.denied(by: permit.provisions) + denied))
        }
        return merged(grants)
    }

    /// Grants of one scope as one, in the order of the first.
    private func merged(_ grants: [FHIRGrant]) -> [FHIRGrant] {
        var merged: [FHIRGrant] = []
        var indices: [FHIRGrant.Scope: Int] = [:]
        for grant in grants {
            if let index = indices[grant.scope] {
                merged[index].purposes.formUnion(grant.purposes)
            } else {
                indices[grant.scope] = merged.count
                merged.append(grant)
            }
        }
        return merged
    }

    private mutating func grant(
        _ permit: FHIRProvision, within outer: FHIRPeriod?, denied: [DeniedPurpose]
    ) throws(ModelError) -> FHIRGrant {
        let element = permit.element
        for (name, code) in [("securityLabel", "security-label"), ("code", "code-restricted"), ("dataPeriod", "data-period")]
        where element.has(name) {
            throw ModelError(code, "\(element.path) is restricted by \(name), which cannot be expressed")
        }
        var scope = try period(of: element, within: outer)
        scope.recipient = try recipient(of: element)
        scope.processing = try processing(of: element)
        scope.categories = try categories(of: element)
        scope.records = try recordDigests(of: element)
        let purposes = try remaining(try purposes(of: element), of: element, after: denied)
        return FHIRGrant(scope: scope, purposes: purposes)
    }

    private func period(of element: FHIRElement, within outer: FHIRPeriod?) throws(ModelError) -> FHIRGrant.Scope {
        let own = try element.element("period").map { element throws(ModelError) in try FHIRPeriod(element) }
        guard let period = own ?? outer else {
            throw ModelError("period-missing", "\(element.path) has no period", hint: "say from when to when the consent is in force")
        }
        let first = max(period.first, outer?.first ?? period.first)
        let last = [period.last, outer?.last].compactMap { $0 }.min()
        if let last, last < first { throw ModelError("period-reversed", "\(element.path).period lies outside the period of the root") }
        return FHIRGrant.Scope(first: first, last: last)
    }

    /// Keeps what a union has that is understood; the rest is left out, or if nothing is left, refused.
    mutating func understood<Value>(
        _ elements: [FHIRElement], _ read: (FHIRElement) throws(ModelError) -> Value
    ) throws(ModelError) -> [Value] {
        var values: [Value] = []
        var errors: [ModelError] = []
        for element in elements {
            do { values.append(try read(element)) } catch {
                // A wrong shape is wrong everywhere; only what is well formed can be left out.
                guard Self.canBeLeftOut.contains(error.code) else { throw error }
                errors.append(error)
            }
        }
        if values.isEmpty, let error = errors.first { throw error }
        leftOut += errors
        return values
    }

    private static let canBeLeftOut: Set<String> = [
        "purpose-unknown", "class-unknown", "action-unknown", "actor-restricted", "data-reference-unknown", "data-meaning",
        "record-key-unknown",
        "record-digest",
    ]

    private mutating func purposes(of element: FHIRElement) throws(ModelError) -> [FHIRPurpose] {
        let elements = try element.elements("purpose")
        guard !elements.isEmpty else {
            throw ModelError("purpose-missing", "\(element.path) names no purpose", hint: "name the purposes that the consent is for")
        }
        return try understood(elements, Self.purpose)
    }

    private static func purpose(_ element: FHIRElement) throws(ModelError) -> FHIRPurpose {
        let coding = try FHIRCoding(element)
        guard let purpose = FHIRPurpose(coding) else {
            throw ModelError("purpose-unknown", "\(element.path) is \(coding.token), which is no purpose of HL7 v3 ActReason or the DPV")
        }
        return purpose
    }

    /// A purpose and the first rule that denies it.
    private struct DeniedPurpose {
        let purpose: FHIRPurpose
        let path: String
    }

    /// What denials take away, each purpose once, in their order.
    private static func denied(by denials: [FHIRProvision]) throws(ModelError) -> [DeniedPurpose] {
        var denied: [DeniedPurpose] = []
        var seen = Set<FHIRPurpose>()
        for denial in denials {
            let path = denial.element.path
            if let restriction = denial.restrictions.first(where: { $0 != "purpose" }) {
                throw ModelError("deny-restricted", "\(path) denies only for some \(restriction); the rest cannot be expressed")
            }
            guard denial.provisions.isEmpty else { throw ModelError("deny-exceptions", "\(path) denies with exceptions of its own") }
            let elements = try denial.element.elements("purpose")
            if elements.isEmpty { throw ModelError("nothing-permitted", "\(path) denies everything") }
            for element in elements {
                let purpose = try Self.purpose(element)
                if seen.insert(purpose).inserted { denied.append(DeniedPurpose(purpose: purpose, path: path)) }
            }
        }
        return denied
    }

    /// The purposes that no denial touches.
    private func remaining(
        _ purposes: [FHIRPurpose], of element: FHIRElement, after denied: [DeniedPurpose]
    ) throws(ModelError) -> Set<FHIRPurpose> {
        var remaining = Set(purposes)
        for denied in denied {
            for purpose in remaining {
                switch purpose.effect(ofDenying: denied.purpose) {
                case .keeps: break
                case .removes: remaining.remove(purpose)
                case .cannotTell:
                    throw ModelError(
                        "deny-not-comparable",
                        "\(denied.path) denies \(denied.purpose.code), and nobody can tell whether that touches \(purpose.code)",
                        hint: "permit and deny in one vocabulary")
                }
            }
        }
        guard !remaining.isEmpty else { throw ModelError("nothing-permitted", "\(element.path): every purpose is denied again") }
        return remaining
    }
}
