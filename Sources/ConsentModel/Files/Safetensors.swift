// SPDX-License-Identifier: Apache-2.0
internal import FaultInjection

/// A safetensors file of ours: `LE64(header length)`, the header, the data, nothing else.
///
/// The header is one JSON object in RFC 8785 form, padded with fewer than 8 spaces to a multiple of 8; the tensors lie without gaps and
/// fill the file, so that no two files have the same content. Types `U8` and `U64`, one or two dimensions.
///
/// Security: nothing is allocated beyond a constant multiple of the header; the data is viewed in place.
public struct Safetensors: Sendable {
    /// The type of the elements of a tensor.
    public enum ElementType: String, Sendable {
        /// Bytes.
        case u8 = "U8"
        /// Unsigned 64-bit integers, little-endian.
        case u64 = "U64"

        /// The length of an element in bytes.
        public var byteCount: Int { self == .u8 ? 1 : 8 }
    }

    /// The description of a tensor.
    public struct Tensor: Hashable, Sendable {
        /// Its name in the header.
        public let name: String
        /// The type of its elements.
        public let type: ElementType
        /// One or two dimensions, slowest first.
        public let shape: [Int]
        /// Where its bytes lie in the file.
        public let range: Range<Int>
    }

    /// Headers longer than this are refused: 16 MB.
    public static let headerLimit = 16 << 20
    /// Files with more tensors than this are refused.
    public static let tensorLimit = 1024

    /// The texts under `__metadata__`.
    public let metadata: [String: String]
    /// The tensors by name.
    public let tensors: [String: Tensor]
    /// The length of the header in bytes, with its padding.
    public let headerByteCount: Int
    /// The whole file.
    let bytes: [UInt8]
    /// The name of the file, for errors.
    let file: String?

    /// Reads the header of a file whose metadata has this format.
    ///
    /// - Throws: `safetensors-truncated`, `safetensors-header-size`, `safetensors-header`, `format-unknown`, `format-newer`, `format-trial`,
    ///   `safetensors-not-canonical`, `safetensors-name`, `safetensors-type`, `safetensors-shape`, `safetensors-layout`, or an error of
    ///   the JSON parser.
    package init(parsing bytes: [UInt8], format: FormatVersion, file: String? = nil) throws(ModelError) {
        do {
            try self.init(strictly: bytes, format: format, file: file)
        } catch {
            throw error.inFile(file)
        }
    }

    private init(strictly bytes: [UInt8], format: FormatVersion, file: String?) throws(ModelError) {
        let header = try Self.header(of: bytes)
        let limits = JSONValue.Limits(byteCount: Self.headerLimit, depth: 4, nodeCount: 8 * Self.tensorLimit)
        let value: JSONValue
        do {
            value = try JSONValue(parsing: Array(header), limits: limits)
        } catch {
            var shifted = error
            if case .byte(let offset) = error.position { shifted.position = .byte(offset + 8) }
            throw shifted
        }
        guard case .object(var members) = value else { throw ModelError("safetensors-header", "the header is not a JSON object") }
        metadata = try Self.metadata(members.removeValue(forKey: "__metadata__"))
        try format.check(metadata["format"])

        var canonical = value.canonical
        canonical.append(contentsOf: repeatElement(UInt8(ascii: " "), count: Self.padding(canonical.count)))
        guard Fault.isRemoved(.bundleCanonicalHeader) || header.elementsEqual(canonical) else {
            throw ModelError(
                "safetensors-not-canonical", "the header is not in canonical form (RFC 8785, padded with spaces to a multiple of 8)")
        }
        guard members.count <= Self.tensorLimit else {
            throw ModelError("safetensors-header", "the header names more than \(Self.tensorLimit) tensors")
        }
        var tensors: [String: Tensor] = [:]
        for (name, description) in members {
            // Text that Swift calls equal can differ in its bytes (the Kelvin sign and K); ASCII cannot.
            guard !name.isEmpty, name.utf8.allSatisfy({ 0x21...0x7e ~= $0 }) else {
                throw ModelError("safetensors-name", "the name of a tensor is not printable ASCII without spaces")
            }
            tensors[name] = try Self.tensor(name, description, dataStart: header.endIndex)
        }
        try Self.checkLayout(Array(tensors.values), from: header.endIndex, to: bytes.count)
        self.tensors = tensors
        self.headerByteCount = header.count
        self.bytes = bytes
        self.file = file
    }

