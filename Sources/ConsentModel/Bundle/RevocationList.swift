// SPDX-License-Identifier: Apache-2.0

/// A ledger's revocations log, complete from leaf 0, with a checkpoint: the file `*.zkr` (docs/formats.md, Revocation list).
///
/// Nothing is verified: the signature, the root of ``revocations`` and the consistency proof are the verifier's.
public struct RevocationList: Sendable {
    /// The format, as the metadata names it.
    package static let format = FormatVersion(1, of: "zkconsent-revocations")
    /// Of its text.
    private static let version = FormatVersion(1, of: "the list of revocations")

    /// The name of the ledger.
    public let origin: String
    /// The checkpoint of the revocations log, a signed note.
    public let checkpoint: String
    /// The size of the older list that ``consistency`` leads from, at most the number of revocations.
    public let fromSize: Int
    /// The consistency proof, 32 bytes each; empty when ``fromSize`` is 0.
    public let consistency: [[UInt8]]
    /// The revocations, 34 bytes each.
    public let revocations: BytesColumn

    /// A list with these contents.
    ///
    /// - Throws: `revocations-columns`, `revocations-from-size`, `revocations-member`.
    public init(
        origin: String, checkpoint: String, fromSize: Int, consistency: [[UInt8]], revocations: BytesColumn
    ) throws(ModelError) {
        guard revocations.rowByteCount == Bundle.revocationByteCount else {
            throw ModelError("revocations-columns", "a revocation is not \(Bundle.revocationByteCount) bytes")
        }
        guard (0...revocations.count).contains(fromSize), fromSize > 0 || consistency.isEmpty else {
            throw ModelError("revocations-from-size", "from_size is larger than the list, or 0 with a consistency proof")
        }
        guard consistency.count <= BundleHeader.hashLimit, consistency.allSatisfy({ $0.count == 32 }) else {
            throw ModelError("revocations-member", "the consistency proof has too many hashes or a hash is not 32 bytes")
        }
        self.origin = origin
        self.checkpoint = checkpoint
        self.fromSize = fromSize
        self.consistency = consistency
        self.revocations = revocations
    }

    /// Reads a file.
    ///
    /// - Throws: Errors of ``Safetensors``, `revocations-metadata`, `format-newer`, `format-trial`, `revocations-not-canonical`, `revocations-member`,
    ///   `revocations-member-missing`, `revocations-member-unknown`, `tensor-missing`, `tensor-unknown`, `tensor-shape`, and those of
    ///   the initialiser.
    public static func parse(_ bytes: [UInt8], file: String? = nil) throws(ModelError) -> RevocationList {
        do throws(ModelError) {
            let container = try Safetensors(parsing: bytes, format: format, file: file)
            guard let text = container.metadata["list"], container.metadata.count == 2 else {
                throw ModelError("revocations-metadata", "the metadata has not exactly the texts format and list")
            }
            let value = try JSONValue(
                parsing: Array(text.utf8), limits: .init(byteCount: Safetensors.headerLimit, depth: 4, nodeCount: 1000))
            var reader = try MemberReader(value, format: "revocations")
            try Self.version.check(reader.integer("version", in: 0...Int(JSONValue.largestInteger)))
            guard text.utf8.elementsEqual(value.canonical) else {
                throw ModelError("revocations-not-canonical", "the text list in the metadata is not in canonical form (RFC 8785)")
            }
            let origin = try reader.text("origin")
            let checkpoint = try reader.text("checkpoint")
            let fromSize = try reader.integer("from_size", in: 0...Int(JSONValue.largestInteger))
            let consistency = try reader.digests("consistency", limit: BundleHeader.hashLimit)
            try reader.finish()
            try container.checkOrder(["revocations"])
            return try RevocationList(
                origin: origin, checkpoint: checkpoint, fromSize: fromSize, consistency: consistency,
                revocations: container.rows("revocations", rowByteCount: Bundle.revocationByteCount))
        } catch {
            throw error.inFile(file)
        }
    }

    /// Appends the file to `file`; the commit is the caller's.
    ///
    /// - Throws: `disk-full`, `file-write`.
    public func write(to file: inout OutputFile) throws(ModelError) {
        try container.write { (piece) throws(ModelError) in try file.append(piece) }
    }

    /// The whole file in memory.
    public var encoded: [UInt8] { container.encoded }

    private var container: SafetensorsWriter {
        let text = JSONValue.object([
            "checkpoint": .string(checkpoint),
            "consistency": .array(consistency.map { .hex($0) }),
            "from_size": .integer(Int64(fromSize)),
            "origin": .string(origin),
            "version": Self.version.json,
        ]).canonicalText
        var writer = SafetensorsWriter(format: Self.format, "list", text)
        writer.add("revocations", rows: revocations)
        return writer
    }
}
