// SPDX-License-Identifier: Apache-2.0

public import Groups
internal import Transcripts

/// The verifier's message: a scalar uniform in the whole field. Only a transcript makes one.
public struct Challenge<G: Group>: Sendable {
    /// The scalar.
    public let scalar: G.Scalar

    /// `DecodeField(Squeeze(Ns + 16), q, 1)` of draft-irtf-cfrg-fiat-shamir-03.
    init(squeezing sponge: inout DuplexSponge) {
        scalar = G.Scalar(reducingWide: sponge.squeeze(G.Scalar.wideByteCount).span)
    }
}
