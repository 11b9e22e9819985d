// SPDX-License-Identifier: Apache-2.0
public import ConsentModel
public import ConsentVerifier
internal import Primitives

/// What became of one bundle.
public struct BundleResult: Sendable {
    /// How a verification ended.
    public enum Outcome: Sendable {
        /// Every check ran.
        case judged(Verdict)
        /// The file is no bundle that can be judged.
        case unreadable(ModelError)
    }

    /// The file as the auditor named it; `-` is standard input.
    public let file: String
    /// The length of the file in bytes; `nil` if it could not be read.
    public let byteCount: Int?
    /// SHA-256 of the file: 32 bytes; `nil` if it could not be read, or if nothing shows it.
    public let digest: [UInt8]?
    /// The length of the header with its length field in bytes.
    public let headerByteCount: Int?
    /// How it ended.
    public let outcome: Outcome

    /// The result for the bundle in `bytes`.
    ///
    /// - Parameter hashing: Whether the report will show the digest of the file: hashing takes a tenth as long as the verification.
    public init(file: String, bytes: [UInt8], hashing: Bool = true, _ outcome: Outcome) {
        self.file = file
        self.outcome = outcome
        byteCount = bytes.count
        digest = hashing ? SHA256.hash(bytes) : nil
        let length = bytes.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        headerByteCount = bytes.count < 8 || length > UInt64(bytes.count) ? nil : 8 + Int(length)
    }

    /// The result `result` with its verdict completed.
    public init(_ result: BundleResult, _ verdict: Verdict) {
        (file, byteCount, digest, headerByteCount) = (result.file, result.byteCount, result.digest, result.headerByteCount)
        outcome = .judged(verdict)
    }

    /// The result for a file that could not be read.
    public init(file: String, unreadable error: ModelError) {
        self.file = file
        outcome = .unreadable(error)
        (byteCount, digest, headerByteCount) = (nil, nil, nil)
    }

    /// The verdict, if there is one.
    public var verdict: Verdict? {
        if case .judged(let verdict) = outcome { return verdict }
        return nil
    }

    /// Whether the bundle was judged and holds.
    public var holds: Bool { verdict?.holds ?? false }
}
