// SPDX-License-Identifier: Apache-2.0

public import Groups
internal import SigmaProofs
internal import Transcripts

/// What membership proofs about one set have in common. Made once and shared.
///
/// | docs/protocol.md, section 11 | here |
/// |---|---|
/// | `K_0 ... K_(M-1)` | ``set`` |
/// | `H` | ``blindingBase`` |
/// | `F`, `G_(j,i)` | ``bases`` |
///
/// They come from the verifier's statement, never from a proof.
public final class MembershipParameters<G: Group>: Sendable {
    /// The set.
    public let set: MembershipSet<G>
    /// `H`: what a member and the element may differ by a multiple of.
    public let blindingBase: G.Point
    /// `F`, then `G_(0,0) ... G_(m-1,3)`.
    public let bases: SharedBases<G>
    /// The encoding of `H`.
    let baseEncoding: [UInt8]
    /// `H` as a batch shares it.
    let sharedBase: SharedBases<G>

    /// Parameters of statements about a set.
    ///
    /// - Parameter blindingBase: `H`. Nobody may know a relation between it and the other bases of the members.
    /// - Throws: when `H` is the identity.
    public init(
        set: MembershipSet<G>, blindingBase: G.Point, generators: MembershipGenerators<G>
    ) throws(MembershipParametersError) {
        guard !G.isIdentity(blindingBase) else { throw .base }
        self.set = set
        self.blindingBase = blindingBase
        bases = generators.bases(digits: set.shape.digits)
        baseEncoding = G.encode([blindingBase])
        sharedBase = SharedBases([blindingBase])
    }

    /// The length of a proof: `4 + m` elements and `3 m + 3` scalars.
    public var proofByteCount: Int { self.set.shape.elements * G.pointByteCount + self.set.shape.responses * G.Scalar.byteCount }

    /// The set, `H` and the element of a statement, with one reading: for nonces.
    package func statementBytes(element: [UInt8]) -> [UInt8] { self.set.digest + baseEncoding + element }
}

/// Why there are no membership proofs of a form.
public enum MembershipParametersError: Error, Equatable, Sendable {
    /// The base of blindings is the identity.
    case base
}
