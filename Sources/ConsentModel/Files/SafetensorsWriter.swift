// SPDX-License-Identifier: Apache-2.0
internal import Cores

/// Gathers columns and writes them as a canonical safetensors file; see ``Safetensors``.
struct SafetensorsWriter {
    private enum Column {
        case integers(U64Column)
        case bytes(BytesColumn)
    }

    private var columns: [Column] = []
    private var descriptions: [String: JSONValue] = [:]
    private var position = 0

    /// A file of this format, with one more text in its metadata.
    init(format: FormatVersion, _ name: String, _ text: String) {
        descriptions["__metadata__"] = .object(["format": .string(format.text), name: .string(text)])
    }

    /// Adds `U64 [count]`.
    mutating func add(_ name: String, _ column: U64Column) {
        columns.append(.integers(column))
        describe(name, .u64, [column.count])
    }

    /// Adds `U8 [count, rowByteCount]`.
    mutating func add(_ name: String, rows column: BytesColumn) {
        columns.append(.bytes(column))
        describe(name, .u8, [column.count, column.rowByteCount])
    }

    /// Adds `U8 [byteCount]`.
    mutating func add(_ name: String, text column: BytesColumn) {
        columns.append(.bytes(column))
        describe(name, .u8, [column.byteCount])
    }

    private mutating func describe(_ name: String, _ type: Safetensors.ElementType, _ shape: [Int]) {
        let end = position + shape.reduce(type.byteCount, *)
        descriptions[name] = .object([
            "data_offsets": .array([.integer(Int64(position)), .integer(Int64(end))]),
            "dtype": .string(type.rawValue),
            "shape": .array(shape.map { .integer(Int64($0)) }),
        ])
        position = end
    }

    /// `LE64(header length)` and the padded header.
    private var header: [UInt8] {
        var header = JSONValue.object(descriptions).canonical
        header.append(contentsOf: repeatElement(UInt8(ascii: " "), count: Safetensors.padding(header.count)))
        return withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) } + header
    }

    /// Hands the file to `append` piece by piece, columns without copies.
    func write<Failure: Error>(_ append: (Span<UInt8>) throws(Failure) -> Void) throws(Failure) {
        try append(header.span)
        for column in columns {
            switch column {
            case .integers(let column): try column.withBytes(append)
            case .bytes(let column): try column.withSpan(append)
            }
        }
    }

    /// The whole file in memory.
    var encoded: [UInt8] {
        let header = header
        let total = header.count + position
        return [UInt8](unsafeUninitializedCapacity: total) { bytes, initialized in
            let bytes = UnsafeMutableRawBufferPointer(bytes)
            bytes.copyBytes(from: header)
            var start = header.count
            for column in columns {
                func copy(_ source: UnsafeRawBufferPointer) {
                    nonisolated(unsafe) let source = source
                    nonisolated(unsafe) let place = UnsafeMutableRawBufferPointer(rebasing: bytes[start..<start + source.count])
                    Parallel.chunks(source.count, minimum: 1 << 20, granule: 4_096) { range in
                        UnsafeMutableRawBufferPointer(rebasing: place[range]).copyMemory(
                            from: UnsafeRawBufferPointer(rebasing: source[range]))
                    }
                    start += source.count
                }
                switch column {
                case .integers(let column): column.withBytes { $0.withUnsafeBytes(copy) }
                case .bytes(let column): column.withSpan { $0.withUnsafeBytes(copy) }
                }
            }
            initialized = start
        }
    }
}
