// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Issuance
import Secrets

extension FuzzTarget {
    /// Files of ours.
    static let files = [
        FuzzTarget(name: "bundle", summary: "bundles of data sets, without a policy") { bytes in
            isBundle(bytes, { try Bundle.parse(bytes, revealing: $0) }, BundleWriter.encode)
        },
        FuzzTarget(name: "points", summary: "bundles of point proofs, without a policy") { bytes in
            isBundle(bytes, { try PointBundle.parse(bytes, revealing: $0) }, BundleWriter.encode)
        },
        FuzzTarget(name: "members", summary: "bundles of unlinkable point proofs, without a policy") { bytes in
            isBundle(bytes, { try MemberBundle.parse(bytes, revealing: $0) }, BundleWriter.encode)
        },
        FuzzTarget(name: "point", summary: "files of one point proof") { bytes in
            guard let file = try? PointFile(parsing: bytes) else { return false }
            require(RevocationList.carried(by: bytes).map(\.revocations.bytes) == [file.revocations], "a proof carries another list")
            require((try? file.encoded()) == bytes, "a point proof has two encodings")
            return true
        },
        FuzzTarget(name: "spot-check", summary: "openings of a spot check, and their digests") { bytes in
            guard let openings = try? SpotCheckOpenings(parsing: bytes) else { return false }
            for opening in openings.openings.prefix(16) {
                _ = try? openings.digest(of: opening, dataset: "fuzz")
                _ = try? openings.subject(of: opening)
            }
            return true
        },
        FuzzTarget(name: "revocation-list", summary: "lists of withdrawals") { bytes in
            guard let list = try? RevocationList.parse(bytes) else { return false }
            require(list.encoded == bytes, "a list has two encodings")
            return true
        },
        FuzzTarget(name: "entry", summary: "entries and revocation entries of a ledger") { bytes in
            let entry = try? Entry(parsing: bytes), revocation = try? RevocationEntry(parsing: bytes)
            if let entry { require(entry.bytes == bytes, "an entry has two encodings") }
            if let revocation { require(revocation.bytes == bytes, "a revocation has two encodings") }
            return entry != nil || revocation != nil
        },
        FuzzTarget(name: "ledger-keys", summary: "files of ledgers' public keys") { bytes in
            (try? LedgerKeys(parsing: bytes)) != nil
        },
        // scrypt itself would take most of the time: what has parameters within the bounds is left alone.
        FuzzTarget(name: "sealed", summary: "headers of sealed files") { bytes in
            if hasParametersWithinBounds(bytes) && bytes.count >= SealedFile.magic.count + 69 { return true }
            let passphrase = Array("passphrase".utf8)
            require((try? SealedFile.open(bytes, passphrase: passphrase.span).count) == nil, "parameters out of bounds are accepted")
            return SealedFile.otherVersion(bytes) != nil
        },
        FuzzTarget(name: "opening", summary: "openings of consents, as a store holds them") { bytes in
            guard let schema = try? Schema.builtIn(named: "consent-v1") else { return false }
            guard let layout = try? ConsentOpeningLayout(parsing: bytes.span, schema: schema) else { return false }
            for index in schema.attributes.indices { _ = layout.value(index, in: bytes.span) }
            for index in schema.flags.indices { require(layout.flag(index, in: bytes.span) <= 1, "a flag is no bit") }
            return true
        },
    ]

    /// Whether the bytes are a bundle of one kind, which then has no other encoding.
    private static func isBundle<Columns>(
        _ bytes: [UInt8], _ parse: ([RevealedAttribute]) throws -> Columns, _ encode: (Columns) -> [UInt8]
    ) -> Bool {
        _ = try? BundleSummary(parsing: bytes)
        let bundles = revealed.compactMap { try? parse($0) }
        for bundle in bundles { require(encode(bundle) == bytes, "a bundle has two encodings") }
        let lists = RevocationList.carried(by: bytes)
        require(bundles.isEmpty || !lists.isEmpty, "a bundle carries no list of withdrawals")
        return !bundles.isEmpty
    }

    /// What policies may reveal: the bundle does not say.
    private static let revealed: [[RevealedAttribute]] = {
        let notice = RevealedAttribute(name: "notice", kind: .text), age = RevealedAttribute(name: "age", kind: .uint)
        return [[], [notice], [age], [notice, age]]
    }()

    /// Whether the header of a sealed file has parameters that are allowed, as docs/formats.md says it.
    private static func hasParametersWithinBounds(_ bytes: [UInt8]) -> Bool {
        let fields = bytes.dropFirst(SealedFile.magic.count).prefix(9)
        guard bytes.starts(with: SealedFile.magic), let log2N = fields.first, fields.count == 9 else { return false }
        func number(_ offset: Int) -> Int {
            fields.dropFirst(offset).prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        let (r, p) = (number(1), number(5))
        return (14...20).contains(log2N) && (1...32).contains(r) && (1...16).contains(p) && (128 << Int(log2N)) * r <= 1 << 30
    }
}
