// SPDX-License-Identifier: Apache-2.0
internal import Secrets

/// What is known of a committed dataset besides its rows. Only the holder has it.
public struct Dataset: Equatable, Sendable {
    /// The dataset's name, as in its manifest.
    public let name: String
    /// The number of rows, N.
    public let count: Int
    /// The manifest: the registry leaf, one line of canonical JSON.
    public let manifest: [UInt8]
    /// The name of the file that was committed.
    public let source: String
    /// The columns of the row key; empty when the row number is the key.
    public let keyColumns: [String]
    /// The column of the data subject, if one was declared.
    public let subjectColumn: String?

    /// A dataset with these properties.
    public init(name: String, count: Int, manifest: [UInt8], source: String, keyColumns: [String], subjectColumn: String?) {
        self.name = name
        self.count = count
        self.manifest = manifest
        self.source = source
        self.keyColumns = keyColumns
        self.subjectColumn = subjectColumn
    }
}

/// One decrypted row of a dataset.
public struct DatasetRow: ~Copyable {
    /// The position in the manifest and in bundles, from 0; the order of the source is permuted.
    public let position: Int
    /// The number of the row in the source, as the committing program counted it.
    public let sourceRow: Int
    /// The data-point commitment `D`, 32 bytes.
    public let commitment: [UInt8]
    private let secrets: SecretBytes

    /// The length of everything before the subject.
    static let fixedByteCount = 72

    init?(position: Int, commitment: [UInt8], secrets: consuming SecretBytes) {
        guard secrets.count >= Self.fixedByteCount else { return nil }
        let number = secrets.withSpan { bytes in
            var number: UInt64 = 0
            for i in 0..<8 { number |= UInt64(bytes[i]) << UInt64(8 * i) }
            return number
        }
        guard let sourceRow = Int(exactly: number) else { return nil }
        self.sourceRow = sourceRow
        self.position = position
        self.commitment = commitment
        self.secrets = secrets
    }

    /// Reads the 32-byte record digest.
    public borrowing func withRecord<R: ~Copyable, E: Error>(_ body: (Span<UInt8>) throws(E) -> R) throws(E) -> R {
        try secrets.withSpan { (bytes) throws(E) -> R in try body(bytes.extracting(8..<40)) }
    }

    /// Reads the blinding `s`, 32 bytes little-endian.
    public borrowing func withBlinding<R: ~Copyable, E: Error>(_ body: (Span<UInt8>) throws(E) -> R) throws(E) -> R {
        try secrets.withSpan { (bytes) throws(E) -> R in try body(bytes.extracting(40..<72)) }
    }

    /// Reads the canonical bytes of the subject's id; empty when the dataset declares no subject column.
    public borrowing func withSubject<R: ~Copyable, E: Error>(_ body: (Span<UInt8>) throws(E) -> R) throws(E) -> R {
        try secrets.withSpan { (bytes) throws(E) -> R in try body(bytes.extracting(72..<bytes.count)) }
    }
}
