// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Testing

/// A small bundle whose bytes mean nothing: 7 rows, 4 entries in 2 ledgers, two revealed attributes of each kind.
enum BundleFixture {
    static let attributes = [
        RevealedAttribute(name: "record", kind: .digest), RevealedAttribute(name: "notice", kind: .text),
        RevealedAttribute(name: "not_before", kind: .uint), RevealedAttribute(name: "expires", kind: .uint),
    ]
    static let positions: [UInt64] = [3, 0, 1, 1, 2, 0, 3]
    static let ledgers: [UInt64] = [0, 0, 1, 1]
    static let indices: [UInt64] = [5, 1 << 40, 2, 3]
    static let notices = ["", "a", "Grüße", "n-4"]
    static let notBefore: [UInt64] = [0, 1, 20_000, .max]
    static let expires: [UInt64] = [9, 8, 7, 6]

    static var header: BundleHeader {
        BundleHeader(
            dataPoints: 7, distinctConsents: 4, holder: "University of Example \"α\"\n", context: "audit-17",
            ledgers: [
                .init(origin: "a.example", consents: "note a\n", revocations: "note b\n"),
                .init(
                    origin: "b.example", consents: "note c\n", revocations: "note d\n",
                    logged: .init(checkpoint: "note e\n", consistency: [pattern(32, 1), pattern(32, 2)])),
            ],
            manifest: .init(origin: "a.example", checkpoint: "note f\n", entry: "{}", index: 17, inclusion: [pattern(32, 3)]),
            schema: pattern(32, 4), statement: pattern(32, 5))
    }

    static func make(
        header: BundleHeader = header, positions: [UInt64] = positions, ledgers: [UInt64] = ledgers, indices: [UInt64] = indices,
        entries: [UInt8] = pattern(4 * 118, 6), dataPoints: [UInt8] = pattern(7 * 32, 7), inclusions: [Int] = [2, 0],
        revocations: [Int] = [3, 0], revealed: [RevealedColumn]? = nil
    ) throws(ModelError) -> Bundle {
        try Bundle(
            header: header, positions: U64Column(positions), entryLedgers: U64Column(ledgers), entryIndices: U64Column(indices),
            entries: column(entries, 118), dataPoints: column(dataPoints, 32),
            inclusions: inclusions.map { column(pattern($0 * 32, 8), 32) },
            revocations: revocations.map { column(pattern($0 * 34, 9), 34) }, revealed: revealed ?? columns,
            proof: BytesColumn(bytes: pattern(160, 10)))
    }

    static var columns: [RevealedColumn] {
        [
            RevealedColumn(id: "record", isDigest: true, (0..<4).map { pattern(32, 20 + $0) }),
            RevealedColumn(id: "notice", notices.map { Array($0.utf8) }),
            RevealedColumn(uint: "not_before", notBefore), RevealedColumn(uint: "expires", expires),
        ]
    }

    static var file: [UInt8] { get throws { BundleWriter.encode(try make()) } }

    static func parse(_ bytes: [UInt8]) throws(ModelError) -> Bundle {
        try Bundle.parse(bytes, file: "x.zkb", revealing: attributes)
    }
}

/// `count` bytes that look random, the same for the same seed.
func pattern(_ count: Int, _ seed: Int) -> [UInt8] {
    var state = UInt64(seed) &* 0x9e37_79b9_7f4a_7c15 | 1
    return (0..<count).map { _ in
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return UInt8(truncatingIfNeeded: state >> 32)
    }
}

/// Rows of a length that fits.
func column(_ bytes: [UInt8], _ rowByteCount: Int) -> BytesColumn {
    BytesColumn(bytes, rowByteCount: rowByteCount) ?? BytesColumn(bytes: bytes)
}

/// A safetensors file taken apart, so that a test can spoil one thing and put it together again.
struct Container {
    var header: JSONValue
    var data: [UInt8]

    init(_ file: [UInt8]) throws {
        let length = file[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
        header = try JSONValue(parsing: Array(file[8..<8 + length]))
        data = Array(file[(8 + length)...])
    }

    /// The canonical file.
    var file: [UInt8] {
        var text = header.canonical
        while text.count % 8 != 0 { text.append(0x20) }
        return Self.file(text: text, data: data)
    }

    /// A file with any header text.
    static func file(text: [UInt8], data: [UInt8]) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text + data
    }

    /// Changes the JSON in a text of the metadata.
    mutating func changeText(_ name: String, _ change: (inout JSONValue) -> Void) throws {
        guard case .string(let text)? = header["__metadata__"]?[name] else { throw ModelError("test", "no text") }
        var value = try JSONValue(parsing: Array(text.utf8))
        change(&value)
        header.set(["__metadata__", name], .string(value.canonicalText))
    }

    /// The bytes of a tensor in `data`.
    func range(_ name: String) throws -> Range<Int> {
        let offsets = try #require(header[name]?["data_offsets"]?.array).compactMap(\.int)
        return offsets[0]..<offsets[1]
    }
}

extension JSONValue {
    /// Replaces or removes what a path of member names and array indices leads to.
    mutating func set(_ path: [String], _ value: JSONValue?) {
        guard let name = path.first else {
            if let value { self = value }
            return
        }
        let rest = Array(path.dropFirst())
        switch self {
        case .object(var members):
            if rest.isEmpty {
                members[name] = value
            } else {
                members[name]?.set(rest, value)
            }
            self = .object(members)
        case .array(var elements):
            guard let index = Int(name) else { return }
            if rest.isEmpty, value == nil {
                elements.remove(at: index)
            } else if index == elements.count, let value {
                elements.append(value)
            } else {
                elements[index].set(rest, value)
            }
            self = .array(elements)
        default: return
        }
    }
}

/// The code of the error that `body` throws; `nil` when it throws none.
func code(_ body: () throws -> Void) -> String? {
    do {
        try body()
        return nil
    } catch {
        return (error as? ModelError)?.code ?? "other error: \(error)"
    }
}
