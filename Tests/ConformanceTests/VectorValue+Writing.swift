// SPDX-License-Identifier: Apache-2.0
import Conformance

extension VectorValue {
    /// The value as JSON text, members by name.
    var written: String {
        switch self {
        case .null: "null"
        case .bool(let truth): truth ? "true" : "false"
        case .number(let text): text
        case .string(let text): Self.quoted(text)
        case .array(let elements): "[" + elements.map(\.written).joined(separator: ",") + "]"
        case .object(let members):
            "{" + members.sorted { $0.key < $1.key }.map { Self.quoted($0.key) + ":" + $0.value.written }.joined(separator: ",") + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    /// Another value of the same kind: a digit changed, a truth or verdict turned round, a number increased.
    var mutated: VectorValue {
        switch self {
        case .null: .bool(true)
        case .bool(let truth): .bool(!truth)
        case .number(let text): .number(String((UInt64(text) ?? 0) &+ 1))
        case .array(let elements): .array(elements.isEmpty ? [.string("x")] : [elements[0].mutated] + elements.dropFirst())
        case .object(let members): .object(members)
        case .string(let text): .string(Self.mutated(text))
        }
    }

    private static func mutated(_ text: String) -> String {
        let verdicts = [
            "accept": "reject", "reject": "accept", "valid": "invalid", "invalid": "valid", "acceptable": "valid", "V": "X", "X": "V",
            "V*": "X", "TRUE": "FALSE", "FALSE": "TRUE",
        ]
        if let other = verdicts[text] { return other }
        guard let last = text.last else { return "00" }
        return text.dropLast() + (last == "0" ? "1" : "0")
    }

    /// The places of all leaves below members of these names.
    func leaves(named names: Set<String>, below path: [Step] = [], isInside: Bool = false) -> [[Step]] {
        switch self {
        case .array(let elements):
            return elements.enumerated().flatMap { $1.leaves(named: names, below: path + [.index($0)], isInside: isInside) }
        case .object(let members):
            return members.sorted { $0.key < $1.key }.flatMap { name, value in
                value.leaves(named: names, below: path + [.name(name)], isInside: isInside || names.contains(name))
            }
        default: return isInside ? [path] : []
        }
    }

    /// A step to a part of a value.
    enum Step: Hashable {
        case index(Int)
        case name(String)
    }

    /// The value with the part at this place mutated.
    func mutating(at path: ArraySlice<Step>) -> VectorValue {
        guard let step = path.first else { return mutated }
        switch (self, step) {
        case (.array(var elements), .index(let index)):
            elements[index] = elements[index].mutating(at: path.dropFirst())
            return .array(elements)
        case (.object(var members), .name(let name)):
            members[name] = members[name]?.mutating(at: path.dropFirst())
            return .object(members)
        default: return self
        }
    }
}
