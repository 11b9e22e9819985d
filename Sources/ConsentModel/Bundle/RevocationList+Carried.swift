// SPDX-License-Identifier: Apache-2.0

extension RevocationList {
    /// The lists that a file with proofs carries, at most one for each of its ledgers. Empty for a file that is none: what is wrong with it is for the
    /// parser of its kind to say.
    public static func carried(by bytes: [UInt8]) -> [RevocationList] {
        if ProofFileKind(of: bytes) == .point {
            guard let file = try? PointFile(parsing: bytes),
                let column = BytesColumn(file.revocations, rowByteCount: Bundle.revocationByteCount), let list = list(file.ledger, column)
            else { return [] }
            return [list]
        }
        guard let container = try? Safetensors(parsing: bytes, format: Bundle.format, file: nil),
            let header = try? BundleSummary(parsing: bytes).header
        else { return [] }
        return header.ledgers.enumerated().compactMap { number, ledger in
            let column = try? container.rows("revocations.\(number)", rowByteCount: Bundle.revocationByteCount)
            return column.flatMap { list(ledger, $0) }
        }
    }

    private static func list(_ ledger: BundleHeader.Ledger, _ revocations: BytesColumn) -> RevocationList? {
        try? RevocationList(
            origin: ledger.origin, checkpoint: ledger.revocations, fromSize: 0, consistency: [], revocations: revocations)
    }
}
