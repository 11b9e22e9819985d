// SPDX-License-Identifier: Apache-2.0

internal import ConsentModel
internal import Primitives

/// What the digests of records are hashes of (`Identifier.recordDigest`), one after another, so that messages of equal length are hashed together.
struct RecordMessages {
    private let prefix: [UInt8]
    /// The messages, and room for more.
    private var bytes = [UInt8](repeating: 0, count: 1 << 16)
    private var ends: [Int] = []

    /// No messages of a dataset yet.
    init(datasetID: String) {
        prefix = lengthPrefixed("zkconsent/v1/record") + lengthPrefixed(datasetID)
    }

    /// The number of messages.
    var count: Int { ends.count }

    /// Adds the message of a row.
    mutating func append(key: [UInt8], row: [UInt8]) {
        append(keyByteCount: key.count, rowByteCount: row.count) { out in
            out.append(key)
            out.append(UInt32(truncatingIfNeeded: row.count))
            out.append(row)
        }
    }

    /// Adds the message of a row that is written in place.
    ///
    /// - Parameters:
    ///   - keyByteCount: the length of the key.
    ///   - rowByteCount: the length of the canonical row.
    ///   - body: writes the key, the length of the row and the row.
    mutating func append(keyByteCount: Int, rowByteCount: Int, _ body: (inout Writer) -> Void) {
        let start = ends.last ?? 0
        let end = start + prefix.count + 8 + keyByteCount + rowByteCount
        if end > bytes.count { bytes += [UInt8](repeating: 0, count: max(bytes.count, end - bytes.count)) }
        bytes.withUnsafeMutableBytes { bytes in
            var out = Writer(rest: UnsafeMutableRawBufferPointer(rebasing: bytes[start..<end]))
            out.append(prefix)
            out.append(UInt32(truncatingIfNeeded: keyByteCount))
            body(&out)
        }
        ends.append(end)
    }

    /// Writes into the room of one message; what does not fit is not written.
    struct Writer {
        fileprivate var rest: UnsafeMutableRawBufferPointer

        /// Writes bytes.
        mutating func append(_ bytes: UnsafeRawBufferPointer) {
            guard bytes.count <= rest.count else { return }
            rest.copyMemory(from: bytes)
            rest = UnsafeMutableRawBufferPointer(rebasing: rest[bytes.count...])
        }

        /// Writes bytes.
        mutating func append(_ bytes: [UInt8]) {
            bytes.withUnsafeBytes { append($0) }
        }

        /// Writes four bytes, little-endian.
        mutating func append(_ value: UInt32) {
            withUnsafeBytes(of: value.littleEndian) { append($0) }
        }
    }

    /// The digests, 32 bytes each, in order.
    func digests() -> [UInt8] {
        var ofLength: [Int: [Int]] = [:]
        for message in ends.indices { ofLength[byteCount(message), default: []].append(message) }
        var digests = [UInt8](repeating: 0, count: 32 * count)
        for (length, messages) in ofLength {
            let column = [UInt8](unsafeUninitializedCapacity: length * messages.count) { column, initialized in
                let column = UnsafeMutableRawBufferPointer(column)
                bytes.withUnsafeBytes { bytes in
                    for (position, message) in messages.enumerated() {
                        UnsafeMutableRawBufferPointer(rebasing: column[length * position..<length * (position + 1)])
                            .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[ends[message] - length..<ends[message]]))
                    }
                }
                initialized = length * messages.count
            }
            // Every message has a prefix, so the lengths are not 0 and the column is whole.
            guard let hashes = try? SHA256.hashEach(prefix: nil, recordByteCount: length, column) else { continue }
            digests.withUnsafeMutableBytes { digests in
                hashes.withUnsafeBytes { hashes in
                    for (position, message) in messages.enumerated() {
                        UnsafeMutableRawBufferPointer(rebasing: digests[32 * message..<32 * message + 32])
                            .copyMemory(from: UnsafeRawBufferPointer(rebasing: hashes[32 * position..<32 * position + 32]))
                    }
                }
            }
        }
        return digests
    }

    private func byteCount(_ message: Int) -> Int { ends[message] - (message == 0 ? 0 : ends[message - 1]) }
}
