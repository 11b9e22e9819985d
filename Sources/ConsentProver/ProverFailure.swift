// SPDX-License-Identifier: Apache-2.0

/// Why no bundle was made: a statement that does not hold is refused row by row before anything is proved.
public enum ProverFailure: Error, Sendable, Equatable {
    /// Rows that no usable consent covers, or whose openings do not fit: at least one.
    case rows([RowRefusal])
    /// Openings satisfy their commitments, and yet the proof does not verify: a defect of this program. Names the failed check.
    case selfCheck(String)
    /// The announcement could not be drawn; happens with negligible probability.
    case randomness
}

/// One row that cannot be proved.
public struct RowRefusal: Sendable, Equatable {
    /// What is missing, stable across releases.
    public enum Code: String, Sendable {
        /// No consent at hand is for this record (or subject).
        case noConsent = "no-consent"
        /// The consent for it does not satisfy the policy.
        case policy
        /// The consent for it has been withdrawn.
        case revoked
        /// The consent's entry is not in a log that the bundle can draw on.
        case notInLedger = "not-in-ledger"
        /// The row differs from what was committed.
        case altered
        /// The data-point commitment does not open to the row.
        case dataPoint = "data-point"
        /// The consent's entry does not open to the receipt.
        case receipt
    }

    /// What is missing.
    public let code: Code
    /// The row's position in the bundle, from 0.
    public let row: Int
    /// The row's number in the source file, from 1.
    public let sourceRow: Int
    /// One sentence.
    public let message: String

    /// A refusal of one row.
    public init(_ code: Code, row: Int, sourceRow: Int, _ message: String) {
        self.code = code
        self.row = row
        self.sourceRow = sourceRow
        self.message = message
    }
}
