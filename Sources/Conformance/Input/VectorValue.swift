// SPDX-License-Identifier: Apache-2.0
internal import Primitives

/// A JSON value of a vector file. Numbers stay as they were written: some vectors have integers above 2^53.
package indirect enum VectorValue: Equatable, Sendable {
    /// `null`
    case null
    /// `true` or `false`
    case bool(Bool)
    /// A number, as written.
    case number(String)
    /// Text.
    case string(String)
    /// A sequence.
    case array([VectorValue])
    /// Members by name.
    case object([String: VectorValue])

    /// The member of this name; nil when there is none, it is null, or this is no object.
    package subscript(name: String) -> VectorValue? {
        guard case .object(let members) = self, let value = members[name], value != .null else { return nil }
        return value
    }

    /// The elements of an array.
    package var elements: [VectorValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The members of an object.
    package var members: [String: VectorValue]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    /// The text of a string.
    package var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// A boolean.
    package var truth: Bool? {
        guard case .bool(let truth) = self else { return nil }
        return truth
    }

    /// A decimal integer, or one in a string, in decimal or with the prefix `0x`.
    package var unsigned: UInt64? {
        switch self {
        case .number(let text): UInt64(text)
        case .string(let text): text.hasPrefix("0x") ? UInt64(text.dropFirst(2), radix: 16) : UInt64(text)
        default: nil
        }
    }

    /// Whether this is an object that has all these members.
    func has(_ names: String...) -> Bool {
        guard case .object(let members) = self else { return false }
        return names.allSatisfy { members[$0] != nil }
    }
}

// MARK: - Reading what must be there

extension VectorValue {
    /// The member of this name.
    func member(_ name: String) throws(CaseFailure) -> VectorValue {
        guard let value = self[name] else { throw CaseFailure("no \(name)") }
        return value
    }

    /// The text of a member.
    func text(_ name: String) throws(CaseFailure) -> String {
        guard let text = try member(name).text else { throw CaseFailure("\(name) is no text") }
        return text
    }

    /// The truth of a member.
    func truth(_ name: String) throws(CaseFailure) -> Bool {
        guard let truth = try member(name).truth else { throw CaseFailure("\(name) is neither true nor false") }
        return truth
    }

    /// An integer member.
    func unsigned(_ name: String) throws(CaseFailure) -> UInt64 {
        guard let value = try member(name).unsigned else { throw CaseFailure("\(name) is no integer of 64 bits") }
        return value
    }

    /// An integer member in these bounds.
    func integer(_ name: String, in range: ClosedRange<Int>) throws(CaseFailure) -> Int {
        guard let value = Int(exactly: try unsigned(name)), range.contains(value) else { throw CaseFailure("\(name) is out of bounds") }
        return value
    }

    /// The elements of a member.
    func list(_ name: String) throws(CaseFailure) -> [VectorValue] {
        guard let elements = try member(name).elements else { throw CaseFailure("\(name) is no list") }
        return elements
    }

    /// The bytes of a member in hexadecimal digits, of either case, after an optional `0x`.
    func bytes(_ name: String) throws(CaseFailure) -> [UInt8] {
        do throws(CaseFailure) {
            return try member(name).hexadecimal()
        } catch {
            throw CaseFailure("\(name): \(error.reason)")
        }
    }

    /// The bytes of text in hexadecimal digits, of either case, after an optional `0x`.
    func hexadecimal() throws(CaseFailure) -> [UInt8] {
        guard let text else { throw CaseFailure("no text") }
        return try Self.bytes(hex: text)
    }

    /// The bytes of hexadecimal digits, of either case, after an optional `0x`.
    static func bytes(hex text: String) throws(CaseFailure) -> [UInt8] {
        do throws(PrimitivesError) {
            return try Hex.decode(text.hasPrefix("0x") ? String(text.dropFirst(2)) : text)
        } catch {
            throw CaseFailure("not hexadecimal")
        }
    }

    /// The bytes of a member in base64.
    func base64(_ name: String) throws(CaseFailure) -> [UInt8] {
        let text = try text(name)
        do throws(PrimitivesError) {
            return try Base64.decode(text)
        } catch {
            throw CaseFailure("\(name) is not base64")
        }
    }
}

// MARK: - Comparing with what was computed

extension VectorValue {
    /// Fails unless the hexadecimal member has these bytes.
    func match(_ name: String, _ computed: [UInt8]) throws(CaseFailure) {
        let expected = try bytes(name)
        guard expected == computed else { throw CaseFailure("\(name) is \(Hex.encode(expected)), computed \(Hex.encode(computed))") }
    }

    /// Fails unless the truth of the member is this.
    func match(_ name: String, _ computed: Bool) throws(CaseFailure) {
        let expected = try truth(name)
        guard expected == computed else { throw CaseFailure("\(name) is \(expected), computed \(computed)") }
    }

    /// Fails unless the text of the member is this, byte for byte.
    func match(_ name: String, text computed: String) throws(CaseFailure) {
        let expected = try text(name)
        guard Array(expected.utf8) == Array(computed.utf8) else { throw CaseFailure("\(name) is \(expected), computed \(computed)") }
    }

    /// Fails unless the member is this integer.
    func match(_ name: String, _ computed: UInt64) throws(CaseFailure) {
        let expected = try unsigned(name)
        guard expected == computed else { throw CaseFailure("\(name) is \(expected), computed \(computed)") }
    }
}
