// SPDX-License-Identifier: Apache-2.0

public import Groups

/// The linear map that every row of a dataset is an image of, in two parts that share some of their scalars:
///
///     D = sum_k x_k * dataBases[k]
///     C = sum over links (slot, base) of x_slot * base  +  sum_j y_j * tailBases[j]
///
/// | here | DESIGN 4.3 |
/// |---|---|
/// | `dataBases` | `G_D`, `G_D'`, `H`: record, subject, blinding of a data point |
/// | `links` | which of those the consent must repeat, and its generator there (`G_rec`; with link by subject `G_subj`) |
/// | `tailBases` | hidden attributes, unconstrained flags and days, `H`, in the fixed order |
///
/// Invariant: each side has bases, at least one slot is linked, no base is the identity, and on the side of the consent all are distinct. Slots with one
/// base on the side of the data point (of several schemas, docs/protocol.md section 4.6) are linked to different ones on the other.
public struct FoldedRelation<G: Group>: Sendable {
    /// One scalar of the data point that the consent repeats.
    public struct Link: Sendable {
        /// The index in `dataBases`.
        public let slot: Int
        /// The generator of this value on the side of the consent.
        public let base: G.Point

        /// The scalar `slot` of the data point times `base`.
        public init(slot: Int, base: G.Point) {
            self.slot = slot
            self.base = base
        }
    }

    /// The generators of a data point.
    public let dataBases: [G.Point]
    /// The scalars that both sides share.
    public let links: [Link]
    /// The generators of the rest of a consent.
    public let tailBases: [G.Point]

    /// Checks the invariant. The encodings of all bases are computed; see ``init(uncheckedDataBases:links:tailBases:)``.
    public init(dataBases: [G.Point], links: [Link], tailBases: [G.Point]) throws(FoldedRelationError) {
        let consentBases = links.map(\.base) + tailBases
        for side in [dataBases, consentBases] {
            guard !side.contains(where: { G.isIdentity($0) }) else { throw .identityBase }
            guard Self.areDistinct(side) else { throw .duplicateBase }
        }
        try self.init(uncheckedDataBases: dataBases, links: links, tailBases: tailBases)
    }

    /// The same for bases that are already known to satisfy the invariant, because schemas have checked their generators.
    package init(uncheckedDataBases dataBases: [G.Point], links: [Link], tailBases: [G.Point]) throws(FoldedRelationError) {
        guard !dataBases.isEmpty, !links.isEmpty, !tailBases.isEmpty else { throw .empty }
        var seen = Set<Int>()
        for link in links {
            guard dataBases.indices.contains(link.slot) else { throw .slotOutOfRange }
            guard seen.insert(link.slot).inserted else { throw .duplicateSlot }
        }
        self.dataBases = dataBases
        self.links = links
        self.tailBases = tailBases
    }

    /// The bases of `C`: those of the links in order, then the tail.
    public var consentBases: [G.Point] { links.map(\.base) + tailBases }

    private static func areDistinct(_ points: [G.Point]) -> Bool {
        let encoded = G.encode(points)
        let width = G.pointByteCount
        var seen = Set<ArraySlice<UInt8>>(minimumCapacity: points.count)
        return points.indices.allSatisfy { seen.insert(encoded[$0 * width..<($0 + 1) * width]).inserted }
    }
}

/// Why a folded relation was refused.
public enum FoldedRelationError: Error, Equatable, Sendable {
    /// No data bases, no links or no tail.
    case empty
    /// A base is the identity: its scalar would be unconstrained.
    case identityBase
    /// Two bases of one side are equal: their scalars could be exchanged.
    case duplicateBase
    /// A link names a slot that does not exist.
    case slotOutOfRange
    /// Two links name one slot.
    case duplicateSlot
}
