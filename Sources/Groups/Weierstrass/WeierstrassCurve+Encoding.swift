// SPDX-License-Identifier: Apache-2.0
internal import Arithmetic

// Encodings of points. Decoding is strict: one element, one encoding. Timing: decoding takes variable time in the validity of its public input.

extension WeierstrassCurve {
    /// Flags in the first byte of ``PointFormat/flagged``.
    private enum Flag {
        static let compressed: UInt8 = 0x80
        static let infinity: UInt8 = 0x40
        static let larger: UInt8 = 0x20
        static let all: UInt8 = 0xe0
    }

    /// The length of an encoding in bytes.
    var pointByteCount: Int { (format == .sec1 ? 1 : 0) + field.modulus.byteCount }

    /// Decodes one point into `out`; `false` unless the bytes are the canonical encoding of an element of the group.
    func vartimeDecode(_ bytes: Span<UInt8>, _ out: MutableLimbs, _ w: Workspace) -> Bool {
        guard bytes.count == pointByteCount else { return false }
        switch format {
        case .sec1:
            guard bytes[0] == 2 || bytes[0] == 3, let x = FieldElement(canonical: bytes.extracting(1...), in: field) else { return false }
            return setPoint(x, out, w) { $0.parity == UInt64(bytes[0] & 1) }
        case .flagged:
            let flags = bytes[0] & Flag.all
            var rest = (0..<bytes.count).map { bytes[$0] }
            rest[0] &= ~Flag.all
            guard flags & Flag.compressed != 0 else { return false }
            if flags & Flag.infinity != 0 {
                guard flags & Flag.larger == 0, rest.allSatisfy({ $0 == 0 }) else { return false }
                setIdentity(out)
                return true
            }
            guard let x = FieldElement(canonical: rest.span, in: field) else { return false }
            return setPoint(x, out, w) { $0.isLarger == (flags & Flag.larger != 0 ? 1 : 0) }
        }
    }

    /// Writes the point with this `x` and the root that `isRight` accepts; `false` if there is none or it is not in the subgroup.
    private func setPoint(_ x: FieldElement, _ out: MutableLimbs, _ w: Workspace, _ isRight: (FieldElement) -> Bool) -> Bool {
        let square = rightHandSide(x)
        let root = square * square.inverseRootCandidate()
        guard FieldElement.equalMask(root * root, square) != 0 else { return false }
        // The order is odd, so that y is not 0 and exactly one of the two roots is right.
        let y = isRight(root) ? root : -root
        x.store(to: out)
        y.store(to: out + n)
        (out + 2 * n).update(from: field.one, count: n)
        return isInSubgroup(out, w)
    }

    /// Decodes `x` and `y`, each big-endian; `false` unless both are below `p` and the point is an element of the group.
    func vartimeDecodeAffine(x: Span<UInt8>, y: Span<UInt8>, _ out: MutableLimbs, _ w: Workspace) -> Bool {
        guard let x = FieldElement(canonical: x, in: field), let y = FieldElement(canonical: y, in: field),
            FieldElement.equalMask(y * y, rightHandSide(x)) != 0
        else { return false }
        x.store(to: out)
        y.store(to: out + n)
        (out + 2 * n).update(from: field.one, count: n)
        return isInSubgroup(out, w)
    }

    /// `x^3 + a x + b`.
    private func rightHandSide(_ x: FieldElement) -> FieldElement {
        let cube = x * x * x + b
        return a == .zero ? cube : cube - x - x - x
    }

    /// The affine coordinates of `count` points, one inversion for all, and all ones for the identity, which has none. Constant time.
    func affine(_ points: Limbs, count: Int) -> [(x: FieldElement, y: FieldElement, isIdentity: UInt64)] {
        let one = FieldElement(oneOf: field)
        var products: [FieldElement] = []
        var depths: [FieldElement] = []
        products.reserveCapacity(count)
        depths.reserveCapacity(count)
        var product = one
        for i in 0..<count {
            let z = FieldElement(loading: points + i * pointLimbCount + 2 * n, in: field)
            depths.append(FieldElement.select(z.isZeroMask, one, z))
            products.append(product)
            product = product * depths[i]
        }
        var inverse = product.inverted()
        var result = [(x: FieldElement, y: FieldElement, isIdentity: UInt64)](repeating: (one, one, 0), count: count)
        for i in (0..<count).reversed() {
            let p = points + i * pointLimbCount
            let inverseZ = inverse * products[i]
            inverse = inverse * depths[i]
            result[i] = (
                FieldElement(loading: p, in: field) * inverseZ, FieldElement(loading: p + n, in: field) * inverseZ, identityMask(p)
            )
        }
        return result
    }

    /// The encodings of `count` points, one after the other. The identity of ``PointFormat/sec1`` is written as zeros, which no decoder accepts.
    /// Constant time in the coordinates: what is published of a sum of secrets is its encoding only.
    func encode(_ points: Limbs, count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count * pointByteCount)
        for (x, y, isIdentity) in affine(points, count: count) {
            let mask = ~UInt8(truncatingIfNeeded: isIdentity)
            switch format {
            case .sec1:
                bytes.append(UInt8(truncatingIfNeeded: 2 + y.parity) & mask)
                bytes += x.bytes.map { $0 & mask }
            case .flagged:
                var encoded = x.bytes.map { $0 & mask }
                let larger = Flag.larger & (0 &- UInt8(truncatingIfNeeded: y.isLarger)) & mask
                encoded[0] |= Flag.compressed | larger | (Flag.infinity & ~mask)
                bytes += encoded
            }
        }
        return bytes
    }

    // MARK: Hashing to the curve, RFC 9380

    /// Bytes of one `hash_to_field` element.
    var fieldElementByteCount: Int { map.elementByteCount }

    /// `clear_cofactor(sum of map_to_curve(u))` over `count` field elements from uniform bytes: 2 for `hash_to_curve`, 1 for `encode_to_curve`.
    func hash(_ uniform: Span<UInt8>, elements count: Int, _ out: MutableLimbs, _ w: Workspace) {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 2 * pointLimbCount) { buffer in
            guard let sum = buffer.baseAddress else { return }
            let image = sum + pointLimbCount
            setIdentity(sum)
            for i in 0..<count {
                let part = uniform.extracting(i * fieldElementByteCount..<(i + 1) * fieldElementByteCount)
                let mapped = map.point(FieldElement(reducing: part, in: field))
                mapped.x.store(to: image)
                mapped.y.store(to: image + n)
                mapped.z.store(to: image + 2 * n)
                add(sum, sum, image, w)
            }
            multiply(out, sum, by: map.cofactor, w)
        }
    }
}
