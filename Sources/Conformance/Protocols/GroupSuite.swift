// SPDX-License-Identifier: Apache-2.0
internal import Groups

/// A group with the hash function and the hash-to-field of its RFC 9497 and RFC 9591 ciphersuites.
struct GroupSuite<G: Group>: Sendable {
    /// The hash function.
    let hash: HashFunction
    /// The bytes that are reduced to one scalar, and whether their most significant byte is the first.
    let scalarBytes: Int
    let isBigEndian: Bool

    // MARK: Elements and scalars

    func element(_ bytes: [UInt8]) throws(CaseFailure) -> G.Point {
        guard bytes.count == G.pointByteCount else { throw CaseFailure("an element of \(bytes.count) bytes") }
        do throws(PointDecodingError) {
            return try G.decode(canonical: bytes.span)[0]
        } catch {
            throw CaseFailure("no element of \(G.name)")
        }
    }

    func scalar(_ bytes: [UInt8]) throws(CaseFailure) -> G.Scalar {
        do throws(ScalarDecodingError) {
            return try G.Scalar(canonical: bytes.span)
        } catch {
            throw CaseFailure("no scalar of \(G.name)")
        }
    }

    /// `scalar * point`.
    func multiply(_ scalar: G.Scalar, _ point: G.Point) -> G.Point {
        G.vartimeMultiScalarMul([scalar], [point])
    }

    /// The encoding of one element.
    func encode(_ point: G.Point) -> [UInt8] {
        G.encode([point])
    }

    // MARK: Hashing

    /// The integer of uniform bytes modulo the group order.
    func reduce(_ bytes: [UInt8]) -> G.Scalar {
        let little: [UInt8] = isBigEndian ? bytes.reversed() : bytes
        return G.Scalar(reducingWide: little.span)
    }

    /// HashToScalar of RFC 9497, section 4: hash_to_field modulo the group order.
    func hashToScalar(_ message: [UInt8], dst: [UInt8]) -> G.Scalar {
        reduce(hash.expand(message, dst: dst, count: scalarBytes))
    }

    /// HashToGroup of RFC 9497, section 4.
    func hashToGroup(_ message: [UInt8], dst: [UInt8]) -> G.Point {
        let uniform = hash.expand(message, dst: dst, count: G.uniformByteCount)
        return G.points(uniformBytes: uniform.span)[0]
    }
}

extension GroupSuite where G == P256 {
    /// P-256 with SHA-256.
    static var p256: GroupSuite<P256> { GroupSuite(hash: .sha256, scalarBytes: 48, isBigEndian: true) }
}

extension GroupSuite where G == Ristretto255 {
    /// ristretto255 with SHA-512.
    static var ristretto255: GroupSuite<Ristretto255> { GroupSuite(hash: .sha512, scalarBytes: 64, isBigEndian: false) }
}
