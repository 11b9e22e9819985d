// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
internal import MerkleLog
internal import Primitives

/// What a public file says of itself, recognised by its content.
struct FileDescription {
    /// For people: the kind on the first line, then indented facts.
    let text: String
    /// The same for programs.
    let json: JSONValue

    /// Recognises the file.
    ///
    /// - Throws: `file-unknown`, `file-secret` (a subject's receipt), and errors of the format that was recognised.
    init(_ bytes: [UInt8], file: String) throws(ModelError) {
        if bytes.first(where: { $0 != 0x20 && $0 != 0x0a && $0 != 0x0d && $0 != 0x09 }) == UInt8(ascii: "{") {
            self = try Self.record(bytes, file: file)
            return
        }
        // A container begins with 8 bytes of length and a JSON object.
        guard bytes.count > 8, bytes[8] == UInt8(ascii: "{") else {
            throw ModelError(
                "file-unknown", "this is no file that inspect knows", file: file,
                hint: "it knows bundles (*.zkb), point proofs (*.zkp), lists of withdrawals (*.zkr), withdrawals and manifests (JSON)")
        }
        do {
            self.init(try BundleSummary(parsing: bytes, file: file), file: file)
        } catch  where error.code == "format-unknown" {
            do {
                self.init(try RevocationList.parse(bytes, file: file), file: file)
            } catch  where error.code == "format-unknown" {
                throw ModelError("file-unknown", "this is neither a bundle nor a list of withdrawals", file: file)
            }
        }
    }

    private init(kind: String, file: String, facts: [(String, String)], json: [String: JSONValue]) {
        let width = facts.map(\.0.count).max() ?? 0
        let lines = facts.map { name, value in "  \(name)\(String(repeating: " ", count: width - name.count))  \(value.printable)" }
        text = (["\(file.printable): \(kind), nothing verified"] + lines).joined(separator: "\n")
        self.json = .object(json.merging(["file": .string(file), "kind": .string(kind), "verified": .bool(false)]) { $1 })
    }

    // MARK: Bundles

    private init(_ summary: BundleSummary, file: String) {
        let header = summary.header
        var facts = [
            ("holder", header.holder), ("context", header.context.isEmpty ? "none" : header.context),
            ("data points", "\(header.dataPoints)"),
            summary.range.map { ("range", "entries \($0.lowerBound)..\($0.upperBound - 1); which of them cover the data points is hidden") }
                ?? ("distinct consents", "\(header.distinctConsents)"),
        ]
        facts += header.schemas.map { ("schema", Hex.encode($0)) }
        facts += [
            ("statement", Hex.encode(header.statement)),
            ("reveals", summary.revealed.isEmpty ? "nothing" : summary.revealed.joined(separator: ", ")),
        ]
        var ledgers: [JSONValue] = []
        for (number, ledger) in header.ledgers.enumerated() {
            let consents = Self.size(ofNote: ledger.consents)
            let revocations = summary.revocationCount(ledger: number)
            facts.append(
                (
                    "ledger",
                    "\(ledger.origin): \(consents.map(String.init) ?? "?") consents, \(revocations.map(String.init) ?? "?") withdrawals"
                ))
            ledgers.append(
                .object([
                    "consents_note": .string(ledger.consents), "consents_size": Self.json(consents),
                    "logged_note": (ledger.logged?.checkpoint).map { .string($0) } ?? .null, "origin": .string(ledger.origin),
                    "revocations": revocations.map { .integer(Int64($0)) } ?? .null, "revocations_note": .string(ledger.revocations),
                ]))
        }
        let manifest = summary.manifest.flatMap { try? Manifest(parsing: Array($0.entry.utf8)) }
        if let registration = summary.manifest {
            facts.append(("dataset", manifest.map { "\($0.dataset), \($0.dataPointCount) data points" } ?? "the manifest cannot be read"))
            facts.append(("registered as", "entry \(registration.index) of \(registration.origin)/registry"))
        } else {
            facts.append(("proofs", "one for each data point"))
        }
        for column in summary.columns {
            facts.append((column.name, "\(column.type.rawValue) \(column.shape), \(column.range.count) bytes"))
        }
        self.init(
            kind: "bundle", file: file, facts: facts,
            json: [
                "bytes": .integer(Int64(summary.byteCount)), "context": .string(header.context),
                "data_points": .integer(Int64(header.dataPoints)),
                "dataset": manifest.map { .string($0.dataset) } ?? .null,
                "distinct_consents": summary.range == nil ? .integer(Int64(header.distinctConsents)) : .null,
                "holder": .string(header.holder), "ledgers": .array(ledgers),
                "manifest": (summary.manifest?.entry).map { .string($0) } ?? .null,
                "range": summary.range.map {
                    .object(["count": .integer(Int64($0.count)), "first": .integer(Int64(clamping: $0.lowerBound))])
                } ?? .null,
                "registry_index": Self.json(summary.manifest?.index),
                "registry_origin": (summary.manifest?.origin).map { .string($0) } ?? .null,
                "reveals": .array(summary.revealed.map { .string($0) }),
                "schema_digest": header.schemas.count == 1
                    ? .string(Hex.encode(header.schema)) : .array(header.schemas.map { .string(Hex.encode($0)) }),
                "statement_digest": .string(Hex.encode(header.statement)),
                "tensors": .array(
                    summary.columns.map {
                        .object([
                            "bytes": .integer(Int64($0.range.count)), "dtype": .string($0.type.rawValue), "name": .string($0.name),
                            "shape": .array($0.shape.map { .integer(Int64($0)) }),
                        ])
                    }),
            ])
    }

