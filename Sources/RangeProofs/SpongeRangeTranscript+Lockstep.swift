// SPDX-License-Identifier: Apache-2.0

internal import Groups
internal import Transcripts

// The challenges of many proofs at a time. A squeeze of the duplex sponge is SHAKE128 of everything absorbed so far, so each challenge of all proofs is
// one call that hashes eight messages at once; hashing the beginning again costs less than going on one by one.

extension SpongeRangeTranscript {
    /// From this number of proofs on it is faster.
    private static var lockstepMinimum: Int { 8 }

    public static func challenges(
        _ openings: [RangeContext], _ parameters: RangeParameters<G>, commitments: Span<UInt8>, proofs: Span<UInt8>
    ) -> [RangeChallenges<G>] {
        guard let all = lockstep(openings, parameters, commitments: commitments, proofs: proofs)
        else { return challengesOneByOne(openings, parameters, commitments: commitments, proofs: proofs) }
        return openings.indices.map { index in
            RangeChallenges(y: all.y[index], z: all.z[index], x: all.x[index], w: all.w[index], u: all.u.map { $0[index] })
        }
    }

    public static func challengeColumns(
        _ openings: [RangeContext], _ parameters: RangeParameters<G>, commitments: Span<UInt8>, proofs: Span<UInt8>
    ) -> RangeChallengeColumns<G> {
        lockstep(openings, parameters, commitments: commitments, proofs: proofs)
            ?? columns(challengesOneByOne(openings, parameters, commitments: commitments, proofs: proofs), parameters)
    }

    /// `nil` for proofs of several sessions, and for few.
    @specialized(where G == Ristretto255)
    private static func lockstep(
        _ openings: [RangeContext], _ parameters: RangeParameters<G>, commitments: Span<UInt8>, proofs: Span<UInt8>
    ) -> RangeChallengeColumns<G>? {
        // Messages of one session and one length.
        guard let first = openings.first, openings.count >= lockstepMinimum,
            openings.allSatisfy({ $0.session == first.session && $0.statement.count == first.statement.count })
        else { return nil }
        let layout = RangeProofLayout(parameters)
        let proofWidth = parameters.proofByteCount
        var input = SHAKE128()
        input.absorb(DuplexSponge.header(first.session))
        let isCommon = openings.allSatisfy { $0.statement == first.statement }
        let prefixes = isCommon ? [] : openings.map { prefix($0, parameters) }
        if isCommon { input.absorb(prefix(first, parameters)) }
        let prefixCount = prefixes.first?.count ?? 0

        /// SHAKE128 of the statement and the proof up to byte `end`, for each proof.
        func squeezed(_ end: Int, _ scalars: Int) -> [G.Scalar] {
            let width = prefixCount + parameters.statementByteCount + end
            let messages = [UInt8](unsafeUninitializedCapacity: openings.count * width) { buffer, initialized in
                let out = UnsafeMutableRawBufferPointer(buffer)
                commitments.withUnsafeBytes { commitments in
                    proofs.withUnsafeBytes { proofs in
                        for index in openings.indices {
                            let message = UnsafeMutableRawBufferPointer(rebasing: out[index * width..<(index + 1) * width])
                            if !isCommon { message.copyBytes(from: prefixes[index]) }
                            let size = parameters.statementByteCount
                            UnsafeMutableRawBufferPointer(rebasing: message[prefixCount...])
                                .copyMemory(from: UnsafeRawBufferPointer(rebasing: commitments[index * size..<(index + 1) * size]))
                            UnsafeMutableRawBufferPointer(rebasing: message[(prefixCount + size)...])
                                .copyMemory(from: UnsafeRawBufferPointer(rebasing: proofs[index * proofWidth..<index * proofWidth + end]))
                        }
                    }
                }
                initialized = openings.count * width
            }
            let wide = input.hashEach(messages.span, messageByteCount: width, byteCount: scalars * G.Scalar.wideByteCount)
            return G.Scalar.scalars(reducingWide: wide.span)
        }
        let yz = squeezed(layout.vectors.upperBound, 2)
        let x = squeezed(layout.polynomial.upperBound, 1)
        let w = squeezed(layout.responses.upperBound, 1)
        let u = (0..<parameters.rounds).map { squeezed(layout.round($0).upperBound, 1) }
        return RangeChallengeColumns(
            y: openings.indices.map { yz[2 * $0] }, z: openings.indices.map { yz[2 * $0 + 1] }, x: x, w: w, u: u)
    }
}
