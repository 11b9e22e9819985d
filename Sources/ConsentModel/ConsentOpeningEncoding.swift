// SPDX-License-Identifier: Apache-2.0

/// The opening of an entry as bytes: what the holder stores, sealed, to prove with later (docs/formats.md, Consent opening).
///
/// | bytes | field |
/// |---|---|
/// | 1 | version, 1 |
/// | 4, 4 | first and last day in force, `LE32` |
/// | 32, 32 | the blindings `k` and `t`, little-endian |
/// | ceil(n / 8) | the n flags in schema order, flag i is bit `i % 8` of byte `i / 8`, the rest 0 |
/// | each | for each attribute in schema order `LP(value)`: an id's canonical bytes, a uint as `LE64` |
///
/// Security: the bytes are secret. This type writes into and reads from memory of the caller, and holds the days and positions only; the
/// schema is that of the entry. Timing: writing is not constant in the consent, which is made of strings; reading depends on the lengths of
/// values and on whether the days are in range.
public struct ConsentOpeningLayout: Sendable {
    /// The number in the first byte.
    public static let version: UInt8 = 1
    /// The positions of the blinding `k` of the attributes' commitment.
    public static let k = 9..<41
    /// The positions of the blinding `t` of the calendar.
    public static let t = 41..<73
    private static let headerByteCount = 73

    /// The days in force.
    public let inForce: DayInterval
    /// The positions of the value of each attribute in schema order, without its length.
    public let values: [Range<Int>]
    private let attributes: [Schema.Attribute]

    // MARK: Writing

    /// The length of the opening of `consent` in bytes.
    ///
    /// - Throws: ``ModelError`` when a value is missing or not of its attribute's kind.
    public static func byteCount(_ consent: Consent, schema: Schema) throws(ModelError) -> Int {
        var count = headerByteCount + (schema.flags.count + 7) / 8
        for attribute in schema.attributes { count += 4 + (try valueByteCount(consent, attribute)) }
        return count
    }

    /// Writes the opening of `consent`.
    ///
    /// - Parameters:
    ///   - k: The blinding of the attributes' commitment, 32 bytes.
    ///   - t: The blinding of the calendar, 32 bytes.
    ///   - output: ``byteCount(_:schema:)`` bytes.
    /// - Throws: ``ModelError`` when a length is wrong or a value, flag or group is not of the schema.
    public static func encode(
        _ consent: Consent, schema: Schema, k: Span<UInt8>, t: Span<UInt8>, into output: inout MutableSpan<UInt8>
    ) throws(ModelError) {
        guard output.count == (try byteCount(consent, schema: schema)), k.count == 32, t.count == 32 else {
            throw ModelError("invalid-opening", "a blinding or the output has the wrong length")
        }
        output[0] = version
        write(UInt64(consent.inForce.first.number), 4, at: 1, &output)
        write(UInt64(consent.inForce.last.number), 4, at: 5, &output)
        for i in 0..<32 {
            output[Self.k.lowerBound + i] = k[i]
            output[Self.t.lowerBound + i] = t[i]
        }
        let flagBytes = (schema.flags.count + 7) / 8
        for i in 0..<flagBytes { output[headerByteCount + i] = 0 }
        for (group, flags) in consent.flags {
            for flag in flags {
                guard let index = schema.flagIndex(flag, in: group) else {
                    throw ModelError("unknown-flag", "the schema \(schema.name) has no flag \(flag) in \(group)")
                }
                output[headerByteCount + index / 8] |= 1 << UInt8(index % 8)
            }
        }
        var position = headerByteCount + flagBytes
        for attribute in schema.attributes {
            write(UInt64(try valueByteCount(consent, attribute)), 4, at: position, &output)
            position += 4
            switch consent.values[attribute.name] {
            case .id(let bytes):
                for i in bytes.indices { output[position + i] = bytes[i] }
                position += bytes.count
            case .uint(let value):
                write(value, 8, at: position, &output)
                position += 8
            case nil: break
            }
        }
    }

