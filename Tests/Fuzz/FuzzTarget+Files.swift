// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Issuance
import Secrets

extension FuzzTarget {
    /// Files of ours.
    static let files = [
        FuzzTarget(name: "bundle", summary: "bundles of data sets, without a policy") { bytes in
            _ = try? BundleSummary(parsing: bytes)
            guard let bundle = try? Bundle.parse(bytes, revealing: []) else { return }
            require(BundleWriter.encode(bundle) == bytes, "a bundle has two encodings")
        },
        FuzzTarget(name: "points", summary: "bundles of point proofs, without a policy") { bytes in
            guard let bundle = try? PointBundle.parse(bytes, revealing: []) else { return }
            require(BundleWriter.encode(bundle) == bytes, "a bundle has two encodings")
        },
        FuzzTarget(name: "members", summary: "bundles of unlinkable point proofs, without a policy") { bytes in
            _ = try? BundleSummary(parsing: bytes)
            guard let bundle = try? MemberBundle.parse(bytes, revealing: []) else { return }
            require(BundleWriter.encode(bundle) == bytes, "a bundle has two encodings")
        },
        FuzzTarget(name: "point", summary: "files of one point proof") { bytes in
            guard let file = try? PointFile(parsing: bytes) else { return }
            require((try? file.encoded()) == bytes, "a point proof has two encodings")
        },
        FuzzTarget(name: "spot-check", summary: "openings of a spot check, and their digests") { bytes in
            guard let openings = try? SpotCheckOpenings(parsing: bytes) else { return }
            for opening in openings.openings.prefix(16) {
                _ = try? openings.digest(of: opening, dataset: "fuzz")
                _ = try? openings.subject(of: opening)
            }
        },
        FuzzTarget(name: "revocation-list", summary: "lists of withdrawals") { bytes in
            guard let list = try? RevocationList.parse(bytes) else { return }
            require(list.encoded == bytes, "a list has two encodings")
        },
        FuzzTarget(name: "entry", summary: "entries and revocation entries of a ledger") { bytes in
            if let entry = try? Entry(parsing: bytes) { require(entry.bytes == bytes, "an entry has two encodings") }
            if let entry = try? RevocationEntry(parsing: bytes) { require(entry.bytes == bytes, "a revocation has two encodings") }
        },
        FuzzTarget(name: "ledger-keys", summary: "files of ledgers' public keys") { bytes in
            _ = try? LedgerKeys(parsing: bytes)
        },
        // scrypt itself would take most of the time: parameters that are accepted are left alone.
        FuzzTarget(name: "sealed", summary: "headers of sealed files") { bytes in
            guard bytes.count < SealedFile.magic.count + 9 || bytes[SealedFile.magic.count] < 14 else { return }
            let passphrase = Array("passphrase".utf8)
            require((try? SealedFile.open(bytes, passphrase: passphrase.span).count) == nil, "parameters out of range are accepted")
        },
        FuzzTarget(name: "opening", summary: "openings of consents, as a store holds them") { bytes in
            guard let schema = try? Schema.builtIn(named: "consent-v1") else { return }
            _ = try? ConsentOpeningLayout(parsing: bytes.span, schema: schema)
        },
    ]
}
