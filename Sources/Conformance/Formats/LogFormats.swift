// SPDX-License-Identifier: Apache-2.0
internal import MerkleLog
internal import Primitives

/// Files of real logs: keys, checkpoints, tiles and bundles of entries, held to each other.
enum LogFormats {
    static let all = [verifierKey, checkpoint, hashTile, entryBundle, certificateBundle]

    static let verifierKey = VectorFormat(
        "verifier key", standard: "C2SP signed-note",
        recognises: { file in
            guard file.bytes.count < 2048, let text = file.text?.droppingLastNewline, !text.contains("\n") else { return false }
            let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
            return parts.count == 3 && parts[1].utf8.count == 8 && !text.contains(" ")
        },
        run: { (file, cases) throws(CaseFailure) in
            let text = try unwrap(file.text, "text").droppingLastNewline
            cases.run("key") { () throws(CaseFailure) in
                let key = try attempt("the key") { try VerifierKey(text: text) }
                try require(key.text == text, "the key is written differently")
            }
        })

    /// A text with signature lines, whose signatures need keys that lie beside it.
    static func isCheckpoint(_ file: VectorFile) -> Bool {
        file.json == nil && file.text?.contains("\n\n\u{2014} ") ?? false
    }

    static let checkpoint = VectorFormat(
        "checkpoint", standard: "C2SP tlog-checkpoint, tlog-cosignature",
        recognises: { isCheckpoint($0) && !$0.keys.isEmpty },
        run: { (file, cases) throws(CaseFailure) in
            cases.run("checkpoint") { () throws(CaseFailure) in
                let checkpoint = try attempt("the checkpoint") { try UnverifiedCheckpoint(bytes: file.bytes) }
                try require(checkpoint.note.bytes == file.bytes, "the note is written differently")
                let verified = try attempt("the signatures") { try checkpoint.note.verifiedSignatures(by: file.keys.notes) }
                var count = verified.count
                for log in file.keys.certificateLogs { count += try log.verify(checkpoint.note) }
                try require(count > 0, "no signature by a key that lies beside it")
                let body = checkpoint.note.text.split(separator: "\n", omittingEmptySubsequences: false)
                for root in file.neighbours.roots(size: checkpoint.claimedSize) {
                    try require(body.count > 2 && body[2] == Base64.encode(root.bytes), "the root is not that of the entries")
                }
            }
        })

    static let hashTile = VectorFormat(
        "tile of hashes", standard: "C2SP tlog-tiles",
        recognises: { file in
            let isTile = file.bytes.count % 32 == 0 && (1...256).contains(file.bytes.count / 32)
            return isTile && file.json == nil && !file.neighbours.columns.isEmpty && EntryBundle.entries(file.bytes) == nil
                && (file.text == nil || file.neighbours.columns.contains(file.bytes))
        },
        run: { (file, cases) throws(CaseFailure) in
            cases.run("tile") { () throws(CaseFailure) in
                try require(file.neighbours.columns.contains(file.bytes), "the hashes are those of no bundle of entries beside it")
            }
        })

    static let certificateBundle = VectorFormat(
        "bundle of certificates", standard: "C2SP static-ct-api",
        recognises: { $0.json == nil && !$0.neighbours.tiles.isEmpty && CertificateBundle($0.bytes) != nil },
        run: { (file, cases) throws(CaseFailure) in
            cases.run("bundle") { () throws(CaseFailure) in
                let bundle = try unwrap(CertificateBundle(file.bytes), "a bundle")
                let column = bundle.entries.flatMap { LeafHash(entry: $0).bytes }
                try require(file.neighbours.tiles.contains(column), "no tile of hashes beside it has the hashes of these entries")
                let first = try unwrap(bundle.indices.first, "an entry")
                try require(first % 256 == 0, "the first index is \(first)")
                try require(bundle.indices.elementsEqual((0..<UInt64(bundle.entries.count)).map { first + $0 }), "the indices have gaps")
            }
        })

    static let entryBundle = VectorFormat(
        "bundle of entries", standard: "C2SP tlog-tiles",
        recognises: { $0.json == nil && !$0.neighbours.tiles.isEmpty && EntryBundle.entries($0.bytes) != nil },
        run: { (file, cases) throws(CaseFailure) in
            cases.run("bundle") { () throws(CaseFailure) in
                let entries = try unwrap(EntryBundle.entries(file.bytes), "a bundle")
                let tile = try attempt("the tile") { try Tile(content: .entries, index: 0, width: entries.count) }
                try require(try attempt("the bundle") { try tile.entries(in: file.bytes) } == entries, "read differently")
                try require(try attempt("the bundle") { try Tile.bundle(entries) } == file.bytes, "written differently")
                let column = entries.flatMap { LeafHash(entry: $0).bytes }
                try require(file.neighbours.tiles.contains(column), "no tile of hashes beside it has the hashes of these entries")
            }
        })
}
