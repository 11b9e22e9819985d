// SPDX-License-Identifier: Apache-2.0

package import Groups
package import Secrets
package import SigmaProofs
internal import Transcripts

/// The seeded generator of draft-irtf-cfrg-sigma-protocols-03, "Seeded PRNG": scalars squeezed from a sponge that its tag names.
///
/// For test vectors only: whoever knows the tag knows the nonces, and with them the witness.
package struct SeededNonces<G: Group>: ~Copyable {
    private var sponge: DuplexSponge

    /// The nonces of the proof of a vector: `TestDRNG-SIGMA-PROOFS-<flavor>-<ciphersuite>-<relation>`.
    ///
    /// - Parameter flavor: `nil` for the stream that builds the instance and the witness.
    package init(relation: String, flavor: SigmaTag.Flavor?) {
        let marker = flavor.map { $0.rawValue + "-" } ?? ""
        sponge = DuplexSponge(SessionID(tag: "TestDRNG-SIGMA-PROOFS-\(marker)\(SigmaTag.ciphersuite(G.self))-\(relation)"))
    }

    /// The next `count` scalars of the stream, each `DecodeField(Squeeze(Ns + 16))`.
    package mutating func scalars(_ count: Int) -> SecretScalars<G> {
        SecretScalars(copying: publicScalars(count))
    }

    /// The next `count` scalars of the stream as public values.
    package mutating func publicScalars(_ count: Int) -> [G.Scalar] {
        var scalars: [G.Scalar] = []
        for _ in 0..<count {
            let bytes = sponge.squeeze(G.Scalar.wideByteCount)
            scalars.append(G.Scalar(reducingWide: bytes.span))
        }
        return scalars
    }
}
