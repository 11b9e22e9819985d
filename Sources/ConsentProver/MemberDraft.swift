// SPDX-License-Identifier: Apache-2.0
public import ConsentModel
internal import Groups
internal import Secrets

/// Everything public of a bundle of unlinkable point proofs before its proofs. `K'` are fresh in each.
public struct MemberDraft: Sendable {
    /// The header.
    public var header: MemberHeader
    /// The entries of the range, 118 bytes each.
    public var entries: [UInt8]
    /// `D_i`, 32 bytes each.
    public var dataPoints: [UInt8]
    /// `K'_i`, 32 bytes each.
    public var elements: [UInt8]
    /// The batch inclusion proof of the range.
    public var inclusion: [UInt8]
    /// The ledger's revocations log.
    public var revocations: [UInt8]
    /// The values of the revealed attributes, in schema order, for each row.
    public var revealed: [RevealedColumn]
    /// For each row, its number in the source file, for refusals.
    public var sourceRows: [Int]

    /// The bundle with these proofs.
    ///
    /// - Throws: structural errors, see ``MemberBundle``.
    func bundle(sigma: BytesColumn, ranges: PointBundle.Ranges?, membership: BytesColumn) throws(ModelError) -> MemberBundle {
        try MemberBundle(
            header: header, entries: PointDraft.column(entries, Bundle.entryByteCount), dataPoints: PointDraft.column(dataPoints, 32),
            elements: PointDraft.column(elements, 32), inclusion: PointDraft.column(inclusion, 32),
            revocations: PointDraft.column(revocations, Bundle.revocationByteCount), revealed: revealed, sigma: sigma, ranges: ranges,
            membership: membership)
    }
}

/// What opens a ``MemberDraft``, used up by proving: a second proof about one `K'` would be linked to the first.
///
/// | protocol.md section 14 | here |
/// |---|---|
/// | `rec subj s`, the values in `K'`, its blinding `k'` | ``rows`` |
/// | `delta = k - k'` | ``differences`` |
/// | leaf index of `K_l` | ``leafIndices`` |
public struct MemberWitness: ~Copyable {
    /// The openings of `D` and `K'`: the receipt of a row is the one with its number.
    var rows: DatasetWitness
    /// For each row `delta`.
    var differences: SecretScalars<Suite>
    /// For each row the leaf index of its consent.
    var leafIndices: SecretLimbs

    /// Says that all of it is secret from here on: see `Declassification`.
    package borrowing func classify() {
        rows.classify()
        differences.classify()
        leafIndices.classify()
    }
}
