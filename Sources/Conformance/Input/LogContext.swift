// SPDX-License-Identifier: Apache-2.0
internal import MerkleLog
internal import Primitives

/// The verifier keys that lie beside a file: in its folder, or in the nearest one above that has any.
struct KnownKeys: Sendable {
    /// Keys of notes and cosigners.
    var notes: [VerifierKey] = []
    /// Logs of RFC 6962 with their ECDSA keys.
    var certificateLogs: [CertificateLog] = []

    var isEmpty: Bool { notes.isEmpty && certificateLogs.isEmpty }

    /// The keys that a file publishes; none for most files.
    init(in file: VectorFile) {
        if let text = file.text, text.utf8.count < 2048, let key = try? VerifierKey(text: text.droppingLastNewline) {
            notes = [key]
        }
        if let log = file.json.flatMap(CertificateLog.init) { certificateLogs = [log] }
        guard let witness = file.json?["verifier_keys"]?.elements else { return }
        notes += witness.compactMap { value in value.text.flatMap { try? VerifierKey(text: $0) } }
    }

    init() {}

    mutating func add(_ other: KnownKeys) {
        notes += other.notes.filter { !notes.contains($0) }
        certificateLogs += other.certificateLogs
    }
}

/// The entries of logs that lie beside a file: columns of leaf hashes.
struct Neighbours: Sendable {
    /// The leaf hashes of each bundle of entries, one after the other.
    var columns: Set<[UInt8]> = []
    /// Files that may be tiles of hashes: whole numbers of 32 bytes, 1 to 256 of them.
    var tiles: Set<[UInt8]> = []

    /// Range proofs by their names, for files of values on the way to them.
    var rangeProofs: [String: VectorValue] = [:]

    var isEmpty: Bool { columns.isEmpty && tiles.isEmpty && rangeProofs.isEmpty }

    init() {}

    /// The entries of the nearest surroundings that have any, and so the tiles.
    init(nearest: [Neighbours]) {
        columns = nearest.first { !$0.columns.isEmpty }?.columns ?? []
        tiles = nearest.first { !$0.tiles.isEmpty }?.tiles ?? []
        rangeProofs = nearest.first { !$0.rangeProofs.isEmpty }?.rangeProofs ?? [:]
    }

    /// The leaf hashes of a file that is a bundle of entries; none for most files.
    init(in file: VectorFile) {
        for record in file.records where record.has("transcript_label", "proof", "commitments") {
            if let id = record["id"]?.text { rangeProofs[id] = record }
        }
        if let entries = EntryBundle.entries(file.bytes) ?? CertificateBundle(file.bytes)?.entries {
            columns = [entries.flatMap { LeafHash(entry: $0).bytes }]
        } else if file.bytes.count % 32 == 0, (1...256).contains(file.bytes.count / 32), file.text == nil {
            tiles = [file.bytes]
        }
    }

    /// The roots of the trees of `size` leaves.
    func roots(size: UInt64) -> [NodeHash] {
        columns.filter { UInt64($0.count) == 32 * size }.compactMap { column in
            guard let nodes = try? NodeHash.array(column), let leaves = try? nodes.map({ try LeafHash($0.bytes) }) else { return nil }
            return MerkleTree(leaves).root
        }
    }

    mutating func add(_ other: Neighbours) {
        columns.formUnion(other.columns)
        tiles.formUnion(other.tiles)
        rangeProofs.merge(other.rangeProofs) { first, _ in first }
    }
}

/// Bundles of entries by their content.
enum EntryBundle {
    /// The entries of C2SP tlog-tiles: 1 to 256 of them, none empty, to the last byte. Nil for any other file.
    static func entries(_ bytes: [UInt8]) -> [[UInt8]]? {
        guard bytes.count >= 3, bytes.count <= 1 << 24 else { return nil }
        var entries: [[UInt8]] = []
        var offset = 0
        while offset < bytes.count {
            guard offset + 2 <= bytes.count, entries.count < 256 else { return nil }
            let count = Int(bytes[offset]) << 8 | Int(bytes[offset + 1])
            guard count > 0, count <= bytes.count - offset - 2 else { return nil }
            entries.append(Array(bytes[(offset + 2)..<(offset + 2 + count)]))
            offset += 2 + count
        }
        return entries
    }
}

extension String {
    /// The text without one newline at its end.
    var droppingLastNewline: String { hasSuffix("\n") ? String(dropLast()) : self }
}
