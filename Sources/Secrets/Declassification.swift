// SPDX-License-Identifier: Apache-2.0
internal import CKernels

/// Why a value that was computed from secrets is public: the complete list. Code after such a place may branch on the value.
///
/// In every program but one the marks do nothing. `constant-time-probe` runs under valgrind, where a secret is memory without a defined value: a
/// branch or an address that depends on one is reported, unless the value was declassified. docs/security.md has this list as a table.
public enum Declassification: UInt32, CaseIterable, Sendable {
    /// The encodings of a prover's first message: they are part of the proof, or a verifier recomputes them.
    case announcement = 1
    /// Responses `nonce + challenge * witness`, which the nonce masks: part of the proof.
    case response = 2
    /// Encodings of commitments: they are published, and the blinding hides what they hold.
    case commitment = 3
    /// A public key: published.
    case publicKey = 4
    /// A signature: published.
    case signature = 5
    /// Ciphertext and tag: they are written to a disk that others may read.
    case ciphertext = 6
    /// Sub-challenges of a disjunction: part of the proof. They sum to the challenge and are otherwise uniform, whichever branch is true.
    case subchallenge = 8
    /// Whether two linked openings are equal: the prover's own diagnosis after a proof failed, which names the row to its owner.
    case openingCheck = 7
}

/// Says that bytes computed from secrets are public from here on, for a reason.
package func declassify(_ bytes: inout [UInt8], as reason: Declassification) {
    bytes.withUnsafeMutableBytes { buffer in
        if let base = buffer.baseAddress { zk_declassify(base, buffer.count, reason.rawValue) }
    }
}

/// Says that a number computed from secrets is public from here on, for a reason.
package func declassified(_ value: UInt64, as reason: Declassification) -> UInt64 {
    var value = value
    zk_declassify(&value, MemoryLayout<UInt64>.size, reason.rawValue)
    return value
}
