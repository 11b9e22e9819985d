// SPDX-License-Identifier: Apache-2.0
internal import MerkleLog
internal import Primitives

/// Signed notes: the cases of Go's sumdb/note and sumdb/tlog.
enum NoteFormats {
    static let all = [opening, verifierKeys, signing, treeText]
    private static let standard = "C2SP signed-note"

    static let opening = VectorFormat(
        "signed notes", standard: standard, marker: "trusted_vkeys",
        records: { $0.has("note_base64", "trusted_vkeys", "expected") }, case: { $0["id"]?.text },
        check: { (record) throws(CaseFailure) in
            let bytes = try record.base64("note_base64")
            var keys: [VerifierKey] = []
            for value in try record.list("trusted_vkeys") {
                let text = try unwrap(value.text, "a key is no text")
                keys.append(try attempt("trusted_vkeys") { try VerifierKey(text: text) })
            }
            let isExpected = try FiatShamirFormat.isExpected(.object(["Expected": record.member("expected")]))
            let opened = open(bytes, keys)
            guard case .success(let names, let unknown) = opened else {
                try requireVerdict(false, expected: isExpected)
                return try checkReason(opened, record)
            }
            try requireVerdict(true, expected: isExpected)
            let expected = try record.list("verified").compactMap(\.text)
            try require(names.elementsEqual(expected), "verified \(expected), computed \(names)")
            if record["unverified"] != nil {
                let listed = try record.list("unverified").compactMap(\.text)
                try require(listed == unknown, "unverified \(listed), computed \(unknown)")
            }
            if record["unverified_count"] != nil { try record.match("unverified_count", UInt64(unknown.count)) }
        })

    /// What came of a note. Go refuses a note without any verified signature; we return it without signatures.
    private enum Opened {
        case success(verified: [String], unknown: [String])
        case refused(String)
    }

    private static func open(_ bytes: [UInt8], _ keys: [VerifierKey]) -> Opened {
        do throws(MerkleLogError) {
            let note = try SignedNote(bytes: bytes)
            let verified = try note.verifiedSignatures(by: keys)
            guard !verified.isEmpty else { return .refused("no verifiable signatures") }
            var unknown: [NoteSignature] = []
            for signature in note.signatures where !unknown.contains(signature) {
                if !keys.contains(where: { $0.name == signature.name && $0.keyID == signature.keyID }) { unknown.append(signature) }
            }
            return .success(verified: verified.map(\.key.name), unknown: unknown.map(\.name))
        } catch {
            switch error {
            case .malformedNote, .limitExceeded: return .refused("malformed note")
            case .ambiguousKey: return .refused("ambiguous key")
            case .invalidSignature: return .refused("invalid signature")
            default: return .refused("refused")
            }
        }
    }

    /// Compares the reason with Go's words where they are of the kinds we know.
    private static func checkReason(_ opened: Opened, _ record: VectorValue) throws(CaseFailure) {
        guard case .refused(let reason) = opened, record["error"] != nil else { return }
        let text = try record.text("error")
        try require(text.contains(reason), "error is \"\(text)\", computed \"\(reason)\"")
    }

    static let verifierKeys = VectorFormat(
        "verifier keys", standard: standard, marker: "vkey",
        recognises: { $0.records.contains { $0.has("id", "vkey", "expected") } },
        run: { (file, cases) throws(CaseFailure) in
            var good: [String] = []
            for record in file.records {
                let id = record["id"]?.text ?? "?"
                guard record["vkey"] != nil else {
                    // The rule about damaged keys, applied to the first good one.
                    cases.run(id) { () throws(CaseFailure) in try damaged(unwrap(good.first, "no key before the rule")) }
                    continue
                }
                cases.run(id) { () throws(CaseFailure) in
                    let text = try record.text("vkey")
                    let key = try? VerifierKey(text: text)
                    try requireVerdict(
                        key != nil, expected: FiatShamirFormat.isExpected(.object(["Expected": record.member("expected")])))
                    guard let key else { return }
                    try require(key.text == text, "the key is written differently")
                    good.append(text)
                }
            }
        })

    /// Every proper substring of a key, and the key with any one byte incremented, is refused.
    private static func damaged(_ text: String) throws(CaseFailure) {
        let bytes = Array(text.utf8)
        try require(bytes.count < 256, "a longer key than the rule is tried on")
        for start in bytes.indices {
            for end in start...bytes.count where end - start < bytes.count {
                try require((try? VerifierKey(text: String(decoding: bytes[start..<end], as: UTF8.self))) == nil, "a part is accepted")
            }
            var changed = bytes
            changed[start] &+= 1
            try require((try? VerifierKey(text: String(decoding: changed, as: UTF8.self))) == nil, "a changed key is accepted")
        }
    }