    /// How many spaces follow a header of `count` bytes: fewer than 8.
    static func padding(_ count: Int) -> Int { (8 - count % 8) % 8 }
}

// MARK: Parts of the header

extension Safetensors {
    /// For who named a file of another kind.
    private static let otherFile = "bundles (*.zkb) and lists of withdrawals (*.zkr) are safetensors files: is this one of them?"

    private static func header(of bytes: [UInt8]) throws(ModelError) -> ArraySlice<UInt8> {
        guard bytes.count >= 8 else {
            throw ModelError(
                "safetensors-truncated", "the file has \(bytes.count) bytes and ends within the length of its header", hint: otherFile)
        }
        let length = U64Column(storage: bytes, start: 0, count: 1)[0]
        guard length <= UInt64(headerLimit), length % 8 == 0, length > 0 else {
            throw ModelError(
                "safetensors-header-size", "the header's length \(length) is not a multiple of 8 from 8 to \(headerLimit)",
                position: .byte(0), hint: otherFile)
        }
        guard Int(length) <= bytes.count - 8 else {
            throw ModelError("safetensors-truncated", "the file has \(bytes.count) bytes and ends within its header of \(length)")
        }
        return bytes[8..<8 + Int(length)]
    }

    private static func metadata(_ value: JSONValue?) throws(ModelError) -> [String: String] {
        guard case .object(let members)? = value else {
            throw ModelError("safetensors-header", "the header has no object __metadata__")
        }
        var metadata: [String: String] = [:]
        for (name, value) in members {
            guard case .string(let text) = value else {
                throw ModelError("safetensors-header", "a value in __metadata__ is not a text")
            }
            metadata[name] = text
        }
        return metadata
    }

    private static func tensor(_ name: String, _ description: JSONValue, dataStart: Int) throws(ModelError) -> Tensor {
        var reader = try MemberReader(description, format: "safetensors", place: name)
        guard let type = ElementType(rawValue: try reader.text("dtype")) else {
            throw ModelError("safetensors-type", "the tensor \(name) has a type other than U8 and U64")
        }
        var shape: [Int] = []
        for dimension in try reader.array("shape", limit: 2) {
            guard case .integer(let value) = dimension, let value = Int(exactly: value), value >= 0 else {
                throw ModelError("safetensors-shape", "a dimension of the tensor \(name) is not an integer from 0")
            }
            shape.append(value)
        }
        guard !shape.isEmpty else { throw ModelError("safetensors-shape", "the tensor \(name) has no dimension") }
        var offsets: [Int] = []
        for offset in try reader.array("data_offsets", limit: 2) {
            guard case .integer(let value) = offset, value >= 0, let value = Int(exactly: value) else { continue }
            offsets.append(value)
        }
        try reader.finish()
        guard offsets.count == 2, offsets[0] <= offsets[1] else {
            throw ModelError("safetensors-layout", "the data_offsets of the tensor \(name) are not two ascending integers")
        }
        var byteCount = type.byteCount
        for dimension in shape {
            let (product, overflow) = byteCount.multipliedReportingOverflow(by: dimension)
            guard !overflow else { throw ModelError("safetensors-shape", "the shape of the tensor \(name) is too large") }
            byteCount = product
        }
        guard byteCount == offsets[1] - offsets[0] else {
            throw ModelError("safetensors-layout", "the data_offsets of the tensor \(name) do not fit its shape")
        }
        // Offsets are below 2^53, so the sums are exact.
        return Tensor(name: name, type: type, shape: shape, range: dataStart + offsets[0]..<dataStart + offsets[1])
    }

    /// Refuses gaps, overlaps, and an end that is not the file's.
    private static func checkLayout(_ tensors: [Tensor], from start: Int, to end: Int) throws(ModelError) {
        var position = start
        for tensor in tensors.sorted(by: { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }) {
            guard tensor.range.lowerBound == position else {
                throw ModelError("safetensors-layout", "there is a gap or an overlap before the tensor \(tensor.name)")
            }
            position = tensor.range.upperBound
        }
        guard position == end else {
            let what = position > end ? "ends within" : "has bytes after"
            throw ModelError("safetensors-layout", "the file \(what) its tensors: they end at byte \(position), the file at byte \(end)")
        }
    }
}