    private init(_ list: RevocationList, file: String) {
        self.init(
            kind: "revocation list", file: file,
            facts: [
                ("ledger", list.origin), ("withdrawals", "\(list.revocations.count)"),
                ("checkpoint of", Self.size(ofNote: list.checkpoint).map { "\($0) entries" } ?? "an unreadable note"),
                ("extends", "\(list.fromSize)"),
            ],
            json: [
                "checkpoint_note": .string(list.checkpoint), "checkpoint_size": Self.json(Self.size(ofNote: list.checkpoint)),
                "from_size": .integer(Int64(list.fromSize)), "origin": .string(list.origin),
                "revocations": .integer(Int64(list.revocations.count)),
            ])
    }

    private init(_ point: PointFile, file: String) {
        self.init(
            kind: "point proof", file: file,
            facts: [
                ("holder", point.holder), ("context", point.context.isEmpty ? "none" : point.context),
                ("data point", Hex.encode(point.dataPoint)), ("entry", "\(point.index) of \(point.ledger.origin)/consents"),
                ("schema", Hex.encode(point.schema)), ("statement", Hex.encode(point.statement)),
                ("reveals", point.revealed.isEmpty ? "nothing" : point.revealed.keys.sorted().joined(separator: ", ")),
                ("proof", "\(point.sigma.count) bytes, range part \(point.rangeCommitments.count + point.range.count)"),
            ],
            json: [
                "context": .string(point.context), "data_point": .string(Hex.encode(point.dataPoint)),
                "entry_index": Self.json(point.index),
                "holder": .string(point.holder), "origin": .string(point.ledger.origin), "revealed": .object(point.revealed),
                "schema_digest": .string(Hex.encode(point.schema)), "statement_digest": .string(Hex.encode(point.statement)),
            ])
    }

    // MARK: Records

    private static func record(_ bytes: [UInt8], file: String) throws(ModelError) -> FileDescription {
        let json = try JSONValue(
            parsing: bytes, limits: .init(byteCount: PointFile.byteCountLimit, depth: 8, nodeCount: 10_000), file: file)
        switch json["kind"]?.string {
        case "withdrawal":
            let withdrawal = try WithdrawalStatement(parsing: bytes, file: file)
            return FileDescription(
                kind: "withdrawal", file: file,
                facts: [("log", withdrawal.origin), ("entry", "\(withdrawal.index)"), ("leaf", Hex.encode(withdrawal.leaf.bytes))],
                json: [
                    "entry_index": Self.json(withdrawal.index), "leaf": .string(Hex.encode(withdrawal.leaf.bytes)),
                    "origin": .string(withdrawal.origin),
                ])
        case PointFile.kind: return FileDescription(try PointFile(parsing: bytes, file: file), file: file)
        case "manifest":
            let manifest: Manifest
            do { manifest = try Manifest(parsing: bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes) } catch {
                throw error.inFile(file)
            }
            return FileDescription(
                kind: "manifest", file: file,
                facts: [
                    ("dataset", manifest.dataset), ("holder", manifest.holder), ("data points", "\(manifest.dataPointCount)"),
                    ("root", Hex.encode(manifest.root.bytes)),
                ],
                json: [
                    "data_points": Self.json(manifest.dataPointCount), "dataset": .string(manifest.dataset),
                    "holder": .string(manifest.holder),
                    "root": .string(Hex.encode(manifest.root.bytes)),
                ])
        case "subject-receipt":
            throw ModelError(
                "file-secret", "this is a data subject's receipt, which is secret", file: file, hint: "keep it; inspect shows public files")
        default:
            throw ModelError("file-unknown", "this JSON file is neither a point proof nor a withdrawal nor a manifest", file: file)
        }
    }

    /// The size in an unverified checkpoint.
    private static func size(ofNote note: String) -> UInt64? {
        (try? UnverifiedCheckpoint(bytes: Array(note.utf8)))?.claimedSize
    }

    private static func json(_ value: UInt64?) -> JSONValue { value.map { .integer(Int64(clamping: $0)) } ?? .null }
}
