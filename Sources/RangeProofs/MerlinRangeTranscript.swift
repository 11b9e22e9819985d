// SPDX-License-Identifier: Apache-2.0

public import Groups
internal import Transcripts

/// The transcript of dalek's `bulletproofs`, in its labels and order. For dalek's proofs with ``RangeParameters/dalek(bits:count:)``; it binds neither
/// bases nor a surrounding statement, so we make no proofs of our own with it.
///
/// A commitment may be the identity, as it may there.
public struct MerlinRangeTranscript: RangeTranscript, ~Copyable, Sendable {
    public typealias G = Ristretto255
    /// The label of the application.
    public typealias Opening = [UInt8]

    private var merlin: MerlinTranscript
    private let width: Int

    public static var acceptsIdentityCommitments: Bool { true }
    public static func bytes(of opening: [UInt8]) -> [UInt8] { opening }

    public init(_ opening: [UInt8], _ parameters: RangeParameters<Ristretto255>, commitments: Span<UInt8>) {
        merlin = MerlinTranscript(label: opening)
        width = parameters.width
        merlin.append(message: Array("rangeproof v1".utf8), label: "dom-sep")
        merlin.append(UInt64(parameters.bits), label: "n")
        merlin.append(UInt64(parameters.count), label: "m")
        for start in stride(from: 0, to: commitments.count, by: 32) {
            merlin.append(message: commitments.extracting(start..<start + 32), label: "V")
        }
    }

    public mutating func vectorChallenges(_ announcement: Span<UInt8>) -> (y: Ristretto255.Scalar, z: Ristretto255.Scalar) {
        merlin.append(message: announcement.extracting(0..<32), label: "A")
        merlin.append(message: announcement.extracting(32..<64), label: "S")
        let y = scalar("y")
        return (y, scalar("z"))
    }

    public mutating func polynomialChallenge(_ announcement: Span<UInt8>) -> Ristretto255.Scalar {
        merlin.append(message: announcement.extracting(0..<32), label: "T_1")
        merlin.append(message: announcement.extracting(32..<64), label: "T_2")
        return scalar("x")
    }

    public mutating func productChallenge(_ responses: Span<UInt8>) -> Ristretto255.Scalar {
        merlin.append(message: responses.extracting(0..<32), label: "t_x")
        merlin.append(message: responses.extracting(32..<64), label: "t_x_blinding")
        merlin.append(message: responses.extracting(64..<96), label: "e_blinding")
        let w = scalar("w")
        merlin.append(message: Array("ipp v1".utf8), label: "dom-sep")
        merlin.append(UInt64(width), label: "n")
        return w
    }

    public mutating func roundChallenge(_ announcement: Span<UInt8>) -> Ristretto255.Scalar {
        merlin.append(message: announcement.extracting(0..<32), label: "L")
        merlin.append(message: announcement.extracting(32..<64), label: "R")
        return scalar("u")
    }

    private mutating func scalar(_ label: StaticString) -> Ristretto255.Scalar {
        let wide = merlin.challengeBytes(label: label, count: 64)
        return Ristretto255.Scalar(reducingWide: wide.span)
    }
}
