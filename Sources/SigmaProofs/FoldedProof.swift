// SPDX-License-Identifier: Apache-2.0

private import FaultInjection
public import Groups

/// A proof that the folded rows have a common opening: `t_D || t_C || z_data || tail`.
///
/// Layout: `2 * pointByteCount` bytes of announcements, one canonical scalar for each data base, then the ``CompressedTail`` for the tail bases.
/// Nothing else: the length follows from the relation, and grows with the logarithm of the number of its bases.
public struct FoldedProof<G: Group>: Sendable, Equatable {
    /// The first message.
    public let announcement: FoldedAnnouncement<G>
    /// `u + c x*` for the scalars of the data points, in the order of the relation's `dataBases`.
    public let dataResponses: [G.Scalar]
    /// That the prover knows `u + c y*` for the rest of the consents, in the order of the relation's `tailBases`.
    public let tail: CompressedTail<G>

    /// A proof of its parts. For provers and tests.
    package init(announcement: FoldedAnnouncement<G>, dataResponses: [G.Scalar], tail: CompressedTail<G>) {
        self.announcement = announcement
        self.dataResponses = dataResponses
        self.tail = tail
    }

    /// The length in bytes of every proof for `relation`.
    public static func byteCount(for relation: FoldedRelation<G>) -> Int {
        2 * G.pointByteCount + relation.dataBases.count * G.Scalar.byteCount + CompressedTail<G>.byteCount(relation.tailBases.count)
    }

    /// Parses a proof for `relation`; refuses another length, encodings that are not canonical and identities.
    public init(parsing bytes: Span<UInt8>, for relation: FoldedRelation<G>) throws(FoldedProofError) {
        let count = Self.byteCount(for: relation)
        guard bytes.count == count || (Fault.isRemoved(.proofLength) && bytes.count > count) else { throw ProofRejected(.shape) }
        let responses = 2 * G.pointByteCount
        let tail = responses + relation.dataBases.count * G.Scalar.byteCount
        let points = try decodeAnnouncements(G.self, bytes.extracting(0..<responses))
        announcement = FoldedAnnouncement(data: points[0], consent: points[1])
        dataResponses = try decodeScalars(G.self, bytes.extracting(responses..<tail))
        self.tail = try CompressedTail(parsing: bytes.extracting(tail..<count), count: relation.tailBases.count)
    }

    /// The encoding, ``byteCount(for:)`` bytes.
    public var bytes: [UInt8] {
        announcement.bytes + dataResponses.flatMap { $0.bytes } + tail.bytes
    }
}

/// Decodes announcements: canonical encodings of elements other than the identity, `bytes.count / pointByteCount` of them.
func decodeAnnouncements<G: Group>(_ group: G.Type, _ bytes: Span<UInt8>) throws(ProofRejected) -> [G.Point] {
    let points: [G.Point]
    do throws(PointDecodingError) {
        points = try G.decode(canonical: bytes)
    } catch {
        throw ProofRejected(.announcementEncoding)
    }
    guard Fault.isRemoved(.proofIdentity) || !points.contains(where: { G.isIdentity($0) }) else {
        throw ProofRejected(.identityAnnouncement)
    }
    return points
}

/// Decodes canonical scalars, `bytes.count / byteCount` of them.
func decodeScalars<G: Group>(_ group: G.Type, _ bytes: Span<UInt8>) throws(ProofRejected) -> [G.Scalar] {
    let width = G.Scalar.byteCount
    guard bytes.count % width == 0 else { throw ProofRejected(.shape) }
    var scalars: [G.Scalar] = []
    scalars.reserveCapacity(bytes.count / width)
    for start in stride(from: 0, to: bytes.count, by: width) {
        do throws(ScalarDecodingError) {
            scalars.append(try G.Scalar(canonical: bytes.extracting(start..<start + width)))
        } catch {
            throw ProofRejected(.scalarEncoding)
        }
    }
    return scalars
}