    private static func valueByteCount(_ consent: Consent, _ attribute: Schema.Attribute) throws(ModelError) -> Int {
        switch (attribute.kind, consent.values[attribute.name]) {
        case (.id, .id(let bytes)) where bytes.count <= Schema.Attribute.idByteCountLimit && (!attribute.isRecord || bytes.count == 32):
            return bytes.count
        case (.uint, .uint): return 8
        default: throw ModelError("invalid-value", "the consent has no proper value for \(attribute.name)")
        }
    }

    private static func write(_ value: UInt64, _ count: Int, at position: Int, _ output: inout MutableSpan<UInt8>) {
        for i in 0..<count { output[position + i] = UInt8(truncatingIfNeeded: value >> UInt64(8 * i)) }
    }

    // MARK: Reading

    /// The positions of everything in an opening.
    ///
    /// - Throws: ``ModelError`` of code `invalid-opening` unless the bytes are exactly an opening for `schema`. Whether the blindings are
    ///   reduced is for the code that makes scalars of them.
    public init(parsing bytes: Span<UInt8>, schema: Schema) throws(ModelError) {
        func failure(_ reason: String, _ position: Int) -> ModelError {
            ModelError("invalid-opening", "not the opening of an entry: \(reason)", position: .byte(position))
        }
        let flagBytes = (schema.flags.count + 7) / 8
        guard bytes.count >= Self.headerByteCount + flagBytes else { throw failure("too short", bytes.count) }
        guard bytes[0] == Self.version else { throw failure("unknown version", 0) }
        guard let first = Day(number: Int(Self.read(bytes, 4, at: 1))), let last = Day(number: Int(Self.read(bytes, 4, at: 5))),
            let interval = DayInterval(first: first, last: last)
        else { throw failure("no interval of days", 1) }
        if schema.flags.count % 8 != 0 {
            let position = Self.headerByteCount + flagBytes - 1
            guard bytes[position] >> UInt8(schema.flags.count % 8) == 0 else { throw failure("more flags than the schema has", position) }
        }
        var position = Self.headerByteCount + flagBytes
        var values: [Range<Int>] = []
        for attribute in schema.attributes {
            guard bytes.count - position >= 4 else { throw failure("a value is missing", position) }
            let count = Int(Self.read(bytes, 4, at: position))
            let isProper =
                switch attribute.kind {
                case .id: attribute.isRecord ? count == 32 : count <= Schema.Attribute.idByteCountLimit
                case .uint: count == 8
                }
            guard isProper else { throw failure("the length of \(attribute.name)", position) }
            position += 4
            guard bytes.count - position >= count else { throw failure("\(attribute.name) is cut short", position) }
            values.append(position..<position + count)
            position += count
        }
        guard position == bytes.count else { throw failure("bytes after the end", position) }
        inForce = interval
        self.values = values
        attributes = schema.attributes
    }

    /// Flag `index` of the schema as 0 or 1, read from the bytes that were parsed.
    public func flag(_ index: Int, in bytes: Span<UInt8>) -> UInt64 {
        UInt64(bytes[Self.headerByteCount + index / 8] >> UInt8(index % 8) & 1)
    }

    /// The uint value of attribute `index` of the schema, read from the bytes that were parsed; `nil` for an id.
    public func uint(_ index: Int, in bytes: Span<UInt8>) -> UInt64? {
        guard case .uint = attributes[index].kind else { return nil }
        return Self.read(bytes, 8, at: values[index].lowerBound)
    }

    /// The value of attribute `index` of the schema, copied out of the bytes that were parsed: for values that are printed or revealed.
    public func value(_ index: Int, in bytes: Span<UInt8>) -> ConsentValue {
        if let value = uint(index, in: bytes) { return .uint(value) }
        return .id(values[index].map { bytes[$0] })
    }

    private static func read(_ bytes: Span<UInt8>, _ count: Int, at position: Int) -> UInt64 {
        var value: UInt64 = 0
        for i in 0..<count { value |= UInt64(bytes[position + i]) << UInt64(8 * i) }
        return value
    }
}
