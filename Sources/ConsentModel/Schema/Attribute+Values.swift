// SPDX-License-Identifier: Apache-2.0
internal import Primitives

extension Schema.Attribute {
    /// The longest text of an id in UTF-8 bytes.
    public static let idByteCountLimit = 65_535

    /// Whether the values are 32-byte record digests, written as hex.
    public var isRecord: Bool { kind == .id(type: "record") }

    /// The value that `text` writes: 64 lower-case hex digits for a record, any text for another id, decimal digits for a uint, also
    /// `YYYY-MM-DD` if its unit is day.
    public func value(text: String) throws(ModelError) -> ConsentValue {
        switch kind {
        case .id where isRecord:
            guard text.utf8.count == 64, text.utf8.allSatisfy({ !(0x41...0x5a).contains($0) }), let bytes = try? Hex.decode(text) else {
                throw ModelError("invalid-value", "\(name) must be a record digest of 64 lower-case hex digits")
            }
            return .id(bytes)
        case .id:
            guard text.utf8.count <= Self.idByteCountLimit else {
                throw ModelError("invalid-value", "\(name) is longer than \(Self.idByteCountLimit) bytes")
            }
            return .id(Array(text.utf8))
        case .uint(let isDay):
            if let value = DecimalInteger.parse(text) { return .uint(value) }
            if isDay, let day = Day(iso8601: text) { return .uint(UInt64(day.number)) }
            throw ModelError("invalid-value", "\(name) must be " + (isDay ? "a date YYYY-MM-DD" : "an integer from 0 to 2^64 - 1"))
        }
    }

    /// The text that ``value(text:)`` reads back; `nil` if the value is not of this attribute's kind.
    public func text(of value: ConsentValue) -> String? {
        switch (kind, value) {
        case (.id, .id(let bytes)):
            return isRecord ? (bytes.count == 32 ? Hex.encode(bytes) : nil) : String(validating: bytes, as: UTF8.self)
        case (.uint(isDay: true), .uint(let number)):
            if let number = Int(exactly: number), let day = Day(number: number) { return day.iso8601 }
            return String(number)
        case (.uint, .uint(let number)): return String(number)
        default: return nil
        }
    }

    /// The value of a JSON member: text as in ``value(text:)``, or an integer for a uint.
    func value(json: JSONValue) throws(ModelError) -> ConsentValue {
        if case .uint = kind, let value = json.uint { return .uint(value) }
        guard let text = json.string else { throw ModelError("invalid-value", "\(name) has the wrong type") }
        return try value(text: text)
    }

    /// The normalised JSON form: text for ids and days, an integer below 2^53 for other uints, decimal text above.
    func json(of value: ConsentValue) -> JSONValue? {
        if kind == .uint(isDay: false), case .uint(let number) = value, number <= UInt64(JSONValue.largestInteger) {
            return .integer(Int64(number))
        }
        return text(of: value).map { .string($0) }
    }

    /// Whether `value` is of this attribute's kind and, for an id, has canonical bytes: valid UTF-8 or 32 bytes.
    func accepts(_ value: ConsentValue) -> Bool { text(of: value) != nil }
}
