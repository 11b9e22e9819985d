// SPDX-License-Identifier: Apache-2.0
internal import Arithmetic
internal import Cores

// Encoding, decoding and hashing of many points, spread over the cores.

/// Fewest points of a chunk that is worth another core.
private let chunkMinimum = 8

extension WeierstrassGroup {
    public static var pointByteCount: Int { curve.pointByteCount }
    /// Two field elements of `hash_to_field`, RFC 9380, 5.2.
    public static var uniformByteCount: Int { 2 * curve.fieldElementByteCount }

    public static func decode(canonical bytes: Span<UInt8>) throws(PointDecodingError) -> [Point] {
        let count = bytes.count / pointByteCount
        guard bytes.count == pointByteCount * count else { throw PointDecodingError(index: count, reason: .length) }
        let (points, refused) = decodeEach(canonical: bytes)
        if let first = refused.first { throw PointDecodingError(index: first, reason: .notCanonical) }
        return points
    }

    public static func decodeEach(canonical bytes: Span<UInt8>) -> (points: [Point], refused: [Int]) {
        let (curve, size) = (Self.curve, pointByteCount)
        let count = bytes.count / size
        precondition(bytes.count == size * count, "whole encodings")
        let flags = UnsafeMutablePointer<Bool>.allocate(capacity: count)
        defer { flags.deallocate() }
        flags.initialize(repeating: false, count: count)
        let points: [Point] = bytes.withUnsafeBufferPointer { bytes in
            array(count) { out in
                Parallel.chunks(count, minimum: chunkMinimum) { range in
                    curve.withWorkspace { w in
                        for i in range {
                            let point = out + i * curve.pointLimbCount
                            let encoding = UnsafeBufferPointer(rebasing: bytes[i * size..<(i + 1) * size])
                            curve.setIdentity(point)
                            flags[i] = curve.vartimeDecode(encoding.span, point, w)
                            // What a refused encoding left is no point.
                            if !flags[i] { curve.setIdentity(point) }
                        }
                    }
                }
            }
        }
        return (points, (0..<count).filter { !flags[$0] })
    }

    public static func encode(_ points: [Point]) -> [UInt8] {
        let (curve, size) = (Self.curve, pointByteCount)
        return withLimbs(of: points) { limbs in
            Parallel.array(points.count * size, minimum: .max) { bytes, _ in
                Parallel.chunks(points.count, minimum: 4 * chunkMinimum) { range in
                    let encoded = curve.encode(limbs + range.lowerBound * curve.pointLimbCount, count: range.count)
                    for i in encoded.indices { (bytes + range.lowerBound * size + i).initialize(to: encoded[i]) }
                }
            }
        }
    }

    public static func points(uniformBytes bytes: Span<UInt8>) -> [Point] { hash(bytes, elements: 2) }

    /// The points of `encode_to_curve`, RFC 9380, 3: not uniformly distributed. Half of ``uniformByteCount`` bytes give one point.
    public static func nonuniformPoints(uniformBytes bytes: Span<UInt8>) -> [Point] { hash(bytes, elements: 1) }

    /// One point for every `count` field elements.
    private static func hash(_ bytes: Span<UInt8>, elements: Int) -> [Point] {
        let curve = Self.curve
        let size = elements * curve.fieldElementByteCount
        let count = bytes.count / size
        return bytes.withUnsafeBufferPointer { bytes in
            array(count) { out in
                Parallel.chunks(count, minimum: chunkMinimum) { range in
                    curve.withWorkspace { w in
                        for i in range {
                            let part = UnsafeBufferPointer(rebasing: bytes[i * size..<(i + 1) * size])
                            curve.hash(part.span, elements: elements, out + i * curve.pointLimbCount, w)
                        }
                    }
                }
            }
        }
    }

    // MARK: Affine coordinates

    /// The point with affine coordinates `x` and `y`, each big-endian in the whole bytes of the field.
    ///
    /// - Throws: ``PointDecodingError`` unless both are below `p` and the point is an element of the group.
    public static func point(affineX x: Span<UInt8>, y: Span<UInt8>) throws(PointDecodingError) -> Point {
        var found = false
        let point = withSpans(x, y) { x, y in
            Point { curve, out, w in
                curve.setIdentity(out)
                found = curve.vartimeDecodeAffine(x: x.span, y: y.span, out, w)
            }
        }
        guard found else { throw PointDecodingError(index: 0, reason: .notCanonical) }
        return point
    }

    /// The affine coordinates, each big-endian in the whole bytes of the field; `nil` for the identity.
    public static func affineCoordinates(_ point: Point) -> (x: [UInt8], y: [UInt8])? {
        point.withLimbs { limbs in
            guard let (x, y, isIdentity) = curve.affine(limbs, count: 1).first, isIdentity == 0 else { return nil }
            return (x.bytes, y.bytes)
        }
    }

    /// The point of an uncompressed encoding of SEC 1, 2.3.4: 04, `x`, `y`, big-endian. Not used by any proof: for keys of other protocols.
    public static func decode(uncompressed bytes: Span<UInt8>) throws(PointDecodingError) -> Point {
        let size = curve.field.modulus.byteCount
        guard bytes.count == 1 + 2 * size else { throw PointDecodingError(index: 0, reason: .length) }
        guard bytes[0] == 4 else { throw PointDecodingError(index: 0, reason: .notCanonical) }
        return try point(affineX: bytes.extracting(1..<1 + size), y: bytes.extracting((1 + size)...))
    }

    /// Calls `body` with the memory of two spans.
    private static func withSpans<R>(
        _ a: Span<UInt8>, _ b: Span<UInt8>, _ body: (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) -> R
    ) -> R {
        a.withUnsafeBufferPointer { a in b.withUnsafeBufferPointer { b in body(a, b) } }
    }
}
