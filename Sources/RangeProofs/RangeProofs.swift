// SPDX-License-Identifier: Apache-2.0

internal import FaultInjection
public import Groups
public import SigmaProofs
internal import Transcripts

/// Range proofs of one shape, parsed from columns of bytes: a member of the one batch that everything is verified in.
///
/// Both equations of each proof have a weight of their own, drawn after every byte of every proof is known.
/// All scalar work is done on columns, one scalar of every proof at a time.
public struct RangeProofs<T: RangeTranscript & ~Copyable>: BatchMember {
    /// The group of the transcript.
    public typealias G = T.G

    /// The number of proofs.
    public let statementCount: Int
    /// The equation of the polynomial and that of the inner product.
    public var equationCount: Int { 2 }
    /// Binds every statement and every byte of every proof.
    public let digest: [UInt8]
    /// The statements that are refused before any equation: bad encodings, the identity, a challenge that is zero. Ascending.
    public let malformed: [Int]

    private let equations: RangeEquations<G>

    /// Parses columns and derives the challenges.
    ///
    /// - Parameters:
    ///   - openings: What the transcripts begin with, as the verifier itself derives it.
    ///   - commitments: `openings.count * parameters.statementByteCount` bytes.
    ///   - proofs: `openings.count * parameters.proofByteCount` bytes.
    /// - Throws: when the columns are not of as many statements as there are openings.
    public init(
        _ parameters: RangeParameters<G>, openings: [T.Opening], commitments: Span<UInt8>, proofs: Span<UInt8>
    ) throws(ProofRejected) {
        guard commitments.count == openings.count * parameters.statementByteCount else { throw ProofRejected(.shape) }
        try self.init(parameters, openings: openings, commitments: RangeCommitments(decoding: commitments, parameters), proofs: proofs)
    }

    /// The same for commitments that are decoded already.
    public init(
        _ parameters: RangeParameters<G>, openings: [T.Opening], commitments: RangeCommitments<G>, proofs: Span<UInt8>
    ) throws(ProofRejected) {
        guard commitments.count == openings.count, proofs.count == openings.count * parameters.proofByteCount
        else { throw ProofRejected(.shape) }
        statementCount = openings.count
        equations = RangeEquations(
            parameters, commitments: commitments, proofs: proofs,
            challenges: T.challengeColumns(openings, parameters, commitments: commitments.bytes.span, proofs: proofs),
            acceptsIdentityCommitments: T.acceptsIdentityCommitments)
        malformed = equations.malformed
        digest = Self.digest(parameters, openings, commitments.bytes.span, proofs)
    }

    /// Binds statements and proofs.
    private static func digest(
        _ parameters: RangeParameters<G>, _ openings: [T.Opening], _ commitments: Span<UInt8>, _ proofs: Span<UInt8>
    ) -> [UInt8] {
        var xof = SHAKE128()
        xof.absorb(lengthPrefixed(Array("zkconsent/v1/batch/range".utf8)))
        xof.absorb(littleEndian(UInt32(parameters.bits)) + littleEndian(UInt32(parameters.count)) + parameters.baseEncodings)
        xof.absorb(openings.flatMap { lengthPrefixed(T.bytes(of: $0)) })
        let leaf = SHAKE128()
        xof.absorb(leaf.hashEach(commitments, messageByteCount: parameters.statementByteCount, byteCount: 32))
        if !Fault.isRemoved(.rangeBatchDigest) {
            xof.absorb(leaf.hashEach(proofs, messageByteCount: parameters.proofByteCount, byteCount: 32))
        }
        var reader = xof.finished()
        return reader.read(32)
    }

    /// The two equations of docs/protocol.md, section 10.4, moved to one side.
    public func add(_ statements: Range<Int>, weights: [G.Scalar], to sum: inout WeightedEquations<G>) {
        equations.add(statements, weights: weights, to: &sum)
    }
}
