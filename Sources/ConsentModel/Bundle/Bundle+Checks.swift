// SPDX-License-Identifier: Apache-2.0

extension Bundle {
    /// Establishes the invariant; see ``Bundle``.
    ///
    /// - Throws: As the initialiser.
    func check() throws(ModelError) {
        try header.check()
        let (rows, consents) = (header.dataPoints, header.distinctConsents)
        try Self.check(sizes: [
            ("proof", proof.rowByteCount == 1),
            (DecodingAdvice.names[0], advice.map { $0.dataPoints.count == rows && $0.dataPoints.rowByteCount == 32 } ?? true),
            (DecodingAdvice.names[1], advice.map { $0.entries.count == consents && $0.entries.rowByteCount == 32 } ?? true),
        ])
        try checkColumns()
    }
}
