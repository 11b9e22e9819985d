// SPDX-License-Identifier: Apache-2.0

public import Groups

/// A proof that the folded rows have a common opening: `t_D || t_C || z_data || z_tail`.
///
/// Layout: `2 * pointByteCount` bytes of announcements, then one canonical scalar for each data base, then one for each tail base.
/// Nothing else: the length follows from the relation.
public struct FoldedProof<G: Group>: Sendable, Equatable {
    /// The first message.
    public let announcement: FoldedAnnouncement<G>
    /// `u + c x*` for the scalars of the data points, in the order of the relation's `dataBases`.
    public let dataResponses: [G.Scalar]
    /// `u + c y*` for the rest of the consents, in the order of the relation's `tailBases`.
    public let tailResponses: [G.Scalar]

    /// A proof of its parts. For provers and tests.
    package init(announcement: FoldedAnnouncement<G>, dataResponses: [G.Scalar], tailResponses: [G.Scalar]) {
        self.announcement = announcement
        self.dataResponses = dataResponses
        self.tailResponses = tailResponses
    }

    /// The length in bytes of every proof for `relation`.
    public static func byteCount(for relation: FoldedRelation<G>) -> Int {
        2 * G.pointByteCount + (relation.dataBases.count + relation.tailBases.count) * G.Scalar.byteCount
    }

    /// Parses a proof for `relation`; refuses another length, encodings that are not canonical and identity announcements.
    public init(parsing bytes: Span<UInt8>, for relation: FoldedRelation<G>) throws(FoldedProofError) {
        guard bytes.count == Self.byteCount(for: relation) else { throw ProofRejected(.shape) }
        let split = 2 * G.pointByteCount
        let points = try decodeAnnouncements(G.self, bytes.extracting(0..<split))
        announcement = FoldedAnnouncement(data: points[0], consent: points[1])
        let scalars = try decodeScalars(G.self, bytes.extracting(split..<bytes.count))
        dataResponses = Array(scalars[..<relation.dataBases.count])
        tailResponses = Array(scalars[relation.dataBases.count...])
    }

    /// The encoding, ``byteCount(for:)`` bytes.
    public var bytes: [UInt8] {
        var bytes = announcement.bytes
        for response in dataResponses { bytes += response.bytes }
        for response in tailResponses { bytes += response.bytes }
        return bytes
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
    guard !points.contains(where: { G.isIdentity($0) }) else { throw ProofRejected(.identityAnnouncement) }
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
