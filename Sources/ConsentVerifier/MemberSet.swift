// SPDX-License-Identifier: Apache-2.0
package import ConsentModel
private import FaultInjection
internal import Groups
package import MembershipProofs
internal import MerkleLog

/// The set that unlinkable point proofs are about, made by the verifier from the entries of a range (docs/protocol.md section 14.3). Prover and
/// verifier make it alike.
package struct MemberSet: Sendable {
    /// The positions of the members in the range, ascending.
    package let positions: [Int]
    /// Their `K`, in this order.
    package let set: MembershipSet<Suite>

    /// The set; `nil` when it would have no member.
    ///
    /// - Parameters:
    ///   - entries: the leaves of the range, at most ``MembershipShape/largestCount``.
    ///   - schemaID: 16 bytes: other entries are no members.
    ///   - withdrawn: the positions of entries that are no members either.
    package init?(_ entries: BytesColumn, schemaID: [UInt8], withdrawn: some Sequence<Int>) {
        var isMember = [Bool](repeating: true, count: entries.count)
        let (malformed, foreign) = Entry.faults(in: entries, schemaID: schemaID)
        if !Fault.isRemoved(.memberForm) { for position in malformed + foreign { isMember[position] = false } }
        for position in withdrawn { isMember[position] = false }
        // Copies of a leaf are one consent.
        let hashes = entries.withSpan { try? LeafHash.hashes(ofEntries: $0, entryByteCount: Bundle.entryByteCount) }
        if !Fault.isRemoved(.memberCopies) { for position in EntryLeaves(hashes ?? []).repeated { isMember[position] = false } }
        var positions = isMember.indices.filter { isMember[$0] }
        while true {
            let encodings = positions.flatMap { entries[$0][Entry.consentRange] }
            do throws(MembershipSetError) {
                set = try MembershipSet(canonical: encodings.span)
                break
            } catch {
                guard error != .count else { return nil }
            }
            // An issuer can log what is no commitment at all. It is no member.
            let (points, refused) = Suite.decodeEach(canonical: encodings.span)
            let refusedPlaces = Set(refused)
            let usable = positions.indices.filter { !refusedPlaces.contains($0) && !Suite.isIdentity(points[$0]) }
            guard usable.count < positions.count else { return nil }
            positions = usable.map { positions[$0] }
        }
        self.positions = positions
    }

    /// What the proofs about the set share.
    package func parameters(_ generators: GeneratorTable) -> MembershipParameters<Suite>? {
        try? MembershipParameters(
            set: set, blindingBase: generators.blinding, generators: StandardMembershipGenerators.ristretto255)
    }
}