    static let signing = VectorFormat(
        "signing notes", standard: standard, marker: "signed_note",
        recognises: { $0.records.contains { $0.has("signed_note") } },
        run: { (file, cases) throws(CaseFailure) in
            var note: SignedNote?
            for (index, record) in file.records.enumerated() {
                cases.run("#\(index)") { () throws(CaseFailure) in
                    // A record without a key adds the signature of Go's EnochRoot, whose seed is 32 zero bytes.
                    var seed = [UInt8](repeating: 0, count: 32)
                    var name = "EnochRoot"
                    if record["skey"] != nil { (name, seed) = try secretKey(record.text("skey")) }
                    if record["text"] != nil {
                        let text = try record.text("text")
                        note = try attempt("text") { try SignedNote(text: text) }
                    }
                    var signed = try unwrap(note, "no text to sign")
                    let line = try attempt("the key") {
                        let key = try VerifierKey(name: name, type: .ed25519, publicKey: Ed25519.publicKey(seed: seed.span))
                        return NoteSignature(key: key, signature: try Ed25519.sign(seed: seed.span, message: signed.signedBytes))
                    }
                    signed.add(line)
                    note = signed
                    try record.match("signed_note", text: String(decoding: signed.bytes, as: UTF8.self))
                }
            }
        })

    /// Name and seed of `PRIVATE+KEY+name+id+base64(1 || seed)`, whose id must be the key's.
    private static func secretKey(_ text: String) throws(CaseFailure) -> (name: String, seed: [UInt8]) {
        let parts = text.split(separator: "+", maxSplits: 4, omittingEmptySubsequences: false).map(String.init)
        try require(parts.count == 5 && parts[0] == "PRIVATE" && parts[1] == "KEY", "skey is no secret key")
        let material = try attempt("skey") { try Base64.decode(parts[4]) }
        try require(material.count == 33 && material[0] == 1, "skey has another type")
        let seed = Array(material.dropFirst())
        let key = try attempt("skey") {
            try VerifierKey(name: parts[2], type: .ed25519, publicKey: Ed25519.publicKey(seed: seed.span))
        }
        try require(key.text.hasPrefix("\(parts[2])+\(parts[3])+"), "skey has another id")
        return (parts[2], seed)
    }

    static let treeText = VectorFormat(
        "checkpoint texts", standard: "C2SP tlog-checkpoint", marker: "root_is_record_hash_of",
        recognises: { file in
            let records = file.records
            return records.contains { $0.has("text", "expected") } && records.allSatisfy { $0["text"] != nil && $0["signed_note"] == nil }
        },
        run: { (file, cases) throws(CaseFailure) in
            // All texts are of one log: the one the accepted texts name.
            let origin = file.records.compactMap { $0["origin"]?.text }.first ?? "go.sum database tree"
            for (index, record) in file.records.enumerated() {
                cases.run("#\(index)") { () throws(CaseFailure) in
                    let checkpoint = try? checkpoint(record.text("text"), origin: origin)
                    try requireVerdict(
                        checkpoint != nil, expected: FiatShamirFormat.isExpected(.object(["Expected": record.member("expected")])))
                    guard let checkpoint else { return }
                    if record["origin"] != nil { try record.match("origin", text: checkpoint.origin) }
                    if record["size"] != nil { try record.match("size", checkpoint.treeSize) }
                    if record["root_is_record_hash_of"] != nil {
                        let entry = Array(try record.text("root_is_record_hash_of").utf8)
                        try require(LeafHash(entry: entry).bytes == checkpoint.rootHash.bytes, "the root is another hash")
                    }
                }
            }
        })

    /// The checkpoint of a text, which only comes with a valid signature: one is made.
    private static func checkpoint(_ text: String, origin: String) throws -> Checkpoint {
        var note = try SignedNote(text: text)
        let seed = [UInt8](repeating: 1, count: 32)
        let key = try VerifierKey(name: "test", type: .ed25519, publicKey: Ed25519.publicKey(seed: seed.span))
        note.add(NoteSignature(key: key, signature: try Ed25519.sign(seed: seed.span, message: note.signedBytes)))
        return try UnverifiedCheckpoint(note).verified(by: key, origin: origin)
    }
}
