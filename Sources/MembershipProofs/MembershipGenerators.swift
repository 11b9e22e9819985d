// SPDX-License-Identifier: Apache-2.0

public import Groups
internal import SigmaProofs

/// The generators of membership proofs: `G_(j,i) = gen("membership", "digit", LE32(j), LE32(i))`, `F = gen("membership", "blinding")`
/// (docs/protocol.md, sections 1.1 and 11). They depend on nothing of a statement; sizes share them.
///
/// Make one object and share it: statements of sets of equal size then share their bases in a batch.
public final class MembershipGenerators<G: Group>: Sendable {
    /// For each number of digits `m`, from 1: `F`, then `G_(0,0) ... G_(0,3) G_(1,0) ... G_(m-1,3)`.
    private let lists: [SharedBases<G>]

    /// The generators of the group.
    public init() {
        var labels = [[Array("membership".utf8), Array("blinding".utf8)]]
        for digit in 0..<MembershipShape.largestDigits {
            for value in 0..<MembershipShape.base {
                let place = [LabelledGenerators.number(digit), LabelledGenerators.number(value)]
                labels.append([Array("membership".utf8), Array("digit".utf8)] + place)
            }
        }
        let points = LabelledGenerators.derive(G.self, labels)
        lists = (1...MembershipShape.largestDigits).map { SharedBases(Array(points[..<(1 + MembershipShape.base * $0)])) }
    }

    /// `F`, then `G_(j,i)` for `digits` digits, 1 to ``MembershipShape/largestDigits``.
    public func bases(digits: Int) -> SharedBases<G> { lists[digits - 1] }
}

/// Generators shared by everything in the process.
public enum StandardMembershipGenerators {
    /// Those of ristretto255.
    public static let ristretto255 = MembershipGenerators<Ristretto255>()
}
