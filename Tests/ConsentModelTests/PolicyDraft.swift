// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import TestSupport

/// A random statement as plain lists, and a naive reading of it: nothing here is shared with the parser or the model.
struct PolicyDraft {
    struct Clauses: Hashable {
        var require: [String] = []
        var forbid: [String] = []
        var constants: [String] = []
        var isEmpty: Bool { require.isEmpty && forbid.isEmpty && constants.isEmpty }
    }

    struct Range: Hashable {
        var name: String
        var min: UInt64
        var max: UInt64?
    }

    /// Day numbers.
    var inForce: ClosedRange<Int>?
    var common = Clauses()
    var reveal: [String] = []
    var ranges: [Range] = []
    var bits: Int?
    var anyOf: [Clauses] = []
    var links: [String] = ["record"]

    static let flags = [
        "purposes/ScientificResearch", "purposes/Marketing", "purposes/PublicBenefit", "data_categories/Health", "data_categories/Genetic",
        "processing/ModelTraining",
    ]
    static let attributes = ["notice", "recipient", "legal_basis", "not_before", "expires", "age"]
    static let uints = ["not_before", "expires", "age"]

    /// The value that a constant of this attribute asks for.
    static func constant(_ name: String) -> String {
        ["not_before": "20440", "expires": "20640", "age": "40"][name] ?? "\(name) \"é\" #1"
    }

    init(_ random: inout SplitMix) {
        if Bool.random(using: &random) {
            let first = Int.random(in: 20_450...20_470, using: &random)
            inForce = first...(first + Int.random(in: 0...20, using: &random))
        }
        var pool = Clauses()
        for flag in Self.flags {
            switch Int.random(in: 0..<4, using: &random) {
            case 0: common.require.append(flag)
            case 1: common.forbid.append(flag)
            case 2: pool.require.append(flag)
            default: break
            }
        }
        for name in Self.attributes {
            switch Int.random(in: 0..<6, using: &random) {
            case 0: common.constants.append(name)
            case 1: reveal.append(name)
            case 2: pool.constants.append(name)
            case 3 where Self.uints.contains(name):
                let min = name == "age" ? UInt64.random(in: 10...50, using: &random) : UInt64.random(in: 20_400...20_500, using: &random)
                let isOpen = Bool.random(using: &random)
                ranges.append(Range(name: name, min: min, max: isOpen ? nil : min + .random(in: 0...300, using: &random)))
            default: break
            }
        }
        if !ranges.isEmpty || inForce != nil { bits = [nil, 16, 32, 64][Int.random(in: 0..<4, using: &random)] }
        if Bool.random(using: &random) { links = Bool.random(using: &random) ? ["subject"] : ["subject", "record"] }
        for _ in 0..<Int.random(in: 0...5, using: &random) {
            var alternative = Clauses()
            for flag in pool.require {
                switch Int.random(in: 0..<3, using: &random) {
                case 0: alternative.require.append(flag)
                case 1: alternative.forbid.append(flag)
                default: break
                }
            }
            alternative.constants = pool.constants.filter { _ in Bool.random(using: &random) }
            if !alternative.isEmpty, !anyOf.contains(alternative) { anyOf.append(alternative) }
        }
        if anyOf.count < 2 { anyOf = [] }
    }

    // MARK: YAML

    /// The member `statement` in any order of everything.
    func yaml(_ random: inout SplitMix) -> String {
        var members = ["schema: consent-v1"]
        if let inForce {
            func text(_ number: Int) -> String { Day(number: number)?.iso8601 ?? "" }
            members.append("in_force: {" + shuffled(["from: \(text(inForce.lowerBound))", "to: \(text(inForce.upperBound))"], &random) + "}")
        }
        members += clauses(common, controller: true, &random)
        if !reveal.isEmpty { members.append("reveal: [" + shuffled(reveal, &random) + "]") }
        if !ranges.isEmpty {
            let texts = ranges.map { range in
                "\(range.name): {" + shuffled(["min: \(range.min)"] + (range.max.map { ["max: \($0)"] } ?? []), &random) + "}"
            }
            members.append("range: {" + shuffled(texts, &random) + "}")
        }
        if let bits { members.append("range_bits: \(bits)") }
        if !anyOf.isEmpty {
            let texts = anyOf.map { "{" + shuffled(clauses($0, controller: false, &random), &random) + "}" }
            members.append("any_of: [" + shuffled(texts, &random) + "]")
        }
        members.append("link: [" + shuffled(links, &random) + "]")
        return "statement:\n" + members.shuffled(using: &random).map { "  \($0)\n" }.joined()
    }

