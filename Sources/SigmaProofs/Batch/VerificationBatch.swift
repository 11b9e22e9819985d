// SPDX-License-Identifier: Apache-2.0

private import CKernels
private import FaultInjection
public import Groups
private import Transcripts

/// Statements with their proofs, of which only equations are left to check: everything is parsed, every challenge is derived.
public protocol BatchMember<G>: Sendable {
    /// The group.
    associatedtype G: Group
    /// The number of statements, each proved or not by itself.
    var statementCount: Int { get }
    /// The number of equations of each statement.
    var equationCount: Int { get }
    /// The statements that are refused before any equation. ``VerificationBatch`` counts them among the failures.
    var malformed: [Int] { get }
    /// Binds every statement and every byte of every proof, responses included.
    var digest: [UInt8] { get }
    /// Adds the equations of `statements`, each times its weight; those of malformed statements must be `0 == 0`.
    ///
    /// - Parameter weights: below 2^128, statement by statement: `statements.count * equationCount`.
    func add(_ statements: Range<Int>, weights: [G.Scalar], to sum: inout WeightedEquations<G>)
}

/// Verifies any mixture of proofs with one random linear combination, and finds those that fail (DESIGN 4.4).
///
/// Every equation of every statement has its own 128-bit weight, expanded from a digest of the complete batch together with fresh randomness of the
/// verifier's. A batch with a false equation passes with probability at most 2^-128. Where the system has no randomness to give, the weights come from
/// the digest alone: the bound is then for each attempt of a prover that can compute the weights and try again, not for the verification. After a failure the batch is halved again and
/// again: one bad statement among `n` costs about `2 log2(n)` further sums, of `2n` statements together, and no parsing or hashing.
///
/// A batch is closed: weights exist only once all members are there. For streams of unknown length, fill one batch after the other.
public struct VerificationBatch<G: Group>: Sendable {
    /// Where a statement is.
    public struct Place: Hashable, Sendable, Comparable {
        /// The number of the member, in the order of ``append(_:)``.
        public let member: Int
        /// The number of the statement in its member.
        public let statement: Int

        /// The statement `statement` of member `member`.
        public init(member: Int, statement: Int) {
            self.member = member
            self.statement = statement
        }

        /// By member, then by statement.
        public static func < (a: Place, b: Place) -> Bool { (a.member, a.statement) < (b.member, b.statement) }
    }

    private var members: [any BatchMember<G>] = []
    /// The number of statements before each member, and after the last.
    private var firstStatements = [0]

    /// The empty batch, which holds.
    public init() {}

    /// The number of statements.
    public var statementCount: Int { firstStatements[members.count] }

    /// Adds statements.
    public mutating func append(_ member: any BatchMember<G>) {
        firstStatements.append(statementCount + member.statementCount)
        members.append(member)
    }

    /// The statements that are malformed or whose equations do not hold, ascending; none if the batch holds.
    ///
    /// Timing: variable; everything is public.
    ///
    /// - Parameter limit: at least 1: the search ends when so many statements are found whose equations do not hold, and others are left out.
    public func failures(limit: Int = .max) -> [Place] {
        failures(randomness: Fault.isRemoved(.verificationRandomness) ? [] : systemRandomness(), limit: limit)
    }

    /// The same with the verifier's randomness given: for tests.
    package func failures(randomness: [UInt8], limit: Int = .max) -> [Place] {
        precondition(limit > 0, "a search that may find nothing would accept everything")
        guard statementCount > 0 else { return [] }
        let weights = Weights(members, randomness: randomness)
        var failures: [Place] = []
        if !holds(0..<statementCount, weights) { bisect(0..<statementCount, weights, limit, &failures) }
        let malformed = members.enumerated().flatMap { number, member in
            member.malformed.map { Place(member: number, statement: $0) }
        }
        return malformed.isEmpty || Fault.isRemoved(.verificationMalformed) ? failures : Set(malformed + failures).sorted()
    }

    /// Finds the failures in `statements`, which do not hold together.
    private func bisect(_ statements: Range<Int>, _ weights: Weights, _ limit: Int, _ failures: inout [Place]) {
        guard statements.count > 1 else {
            failures.append(place(statements.lowerBound))
            return
        }
        let middle = statements.lowerBound + statements.count / 2
        let (left, right) = (statements.lowerBound..<middle, middle..<statements.upperBound)
        let leftHolds = holds(left, weights)
        if !leftHolds { bisect(left, weights, limit, &failures) }
        guard failures.count < limit else { return }
        // If the left half holds, the failure is in the right one.
        if leftHolds || !holds(right, weights) { bisect(right, weights, limit, &failures) }
    }

    private func place(_ statement: Int) -> Place {
        let member = firstStatements.partition { $0 > statement } - 1
        return Place(member: member, statement: statement - firstStatements[member])
    }

    /// Whether the weighted sum of the equations of these statements is the identity.
    private func holds(_ statements: Range<Int>, _ weights: Weights) -> Bool {
        var sum = WeightedEquations<G>()
        for (number, member) in members.enumerated() {
            let own = firstStatements[number]..<firstStatements[number + 1]
            let wanted = own.clamped(to: statements)
            guard !wanted.isEmpty else { continue }
            let range = wanted.lowerBound - own.lowerBound..<wanted.upperBound - own.lowerBound
            member.add(range, weights: weights.scalars(of: number, range), to: &sum)
        }
        return G.isIdentity(sum.sum)
    }

    /// The weights of a closed batch.
    private struct Weights {
        private let expansion: RandomWeights
        private let equationCounts: [Int]
        /// The number of equations before each member.
        private let firstEquations: [Int]

        init(_ members: [any BatchMember<G>], randomness: [UInt8]) {
            var xof = SHAKE128()
            xof.absorb(lengthPrefixed(Array("zkconsent/v1/batch".utf8)))
            for member in members {
                xof.absorb(littleEndian(UInt64(member.statementCount)) + littleEndian(UInt64(member.equationCount)))
                if !Fault.isRemoved(.verificationDigests) { xof.absorb(lengthPrefixed(member.digest)) }
            }
            xof.absorb(lengthPrefixed(randomness))
            var reader = xof.finished()
            expansion = RandomWeights(label: "zkconsent/v1/batch/weights", seed: reader.read(32))
            equationCounts = members.map(\.equationCount)
            var (first, total) = ([Int](), 0)
            for member in members {
                first.append(total)
                total += member.statementCount * member.equationCount
            }
            firstEquations = first
        }

        func scalars(of member: Int, _ statements: Range<Int>) -> [G.Scalar] {
            let (first, count) = (firstEquations[member], equationCounts[member])
            guard !Fault.isRemoved(.verificationWeightForEach) else {
                return [G.Scalar](repeating: G.Scalar.scalars(expansion.weights(0..<1))[0], count: statements.count * count)
            }
            return G.Scalar.scalars(
                expansion.weights(first + statements.lowerBound * count..<first + statements.upperBound * count))
        }
    }
}

/// 32 bytes from the system. Without them the digest of the batch alone gives the weights, which is sound too.
private func systemRandomness() -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 32)
    return zk_system_random(&bytes, 32) == 0 ? bytes : []
}

extension Array where Element == Int {
    /// The first index whose element satisfies `isBeyond`, in an array where all such elements come last.
    fileprivate func partition(_ isBeyond: (Int) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isBeyond(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
