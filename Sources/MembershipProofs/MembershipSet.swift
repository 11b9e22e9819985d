// SPDX-License-Identifier: Apache-2.0

public import Groups
internal import SigmaProofs
internal import Transcripts

/// The set `K_0 ... K_(M-1)` of membership statements: what the verifier itself put together, decoded once and shared by all its proofs.
///
/// Security: the order counts, and so does every member. Prover and verifier derive the list from what they agree upon; it never comes from a proof. A
/// member may occur twice. That members are commitments to what the policy demands is the verifier's business.
public final class MembershipSet<G: Group>: Sendable {
    /// The members as a batch shares them.
    public let members: SharedBases<G>
    /// 32 bytes that determine the group, the number of members, and every member at its place (docs/protocol.md, section 11.1).
    public let digest: [UInt8]
    /// The digits in which members are counted.
    public let shape: MembershipShape

    /// `M`.
    public var count: Int { members.points.count }

    /// A set of canonical encodings, `G.pointByteCount` bytes each.
    ///
    /// - Throws: ``MembershipSetError`` when there are none or too many, and for the first one that is refused.
    public init(canonical encodings: Span<UInt8>) throws(MembershipSetError) {
        let width = G.pointByteCount
        let count = encodings.count / width
        guard encodings.count == count * width, (1...MembershipShape.largestCount).contains(count) else { throw .count }
        let points: [G.Point]
        do throws(PointDecodingError) {
            points = try G.decode(canonical: encodings)
        } catch {
            throw .encoding(error.index)
        }
        // Encodings are unique, and comparing bytes takes no call for each element.
        let identity = G.encode([G.identity])
        for index in 0..<count where identity.indices.allSatisfy({ encodings[index * width + $0] == identity[$0] }) {
            throw .identity(index)
        }
        members = SharedBases(points)
        shape = MembershipShape(count: count)
        digest = Self.digest(encodings, count: count)
    }

    /// Members of a block of the digest.
    private static var blockCount: Int { 128 }

    private static func digest(_ encodings: Span<UInt8>, count: Int) -> [UInt8] {
        let blockBytes = blockCount * G.pointByteCount
        let whole = encodings.count / blockBytes * blockBytes
        var block = SHAKE128()
        block.absorb(lengthPrefixed(Array("zkconsent/v1/membership/block".utf8)))
        var xof = SHAKE128()
        xof.absorb(lengthPrefixed(Array("zkconsent/v1/membership/set".utf8)))
        xof.absorb(lengthPrefixed(Array(G.name.utf8)) + littleEndian(UInt32(count)))
        if whole > 0 { xof.absorb(block.hashEach(encodings.extracting(0..<whole), messageByteCount: blockBytes, byteCount: 32)) }
        if whole < encodings.count {
            let rest = encodings.extracting(whole..<encodings.count)
            xof.absorb(block.hashEach(rest, messageByteCount: rest.count, byteCount: 32))
        }
        var reader = xof.finished()
        return reader.read(32)
    }
}

/// Why there is no such set.
public enum MembershipSetError: Error, Equatable, Sendable {
    /// Not whole encodings, none, or more than ``MembershipShape/largestCount``.
    case count
    /// The encoding at this place is not canonical.
    case encoding(Int)
    /// The member at this place is the identity.
    case identity(Int)
}
