// SPDX-License-Identifier: Apache-2.0
internal import Cores

// Decoding advice (DESIGN 4.5): the inverse square root of RFC 9496, 4.3.1, given instead of computed. It is checked, never trusted.

extension Ristretto255 {
    /// Decodes like `decode(canonical:)` with the help of advice from ``decodingAdvice(for:)``. Wrong advice changes the time, never the result.
    ///
    /// - Parameter advice: 32 bytes for each encoding; of another length it is ignored, as it is by the portable kernel.
    /// - Throws: what `decode(canonical:)` throws.
    public static func decode(canonical bytes: Span<UInt8>, advice: Span<UInt8>) throws(PointDecodingError) -> [Point] {
        let count = bytes.count / 32
        guard bytes.count == 32 * count, advice.count == bytes.count, VectorKernel.handles(count) else {
            return try decode(canonical: bytes)
        }
        let (points, refused) = bytes.withUnsafeBufferPointer { bytes in
            advice.withUnsafeBufferPointer { advice -> ([Point], Int?) in
                guard let base = bytes.baseAddress, let advice = advice.baseAddress else { return ([], nil) }
                return VectorKernel.decode(base, advice: advice, count: count)
            }
        }
        if let refused { throw PointDecodingError(index: refused, reason: .notCanonical) }
        return points
    }

    /// For each encoding the non-negative inverse square root that decoding it computes, 32 bytes; zeros for what is no encoding.
    public static func decodingAdvice(for bytes: Span<UInt8>) -> [UInt8] {
        let count = bytes.count / 32
        let isVector = VectorKernel.handles(count)
        return [UInt8](unsafeUninitializedCapacity: 32 * count) { buffer, initialized in
            bytes.withUnsafeBufferPointer { bytes in
                guard let base = bytes.baseAddress, let out = buffer.baseAddress else { return }
                if isVector {
                    VectorKernel.roots(base, count: count, into: out)
                } else {
                    Parallel.chunks(count, minimum: 40) { range in
                        for i in range { EdwardsPoint.vartimeDecodingAdvice(base + 32 * i, into: out + 32 * i) }
                    }
                }
            }
            initialized = 32 * count
        }
    }
}

extension EdwardsPoint {
    /// Writes the advice for 32 bytes; zeros if they are no encoding. Variable time in the validity.
    fileprivate static func vartimeDecodingAdvice(_ bytes: UnsafePointer<UInt8>, into out: UnsafeMutablePointer<UInt8>) {
        guard EdwardsPoint(vartimeDecoding: bytes) != nil else {
            out.update(repeating: 0, count: 32)
            return
        }
        let ss = Field25519(loading: bytes).squared()
        let u2Squared = (Field25519.one + ss).squared()
        let v = (Field25519.zero - Field25519.d * (Field25519.one - ss).squared()) - u2Squared
        Field25519.sqrtRatioM1(.one, v * u2Squared).root.store(to: out)
    }
}
