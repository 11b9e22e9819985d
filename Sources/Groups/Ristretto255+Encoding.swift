// SPDX-License-Identifier: Apache-2.0
internal import Cores

// Encoding, decoding and hashing to the group, RFC 9496, 4.3. Variable names are the RFC's.

extension Ristretto255 {
    /// 32 bytes of RFC 9496, 4.3.2.
    public static var pointByteCount: Int { 32 }
    /// 64 bytes, of which each half is mapped by itself.
    public static var uniformByteCount: Int { 64 }

    /// Fewest elements of a chunk that is worth another core: about 100 microseconds.
    private static let chunkMinimum = 40

    /// Decodes by RFC 9496, 4.3.1, on all cores; the lowest refused index is reported. Variable time: encodings are public.
    public static func decode(canonical bytes: Span<UInt8>) throws(PointDecodingError) -> [Point] {
        let count = bytes.count / 32
        guard bytes.count == 32 * count else { throw PointDecodingError(index: count, reason: .length) }
        // The element of a refused encoding is never seen: the lowest refused index is thrown.
        var refused = count
        let points: [Point] = bytes.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return [] }
            if VectorKernel.handles(count) {
                let result = VectorKernel.decode(base, advice: nil, count: count)
                refused = result.refused ?? count
                return result.points
            }
            let flags = UnsafeMutablePointer<Bool>.allocate(capacity: count)
            defer { flags.deallocate() }
            let points: [Point] = Parallel.array(count, minimum: chunkMinimum) { points, range in
                for i in range {
                    let decoded = EdwardsPoint(vartimeDecoding: base + 32 * i)
                    flags[i] = decoded != nil
                    (points + i).initialize(to: Point(decoded ?? .identity))
                }
            }
            for i in 0..<count where !flags[i] {
                refused = i
                break
            }
            return points
        }
        guard refused == count else { throw PointDecodingError(index: refused, reason: .notCanonical) }
        return points
    }

    /// Encodes by RFC 9496, 4.3.2, on all cores. Constant time in the points.
    public static func encode(_ points: [Point]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32 * points.count) { buffer, initialized in
            if let base = buffer.baseAddress, VectorKernel.handles(points.count) {
                points.withUnsafeBufferPointer { points in
                    if let first = points.baseAddress { VectorKernel.encode(first, count: points.count, into: base) }
                }
            } else if let base = buffer.baseAddress {
                Parallel.chunks(points.count, minimum: chunkMinimum) { range in
                    for i in range { points[i].edwards.encode(to: base + 32 * i) }
                }
            }
            initialized = 32 * points.count
        }
    }

    /// The one-way map of RFC 9496, 4.3.4.
    ///
    /// - Precondition: a multiple of 64 bytes; a remainder is ignored.
    public static func points(uniformBytes bytes: Span<UInt8>) -> [Point] {
        let count = bytes.count / 64
        return bytes.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return [] }
            if VectorKernel.handles(count) { return VectorKernel.map(base, count: count) }
            return Parallel.array(count, minimum: chunkMinimum) { points, range in
                for i in range {
                    let first = EdwardsPoint(mapping: base + 64 * i)
                    let second = EdwardsPoint(mapping: base + 64 * i + 32)
                    (points + i).initialize(to: Point(first + second))
                }
            }
        }
    }
}

extension EdwardsPoint {
    /// Decodes 32 bytes (4.3.1); `nil` unless they are the canonical encoding of an element. `Z = 1`. Variable time in the validity.
    init?(vartimeDecoding bytes: UnsafePointer<UInt8>) {
        let s = Field25519(loading: bytes)
        guard s.vartimeIsReduced, s.l0 & 1 == 0 else { return nil }
        let ss = s.squared()
        let u1 = Field25519.one - ss
        let u2 = Field25519.one + ss
        let u2Squared = u2.squared()
        let v = (Field25519.zero - Field25519.d * u1.squared()) - u2Squared
        let (wasSquare, inverse) = Field25519.sqrtRatioM1(.one, v * u2Squared)
        let denX = inverse * u2
        let denY = inverse * denX * v
        x = (Field25519.addTight(s, s) * denX).absolute()
        y = u1 * denY
        z = .one
        t = x * y
        guard wasSquare != 0, t.isNegativeMask == 0, y.isZeroMask == 0 else { return nil }
    }

    /// Writes the canonical encoding of the element (4.3.2), 32 bytes. Constant time.
    func encode(to bytes: UnsafeMutablePointer<UInt8>) {
        let u1 = (z + y) * (z - y)
        let u2 = x * y
        let (_, inverse) = Field25519.sqrtRatioM1(.one, u1 * u2.squared())
        let den1 = inverse * u1
        let den2 = inverse * u2
        let inverseZ = den1 * den2 * t
        let rotate = (t * inverseZ).isNegativeMask
        let rotatedX = Field25519.select(x, y * Field25519.sqrtM1, rotate)
        let rotatedY = Field25519.select(y, x * Field25519.sqrtM1, rotate)
        let inverseDen = Field25519.select(den2, den1 * Field25519.invSqrtAMinusD, rotate)
        let signedY = rotatedY.negated(if: (rotatedX * inverseZ).isNegativeMask)
        (inverseDen * (z - signedY)).absolute().store(to: bytes)
    }

    /// MAP of 4.3.4 (Elligator 2) of 32 bytes, whose top bit is ignored. Constant time.
    init(mapping bytes: UnsafePointer<UInt8>) {
        var input = Field25519(loading: bytes)
        input.l3 &= 0x7fff_ffff_ffff_ffff
        let r = Field25519.sqrtM1 * input.squared()
        let u = (r + .one) * Field25519.oneMinusDSquared
        let v = (Field25519.zero - .one - r * Field25519.d) * (r + Field25519.d)
        let (wasSquare, root) = Field25519.sqrtRatioM1(u, v)
        let other = (root * input).absolute().negated()
        let s = Field25519.select(other, root, wasSquare)
        let c = Field25519.select(r, Field25519.zero - .one, wasSquare)
        let n = c * (r - .one) * Field25519.dMinusOneSquared - v
        let ss = s.squared()
        let w0 = (s + s) * v
        let w1 = n * Field25519.sqrtADMinusOne
        let w2 = Field25519.one - ss
        let w3 = Field25519.one + ss
        self.init(x: w0 * w3, y: w2 * w1, z: w1 * w3, t: w0 * w2)
    }
}
