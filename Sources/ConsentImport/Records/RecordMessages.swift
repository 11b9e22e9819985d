// SPDX-License-Identifier: Apache-2.0

internal import ConsentModel
internal import Primitives

/// What the digests of records are hashes of (`Identifier.recordDigest`), one after another, so that messages of equal length are hashed together.
struct RecordMessages {
    private let prefix: [UInt8]
    private var bytes: [UInt8] = []
    private var ends: [Int] = []

    /// No messages of a dataset yet.
    init(datasetID: String) {
        prefix = lengthPrefixed("zkconsent/v1/record") + lengthPrefixed(datasetID)
    }

    /// The number of messages.
    var count: Int { ends.count }

    /// Adds the message of a row.
    mutating func append(key: [UInt8], row: [UInt8]) {
        bytes += prefix
        bytes.appendLengthPrefixed(key)
        bytes.appendLengthPrefixed(row)
        ends.append(bytes.count)
    }

    /// Adds the message of a row that is written in place.
    ///
    /// - Parameters:
    ///   - keyByteCount: what `key` appends.
    ///   - number: the key in decimal digits instead.
    ///   - rowByteCount: what `row` appends.
    mutating func append(
        keyByteCount: Int, number: Int?, rowByteCount: Int, key: (inout [UInt8]) -> Void, row: (inout [UInt8]) -> Void
    ) {
        bytes += prefix
        if let number {
            bytes.appendLengthPrefixed(Array(String(number).utf8))
        } else {
            bytes.appendLE32(UInt32(truncatingIfNeeded: keyByteCount))
            key(&bytes)
        }
        bytes.appendLE32(UInt32(truncatingIfNeeded: rowByteCount))
        row(&bytes)
        ends.append(bytes.count)
    }

    /// The digests, 32 bytes each, in order.
    func digests() -> [UInt8] {
        var ofLength: [Int: [Int]] = [:]
        for message in ends.indices { ofLength[byteCount(message), default: []].append(message) }
        var digests = [UInt8](repeating: 0, count: 32 * count)
        for (length, messages) in ofLength {
            var column: [UInt8] = []
            column.reserveCapacity(length * messages.count)
            for message in messages { column += bytes[ends[message] - length..<ends[message]] }
            // The prefix alone is longer than nothing, so the column has whole messages.
            guard let hashes = try? SHA256.hashEach(prefix: nil, recordByteCount: length, column) else { continue }
            for (position, message) in messages.enumerated() {
                for byte in 0..<32 { digests[32 * message + byte] = hashes[32 * position + byte] }
            }
        }
        return digests
    }

    private func byteCount(_ message: Int) -> Int { ends[message] - (message == 0 ? 0 : ends[message - 1]) }
}
