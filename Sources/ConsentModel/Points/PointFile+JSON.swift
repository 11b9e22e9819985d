// SPDX-License-Identifier: Apache-2.0
internal import MerkleLog
internal import Primitives

extension PointFile {
    /// Parses a file strictly: RFC 8785 form and a newline, every member, no other member.
    ///
    /// - Throws: `point-kind`, `format-newer`, `format-trial`, `point-form`, `point-suite`, `point-not-canonical`, `point-member`, `point-member-missing`,
    ///   `point-member-unknown`, `point-too-large`, or an error of the JSON parser.
    public init(parsing bytes: [UInt8], file: String? = nil) throws(ModelError) {
        do throws(ModelError) {
            guard bytes.count <= Self.byteCountLimit else {
                throw ModelError("point-too-large", "the file has more than \(Self.byteCountLimit) bytes")
            }
            let value = try JSONValue(parsing: bytes, limits: .init(byteCount: Self.byteCountLimit, depth: 6, nodeCount: 2_000))
            var reader = try MemberReader(value, format: "point")
            guard try reader.text("kind") == Self.kind else { throw ModelError("point-kind", "the file is not a point proof") }
            try Self.version.check(reader.integer("version", in: 0...Int(JSONValue.largestInteger)))
            guard try reader.text("form") == PointHeader.form else {
                throw ModelError("point-form", "the form of the proof is not \(PointHeader.form)", hint: "a newer zkconsent may read it")
            }
            guard try reader.text("suite") == BundleHeader.suite else {
                throw ModelError("point-suite", "the suite is not \(BundleHeader.suite)", hint: "a newer zkconsent may read it")
            }
            guard bytes == value.canonical + [UInt8(ascii: "\n")] else {
                throw ModelError("point-not-canonical", "the file is not in canonical form (RFC 8785, then a newline)")
            }
            holder = try reader.text("holder")
            context = try reader.text("context")
            schema = try reader.digest("schema")
            statement = try reader.digest("statement")
            dataPoint = try reader.digest("data_point")
            entry = try reader.base64("entry", count: Entry.byteCount)
            guard case .object(let values) = try reader.take("revealed") else {
                throw ModelError("point-member", "the member revealed is not an object")
            }
            revealed = values
            var proof = try reader.object("proof")
            sigma = try proof.base64("sigma")
            rangeCommitments = try proof.base64("range_commitments")
            range = try proof.base64("range")
            try proof.finish()
            guard range.isEmpty == rangeCommitments.isEmpty else {
                throw ModelError("point-member", "the members proof.range and proof.range_commitments are not both there or both empty")
            }
            var log = try reader.object("ledger")
            let text = Array(try log.text("inclusion").utf8)
            let inclusion: LogProof
            do throws(MerkleLogError) {
                inclusion = try LogProof(bytes: text)
            } catch {
                throw ModelError("point-member", "the member ledger.inclusion is not a tlog-proof: \(error)")
            }
            index = inclusion.inclusion.index
            path = inclusion.inclusion.hashes.map(\.bytes)
            var list = try log.object("revocations")
            let logged = try log.take("logged")
            ledger = BundleHeader.Ledger(
                origin: try log.text("origin"), consents: String(decoding: inclusion.checkpoint.note.bytes, as: UTF8.self),
                revocations: try list.text("checkpoint"), logged: nil)
            if logged != .null { ledger.logged = try .init(MemberReader(logged, format: "point", place: "ledger.logged")) }
            revocations = try list.base64("entries")
            guard revocations.count % Bundle.revocationByteCount == 0 else {
                throw ModelError("point-member", "the member ledger.revocations.entries is not a whole number of entries")
            }
            try list.finish()
            try log.finish()
            try reader.finish()
        } catch {
            throw error.inFile(file)
        }
    }

    /// The file.
    ///
    /// - Throws: `point-member` when the checkpoint is no signed note or has another size than the path.
    public func encoded() throws(ModelError) -> [UInt8] {
        let inclusion: LogProof
        do {
            let checkpoint = try UnverifiedCheckpoint(bytes: Array(ledger.consents.utf8))
            inclusion = try LogProof(
                inclusion: InclusionProof(index: index, treeSize: checkpoint.claimedSize, hashes: try path.map { try NodeHash($0) }),
                checkpoint: checkpoint)
        } catch {
            throw ModelError("point-member", "the proof of inclusion cannot be written: \(error)")
        }
        func base64(_ bytes: [UInt8]) -> JSONValue { .string(Base64.encode(bytes)) }
        let json = JSONValue.object([
            "context": .string(context), "data_point": .hex(dataPoint), "entry": base64(entry), "form": .string(PointHeader.form),
            "holder": .string(holder), "kind": .string(Self.kind),
            "ledger": .object([
                "inclusion": .string(String(decoding: inclusion.bytes, as: UTF8.self)), "logged": ledger.logged?.json ?? .null,
                "origin": .string(ledger.origin),
                "revocations": .object(["checkpoint": .string(ledger.revocations), "entries": base64(revocations)]),
            ]), "proof": .object(["range": base64(range), "range_commitments": base64(rangeCommitments), "sigma": base64(sigma)]),
            "revealed": .object(revealed), "schema": .hex(schema), "statement": .hex(statement), "suite": .string(BundleHeader.suite),
            "version": Self.version.json,
        ])
        return json.canonical + [UInt8(ascii: "\n")]
    }
}

extension MemberReader {
    /// Bytes in canonical base64, of a given number or any. Throws `<format>-member-missing`, `<format>-member`.
    fileprivate mutating func base64(_ name: String, count: Int? = nil) throws(ModelError) -> [UInt8] {
        guard let bytes = try? Base64.decode(try text(name)), count ?? bytes.count == bytes.count else {
            throw ModelError("\(format)-member", "the member \(path(name)) is not base64" + (count.map { " of \($0) bytes" } ?? ""))
        }
        return bytes
    }
}
