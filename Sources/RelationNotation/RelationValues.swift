// SPDX-License-Identifier: Apache-2.0

public import ConsentModel
public import Groups
internal import Primitives

/// The members of a values or witness file: a JSON object from names to values.
///
/// | name | value |
/// |---|---|
/// | element | its canonical encoding, in hex or base64 |
/// | scalar | its canonical encoding, in hex or base64, or an integer of magnitude below 2^53 |
/// | vector | an array of these, in index order; an array of arrays for two indices |
/// | size | an integer |
public struct RelationValues: Sendable {
    /// What a parser accepts at most: 64 MB.
    public static let limits = JSONValue.Limits(byteCount: 64 << 20, depth: 8, nodeCount: 1_000_000)

    private let members: [String: JSONValue]

    /// No values.
    public init() {
        members = [:]
    }

    /// The members of a JSON object.
    ///
    /// - Throws: `json-...` and `relation-value`.
    public init(parsing bytes: [UInt8], file: String? = nil) throws(ModelError) {
        let json = try JSONValue(parsing: bytes, limits: Self.limits, file: file)
        guard case .object(let members) = json else {
            throw ModelError("relation-value", "a JSON object of names and values is needed", file: file)
        }
        self.members = members
    }

    /// The sizes among the values. Throws `relation-value`.
    public func sizes(of declaration: RelationDeclaration) throws(ModelError) -> [String: Int] {
        var sizes: [String: Int] = [:]
        for name in declaration.sizeNames {
            guard let value = members[name] else { continue }
            guard let size = value.int else { throw ModelError("relation-value", "the size \(name) is not an integer") }
            sizes[name] = size
        }
        return sizes
    }

    /// The elements, without the generator, in index order.
    ///
    /// - Throws: `relation-value`: missing, of another shape, not canonical.
    public func elements<G: Group>(of relation: UnrolledRelation, _ group: G.Type) throws(ModelError) -> [G.Point] {
        var bytes: [UInt8] = []
        for (name, value) in try flattened(relation, .element) {
            guard let encoding = Self.bytes(value, count: G.pointByteCount) else {
                throw ModelError(
                    "relation-value", "the value of \(name) is not an element of \(G.name) in hex or base64",
                    hint: "an element has \(G.pointByteCount) bytes: \(2 * G.pointByteCount) hex digits")
            }
            bytes += encoding
        }
        do throws(PointDecodingError) {
            return try G.decode(canonical: bytes.span)
        } catch {
            let name = error.index + 1 < relation.elementNames.count ? relation.elementNames[error.index + 1] : "an element"
            throw ModelError("relation-value", "the value of \(name) is not the canonical encoding of an element of \(G.name)")
        }
    }

    /// The public scalars in index order. Throws `relation-value`.
    public func scalars<G: Group>(of relation: UnrolledRelation, _ group: G.Type) throws(ModelError) -> [G.Scalar] {
        try scalars(relation, .scalar, group)
    }

    /// The witness in index order; its values never appear in an error. Throws `relation-value`.
    public func witness<G: Group>(of relation: UnrolledRelation, _ group: G.Type) throws(ModelError) -> [G.Scalar] {
        try scalars(relation, .witness, group)
    }

    /// Refuses members that are neither a parameter nor a size, in a values file, or no witness, in a witness file.
    ///
    /// - Throws: `relation-value`, with the nearest name.
    public func refuseUnknown(_ relation: UnrolledRelation, isWitness: Bool) throws(ModelError) {
        var known = Set(relation.slots.filter { ($0.kind == .witness) == isWitness }.map(\.key))
        if !isWitness { known.formUnion(relation.sizes.keys) }
        let others = Set(relation.slots.filter { ($0.kind == .witness) != isWitness }.map(\.key))
        for name in members.keys.sorted() where !known.contains(name) {
            if others.contains(name) {
                throw ModelError(
                    "relation-value",
                    isWitness
                        ? "\(name) is a public value and belongs into the values file"
                        : "\(name) is a witness: it belongs into the witness file, which stays secret")
            }
            throw ModelError(
                "relation-value", "the relation has no \(isWitness ? "witness" : "parameter or size") \(name.printable)",
                hint: Nearest.hint(name, among: known.sorted()))
        }
    }

