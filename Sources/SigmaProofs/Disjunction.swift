// SPDX-License-Identifier: Apache-2.0

private import FaultInjection
public import Groups
internal import Transcripts

/// The statement that at least one of several linear relations has a witness (docs/protocol.md, section 9).
///
/// A conjunction inside of a branch is a ``LinearRelation`` with more equations. One branch is allowed and says what the branch says. The order
/// of the branches is part of the statement.
///
/// Invariant: `1 ... maximumBranchCount` branches, each of which fits an `LP` item.
public struct Disjunction<G: Group>: Sendable {
    /// The largest number of branches: 65,536.
    public static var maximumBranchCount: Int { 1 << 16 }

    /// The alternatives.
    public let branches: [LinearRelation<G>]
    /// ``serialized``, which is made once.
    private let encoding: [UInt8]

    /// The disjunction of `branches`, in this order. No branches would be a statement without a proof, and are refused.
    public init(_ branches: [LinearRelation<G>]) throws(DisjunctionError) {
        guard Fault.isRemoved(.orNoBranches) || !branches.isEmpty else { throw .noBranches }
        guard branches.count <= Self.maximumBranchCount else { throw .tooManyBranches }
        var encoding = littleEndian(UInt32(0)) + littleEndian(UInt32(branches.count))
        for branch in branches {
            let bytes = branch.serialized
            guard bytes.count <= Int(UInt32.max) else { throw .branchTooLong }
            encoding += lengthPrefixed(bytes)
        }
        self.branches = branches
        self.encoding = encoding
    }

    /// The number of equations of all branches: of elements in an announcement.
    public var equationCount: Int { branches.reduce(0) { $0 + $1.equations.count } }

    /// The number of secret scalars of all branches: of responses.
    public var scalarCount: Int { branches.reduce(0) { $0 + $1.scalarCount } }

    /// The number of secret scalars of the branch that has most: of scalars in a witness, whichever branch it is for.
    public var largestScalarCount: Int { branches.reduce(0) { max($0, $1.scalarCount) } }

    // MARK: Encoding

    /// `LE32(0) LE32(n)`, then `LP(serialisation)` of each branch in order: unambiguous and prefix-free.
    ///
    /// A linear relation has at least one equation, and its serialisation starts with their number: the leading zero is no linear relation's.
    public var serialized: [UInt8] { encoding }

    /// Parses ``serialized`` and validates every branch.
    public init(parsing bytes: [UInt8], limits: LinearRelation<G>.ParsingLimits = .standard) throws(DisjunctionError) {
        guard bytes.count <= limits.byteCount else { throw .length }
        var reader = ByteReader(bytes)
        var parts: [[UInt8]] = []
        do throws(CodecError) {
            guard try reader.readUInt32() == 0 else { throw .notReduced }
            let count = Int(try reader.readUInt32())
            guard count <= Self.maximumBranchCount else { throw .notReduced }
            for _ in 0..<count { parts.append(try reader.read(Int(try reader.readUInt32()))) }
        } catch {
            throw .length
        }
        guard reader.remaining == 0 else { throw .length }
        var branches: [LinearRelation<G>] = []
        for (index, part) in parts.enumerated() {
            do throws(LinearRelationError) {
                branches.append(try LinearRelation(parsing: part, limits: limits))
            } catch {
                throw .branch(index, error)
            }
        }
        try self.init(branches)
    }

    // MARK: Verification

    /// Announcement and responses of each branch, in order.
    ///
    /// - Precondition: `announcement.count == equationCount`, `responses.count == scalarCount`.
    func split(
        _ announcement: [G.Point], _ responses: [G.Scalar]
    ) -> [(announcement: ArraySlice<G.Point>, responses: ArraySlice<G.Scalar>)] {
        var (point, scalar) = (0, 0)
        return branches.map { branch in
            defer { (point, scalar) = (point + branch.equations.count, scalar + branch.scalarCount) }
            return (announcement[point..<point + branch.equations.count], responses[scalar..<scalar + branch.scalarCount])
        }
    }

    /// The announcement of every branch that its sub-challenge and responses determine.
    func simulatedAnnouncement(subchallenges: [G.Scalar], responses: [G.Scalar]) -> [G.Point] {
        var scalar = 0
        return branches.indices.flatMap { index in
            let end = scalar + branches[index].scalarCount
            defer { scalar = end }
            return branches[index].simulatedAnnouncement(challenge: subchallenges[index], responses: responses[scalar..<end])
        }
    }

    /// The heart of the composition: the sub-challenges sum to the verifier's challenge, exactly modulo `q`, so that a prover who chose all of them
    /// beforehand has chosen the challenge.
    static func checkSum(_ subchallenges: [G.Scalar], _ challenge: G.Scalar) throws(ProofRejected) {
        let sum = subchallenges.reduce(G.Scalar.zero) { $0 + $1 }
        guard Fault.isRemoved(.orSum) || sum == challenge else { throw ProofRejected(.challengeSum) }
    }
}

/// Why a disjunction, or its serialisation, was refused.
public enum DisjunctionError: Error, Equatable, Sendable {
    /// No branch.
    case noBranches
    /// More branches than `maximumBranchCount`.
    case tooManyBranches
    /// A branch's serialisation has 2^32 bytes or more.
    case branchTooLong
    /// Serialisation: it does not start like one, or has fewer or more bytes than it says, or more than the limits allow.
    case length
    /// Serialisation: branch `n` is no linear relation.
    case branch(Int, LinearRelationError)
}
