// SPDX-License-Identifier: Apache-2.0
internal import MerkleLog
internal import Primitives

/// A certificate transparency log as a log list describes it: an ECDSA key, and the tree head it ended with.
struct CertificateLog: Sendable {
    private let name: String
    /// The uncompressed point.
    private let key: [UInt8]
    private let logID: [UInt8]
    private let treeHead: VectorValue?
    private let claimedID: [UInt8]?

    /// The log of a description; nil for other files.
    init?(_ json: VectorValue) {
        guard json.has("log_id", "key", "description"), let name = json["description"]?.text else { return nil }
        guard let der = try? json.base64("key"), let key = DERReader.publicKey(der, algorithm: DERReader.p256) else { return nil }
        self.name = name
        self.key = key
        logID = SHA256.hash(der)
        claimedID = try? json.base64("log_id")
        treeHead = json["final_tree_head"]
    }

    /// The number of signatures of this log on a checkpoint; each must be right, and the checkpoint the log's last if it says so.
    ///
    /// The signature is an RFC 6962 tree head signature: time, then a digitally signed hash (C2SP static-ct-api).
    func verify(_ note: SignedNote) throws(CaseFailure) -> Int {
        try require(claimedID == logID, "log_id is not the hash of the key")
        let lines = note.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines.count >= 3, let size = UInt64(lines[1]), let root = try? Base64.decode(lines[2]), root.count == 32 else {
            throw CaseFailure("no checkpoint")
        }
        let keyID = SHA256.hash(Array(name.utf8) + [0x0a, 0x05] + logID).prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        var count = 0
        for signature in note.signatures where signature.name == name && signature.keyID == keyID {
            let bytes = signature.signature
            try require(bytes.count > 12 && bytes[8] == 4 && bytes[9] == 3, "the signature is not of ECDSA with SHA-256")
            try require(Int(bytes[10]) << 8 | Int(bytes[11]) == bytes.count - 12, "the signature has another length")
            let (r, s) = try unwrap(DERReader.signature(Array(bytes[12...])), "the signature is not DER")
            let head = [0, 1] + bytes[..<8] + (0..<8).map { UInt8(truncatingIfNeeded: size >> UInt64(56 - 8 * $0)) } + root
            let isValid = try CurveGroup.verify(name: "secp256r1", hash: SHA256.hash(head), r: r, s: s, key: key)
            try require(isValid, "the log's signature does not verify")
            if let treeHead {
                try require(treeHead.base64("sha256_root_hash") == root, "final_tree_head has another root")
                try require(treeHead.unsigned("tree_size") == size, "final_tree_head has another size")
                let time = bytes[..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
                try require(treeHead.unsigned("timestamp") == time, "final_tree_head has another time")
            }
            count += 1
        }
        return count
    }
}
