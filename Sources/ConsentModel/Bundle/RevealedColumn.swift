// SPDX-License-Identifier: Apache-2.0
internal import Primitives

/// An attribute that a policy reveals, and so a column that its bundles have.
public struct RevealedAttribute: Hashable, Sendable {
    /// The form of the values.
    public enum Kind: Hashable, Sendable {
        /// A uint: `U64 [E]`.
        case uint
        /// An id whose canonical bytes are UTF-8 text.
        case text
        /// An id of the type `record`: 32 bytes.
        case digest
    }

    /// The attribute's name in the schema.
    public let name: String
    /// The form of its values.
    public let kind: Kind

    /// The attribute `name`.
    public init(name: String, kind: Kind) {
        self.name = name
        self.kind = kind
    }

    /// The attribute of a schema.
    public init(_ attribute: Schema.Attribute) {
        name = attribute.name
        switch attribute.kind {
        case .uint: kind = .uint
        case .id(let type): kind = type == "record" ? .digest : .text
        }
    }
}

/// The values of one revealed attribute, one for each entry.
///
/// Invariant of ids: there are E + 1 offsets, the first is 0, none is below the one before, the last is the length of the bytes; a value
/// has 32 bytes or is UTF-8 text of at most ``Schema/Attribute/idByteCountLimit`` bytes.
public struct RevealedColumn: Sendable {
    enum Storage: Sendable {
        case integers(U64Column)
        case ids(offsets: U64Column, bytes: BytesColumn)
    }

    /// The attribute.
    public let attribute: RevealedAttribute
    let storage: Storage

    /// The values of a uint.
    public init(uint name: String, _ values: [UInt64]) {
        attribute = RevealedAttribute(name: name, kind: .uint)
        storage = .integers(U64Column(values))
    }

    /// The canonical bytes of an id; `isDigest` for an id of the type `record`.
    public init(id name: String, isDigest: Bool = false, _ values: [[UInt8]]) {
        attribute = RevealedAttribute(name: name, kind: isDigest ? .digest : .text)
        var offsets: [UInt64] = [0]
        offsets.reserveCapacity(values.count + 1)
        var bytes: [UInt8] = []
        for value in values {
            bytes += value
            offsets.append(UInt64(bytes.count))
        }
        storage = .ids(offsets: U64Column(offsets), bytes: BytesColumn(bytes: bytes))
    }

    /// The column of `attribute` in a file, checked.
    ///
    /// - Throws: `tensor-missing`, `tensor-shape`, `bundle-revealed`.
    init(_ attribute: RevealedAttribute, in file: Safetensors, count: Int) throws(ModelError) {
        self.attribute = attribute
        let name = Self.name(attribute)
        switch attribute.kind {
        case .uint: storage = .integers(try file.integers(name, count: count))
        case .text, .digest:
            storage = .ids(offsets: try file.integers(name + ".offsets", count: count + 1), bytes: try file.text(name + ".bytes"))
        }
        try check(count: count)
    }

    /// The number of values.
    public var count: Int {
        switch storage {
        case .integers(let values): values.count
        case .ids(let offsets, _): offsets.count - 1
        }
    }

    /// The value of an entry. Traps unless `index` is in `0..<count`.
    public subscript(index: Int) -> ConsentValue {
        switch storage {
        case .integers(let values): return .uint(values[index])
        case .ids(let offsets, let bytes):
            let range = Int(offsets[index])..<Int(offsets[index + 1])
            return .id(bytes.withSpan(of: range) { span in span.withUnsafeBufferPointer { Array($0) } })
        }
    }

    /// Refuses a column that has not exactly one well-formed value for each of `count` entries.
    ///
    /// - Throws: `bundle-revealed`, naming the column.
    func check(count: Int) throws(ModelError) {
        guard self.count == count else { throw refused("has \(self.count) values for \(count) entries") }
        guard case .ids(let offsets, let bytes) = storage else { return }
        var fault: String?
        offsets.withSpan { offsets in
            var previous: UInt64 = 0
            for index in offsets.indices {
                let offset = offsets[index]
                if index == 0 ? offset != 0 : offset < previous { fault = "has offsets that do not ascend from 0" }
                if attribute.kind == .digest, index > 0, offset &- previous != 32 { fault = fault ?? "has a record that is not 32 bytes" }
                if offset &- previous > UInt64(Schema.Attribute.idByteCountLimit) {
                    fault = fault ?? "has a text of more than \(Schema.Attribute.idByteCountLimit) bytes"
                }
                previous = offset
            }
            if previous != UInt64(bytes.count) { fault = fault ?? "has offsets that do not end with its bytes" }
            guard fault == nil, attribute.kind == .text else { return }
            bytes.withSpan { bytes in
                for index in offsets.indices.dropLast() where fault == nil {
                    let value = bytes.extracting(Int(offsets[index])..<Int(offsets[index + 1]))
                    if (try? UTF8Span(validating: value)) == nil { fault = "has a text that is not valid UTF-8" }
                }
            }
        }
        if let fault { throw refused(fault) }
    }

    /// The name of the attribute's tensor, or of its two without their last part.
    static func name(_ attribute: RevealedAttribute) -> String { "revealed.\(attribute.name)" }

    private func refused(_ fault: String) -> ModelError {
        ModelError("bundle-revealed", "the column \(Self.name(attribute)) \(fault)")
    }
}