    private func clauses(_ clauses: Clauses, controller: Bool, _ random: inout SplitMix) -> [String] {
        var members: [String] = []
        for (name, flags) in [("require", clauses.require), ("forbid", clauses.forbid)] where !flags.isEmpty {
            var groups: [String: [String]] = [:]
            for flag in flags {
                let parts = flag.split(separator: "/")
                groups[String(parts[0]), default: []].append(String(parts[1]))
            }
            members.append("\(name): {" + shuffled(groups.map { "\($0): [" + shuffled($1, &random) + "]" }, &random) + "}")
        }
        var constants = clauses.constants.map { "\($0): '\(Self.constant($0))'" }
        if controller { constants.append("controller: c") }
        if !constants.isEmpty { members.append("constants: {" + shuffled(constants, &random) + "}") }
        return members
    }

    private func shuffled(_ texts: [String], _ random: inout SplitMix) -> String {
        texts.shuffled(using: &random).joined(separator: ", ")
    }

    // MARK: Oracle

    /// Whether `consent` satisfies this, read clause by clause; `isPoint`: days by `not_before` and `expires`.
    func holds(_ consent: Consent, isPoint: Bool) -> Bool {
        func has(_ flag: String) -> Bool {
            let parts = flag.split(separator: "/")
            return consent.flags[String(parts[0])]?.contains(String(parts[1])) == true
        }
        func number(_ name: String) -> UInt64 {
            guard case .uint(let value) = consent.values[name] else { return .max }
            return value
        }
        func hold(_ clauses: Clauses) -> Bool {
            clauses.require.allSatisfy(has) && !clauses.forbid.contains(where: has)
                && clauses.constants.allSatisfy {
                    Self.uints.contains($0)
                        ? String(number($0)) == Self.constant($0) : consent.values[$0] == .id(Array(Self.constant($0).utf8))
                }
        }
        guard hold(common), consent.values["controller"] == .id(Array("c".utf8)) else { return false }
        if let inForce {
            for day in inForce {
                if isPoint, number("not_before") > UInt64(day) || number("expires") < UInt64(day) { return false }
                if !isPoint, Int(consent.inForce.first.number) > day || Int(consent.inForce.last.number) < day { return false }
            }
        }
        for range in ranges where number(range.name) < range.min || number(range.name) > range.max ?? .max { return false }
        return anyOf.isEmpty || anyOf.contains(where: hold)
    }

    /// A consent that satisfies this except for up to two accidents.
    func consent(_ random: inout SplitMix, _ template: Consent) -> Consent {
        var consent = template, flags = Set(common.require)
        var alternatives = anyOf.shuffled(using: &random)
        let chosen = alternatives.popLast() ?? Clauses()
        flags.formUnion(chosen.require)
        consent.values["controller"] = .id(Array("c".utf8))
        for name in Self.attributes { consent.values[name] = Self.uints.contains(name) ? .uint(20_450) : .id(Array("other".utf8)) }
        if let inForce {
            consent.values["expires"] = .uint(UInt64(inForce.upperBound))
            if let days = DayInterval(first: Day(number: inForce.lowerBound)!, last: Day(number: inForce.upperBound)!) { consent.inForce = days }
        }
        for range in ranges { consent.values[range.name] = .uint(max(range.min, range.name == "expires" ? 20_490 : 0)) }
        func set(_ name: String) {
            let text = Self.constant(name)
            consent.values[name] = Self.uints.contains(name) ? .uint(UInt64(text) ?? 0) : .id(Array(text.utf8))
        }
        for name in common.constants + chosen.constants { set(name) }
        for _ in 0..<Int.random(in: 0...2, using: &random) {
            switch Int.random(in: 0..<5, using: &random) {
            case 0: flags.formSymmetricDifference([Self.flags.randomElement(using: &random) ?? ""])
            case 1: set(Self.attributes.randomElement(using: &random) ?? "")
            case 2:
                let name = Self.uints.randomElement(using: &random) ?? ""
                consent.values[name] = .uint(.random(in: 20_430...20_520, using: &random))
            case 3: consent.values["age"] = .uint(.random(in: 5...400, using: &random))
            default: consent.inForce = DayInterval(on: Day(number: .random(in: 20_450...20_490, using: &random))!)
            }
        }
        consent.flags = [:]
        for flag in flags {
            let parts = flag.split(separator: "/")
            consent.flags[String(parts[0]), default: []].insert(String(parts[1]))
        }
        return consent
    }
}
