// SPDX-License-Identifier: Apache-2.0

internal import FaultInjection
public import Groups
public import SigmaProofs

/// A membership proof as bytes: `A B C D Q_0 ... Q_(m-1) f_(0,1) f_(0,2) f_(0,3) f_(1,1) ... f_(m-1,3) z_A z_C z`. For the largest sets over
/// ristretto255 it has 1,248 bytes.
///
/// Elements and scalars are in the group's canonical encodings, without separators. The length follows from the set.
public struct MembershipProof<G: Group>: Sendable, Equatable {
    /// The bytes.
    public let bytes: [UInt8]

    /// A proof of exactly the length that the set demands; what is in it is looked at when it is verified.
    public init(parsing bytes: Span<UInt8>, for parameters: MembershipParameters<G>) throws(ProofRejected) {
        let count = parameters.proofByteCount
        guard bytes.count == count || (Fault.isRemoved(.membershipLength) && bytes.count > count) else { throw ProofRejected(.shape) }
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
    ///   - element: `K'`, encoded.
    ///   - transcript: The form of the transcript.
    ///   - opening: What it begins with, as the verifier itself derives it.
    public func verify<T: MembershipTranscript>(
        _ parameters: MembershipParameters<G>, element: [UInt8], transcript: T.Type, opening: T.Opening
    ) throws(ProofRejected) where T.G == G {
        let proofs = try MembershipProofs<T>(parameters, openings: [opening], elements: element.span, proofs: bytes.span)
        guard proofs.malformed.isEmpty else { throw ProofRejected(.shape) }
        var batch = VerificationBatch<G>()
        batch.append(proofs)
        guard batch.failures().isEmpty else { throw ProofRejected(.equation) }
    }

    /// Verifies this proof alone, in our own form.
    public func verify(_ parameters: MembershipParameters<G>, element: [UInt8], context: MembershipContext) throws(ProofRejected) {
        try verify(parameters, element: element, transcript: SpongeMembershipTranscript<G>.self, opening: context)
    }
}