    /// Whether any member is a parameter, not just a size.
    public func hasParameters(of relation: UnrolledRelation) -> Bool {
        relation.slots.contains { $0.kind != .witness && members[$0.key] != nil }
    }

    // MARK: Shapes

    private func flattened(
        _ relation: UnrolledRelation, _ kind: UnrolledRelation.Slot.Kind
    ) throws(ModelError) -> [(name: String, value: JSONValue)] {
        var all: [(name: String, value: JSONValue)] = []
        for slot in relation.slots where slot.kind == kind {
            guard let value = members[slot.key] else {
                if slot.names.isEmpty { continue }
                throw ModelError(
                    "relation-value", "the value of \(slot.key) is missing",
                    hint: Nearest.name(to: slot.key, among: unclaimed(relation)).map { "is it \($0)?" }
                        ?? (kind == .witness ? "it belongs into the file of --witness" : "it belongs into the file of --values"))
            }
            let values = try Self.flattened([value], slot.shape, slot.key)
            guard values.count == slot.names.count else { throw Self.shape(slot.key, slot.names.count) }
            for index in values.indices { all.append((slot.names[index], values[index])) }
        }
        return all
    }

    /// The members that no slot asks for.
    private func unclaimed(_ relation: UnrolledRelation) -> [String] {
        Set(members.keys).subtracting(relation.slots.map(\.key)).subtracting(relation.sizes.keys).sorted()
    }

    private static func flattened(_ values: [JSONValue], _ shape: [Int], _ key: String) throws(ModelError) -> [JSONValue] {
        guard let count = shape.first else { return values }
        var inner: [JSONValue] = []
        for value in values {
            guard let array = value.array, array.count == count else { throw Self.shape(key, count) }
            inner += array
        }
        return try flattened(inner, Array(shape.dropFirst()), key)
    }

    private static func shape(_ key: String, _ count: Int) -> ModelError {
        ModelError("relation-value", "the value of \(key) is not a list of \(count) values", hint: "one for each index, in order")
    }

    // MARK: Encodings

    private func scalars<G: Group>(
        _ relation: UnrolledRelation, _ kind: UnrolledRelation.Slot.Kind, _ group: G.Type
    ) throws(ModelError) -> [G.Scalar] {
        var scalars: [G.Scalar] = []
        for (name, value) in try flattened(relation, kind) {
            if case .integer(let integer) = value {
                scalars.append(PublicScalars<G>.scalar(Int(integer)))
                continue
            }
            guard let bytes = Self.bytes(value, count: G.Scalar.byteCount) else {
                throw ModelError(
                    "relation-value", "the value of \(name) is not a scalar of \(G.name) in hex or base64, nor an integer below 2^53",
                    hint: "a scalar has \(G.Scalar.byteCount) bytes: \(2 * G.Scalar.byteCount) hex digits")
            }
            do throws(ScalarDecodingError) {
                scalars.append(try G.Scalar(canonical: bytes.span))
            } catch {
                throw ModelError("relation-value", "the value of \(name) is not below the order of \(G.name)")
            }
        }
        return scalars
    }

    /// `count` bytes in hex or base64, told apart by the length of the text.
    private static func bytes(_ value: JSONValue, count: Int) -> [UInt8]? {
        guard let text = value.string else { return nil }
        if text.utf8.count == 2 * count { return try? Hex.decode(text) }
        guard text.utf8.count == (count + 2) / 3 * 4, let bytes = try? Base64.decode(text), bytes.count == count else { return nil }
        return bytes
    }
}
