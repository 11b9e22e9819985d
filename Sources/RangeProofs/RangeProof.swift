// SPDX-License-Identifier: Apache-2.0

internal import FaultInjection
public import Groups
public import SigmaProofs

/// A range proof as bytes: `A S T_1 T_2 t_x tau_x mu L_0 R_0 ... L_(k-1) R_(k-1) a b` with `k = log2(n m)`. For one value of 64 bits over ristretto255 it has
/// 672 bytes, for 64 of them 1,056.
///
/// Elements and scalars are in the group's canonical encodings, without separators. The length follows from the statement.
public struct RangeProof<G: Group>: Sendable, Equatable {
    /// The bytes.
    public let bytes: [UInt8]

    /// A proof of exactly the length that the parameters demand; what is in it is looked at when it is verified.
    public init(parsing bytes: Span<UInt8>, for parameters: RangeParameters<G>) throws(ProofRejected) {
        let count = parameters.proofByteCount
        guard bytes.count == count || (Fault.isRemoved(.rangeLength) && bytes.count > count) else { throw ProofRejected(.shape) }
        self.bytes = (0..<count).map { bytes[$0] }
    }

    /// Bytes of a proof that was just made.
    package init(unchecked bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Verifies this proof alone.
    ///
    /// Timing: variable; everything is public.
    ///
    /// - Parameters:
    ///   - commitments: `V_0 ... V_(m-1)`, encoded.
    ///   - transcript: The form of the transcript.
    ///   - opening: What it begins with, as the verifier itself derives it.
    public func verify<T: RangeTranscript & ~Copyable>(
        _ parameters: RangeParameters<G>, commitments: [UInt8], transcript: T.Type, opening: T.Opening
    ) throws(ProofRejected) where T.G == G {
        let proofs = try RangeProofs<T>(parameters, openings: [opening], commitments: commitments.span, proofs: bytes.span)
        guard proofs.malformed.isEmpty else { throw ProofRejected(.shape) }
        var batch = VerificationBatch<G>()
        batch.append(proofs)
        guard batch.failures().isEmpty else { throw ProofRejected(.equation) }
    }

    /// Verifies this proof alone, in our own form.
    public func verify(_ parameters: RangeParameters<G>, commitments: [UInt8], context: RangeContext) throws(ProofRejected) {
        try verify(parameters, commitments: commitments, transcript: SpongeRangeTranscript<G>.self, opening: context)
    }
}
