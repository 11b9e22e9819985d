// SPDX-License-Identifier: Apache-2.0

// Bulk operations on public data, element by element unless a group has something faster.

extension Group {
    /// Decodes `count` concatenated canonical encodings and lists those that are refused; their places hold the identity.
    ///
    /// The work is linear however many are refused, and a bad encoding does not hide the others.
    ///
    /// - Precondition: `bytes.count` is a multiple of `pointByteCount`.
    public static func decodeEach(canonical bytes: Span<UInt8>) -> (points: [Point], refused: [Int]) {
        precondition(bytes.count % pointByteCount == 0, "whole encodings")
        if let points = try? decode(canonical: bytes) { return (points, []) }
        // In blocks, so that one bad encoding takes few others with it from the fast way.
        let (count, block) = (bytes.count / pointByteCount, 48)
        var points: [Point] = []
        points.reserveCapacity(count)
        var refused: [Int] = []
        for start in stride(from: 0, to: count, by: block) {
            let end = min(start + block, count)
            if let good = try? decode(canonical: bytes.extracting(start * pointByteCount..<end * pointByteCount)) {
                points += good
                continue
            }
            for index in start..<end {
                if let point = try? decode(canonical: bytes.extracting(index * pointByteCount..<(index + 1) * pointByteCount)) {
                    points += point
                } else {
                    points.append(identity)
                    refused.append(index)
                }
            }
        }
        return (points, refused)
    }
}

extension GroupScalar {
    /// Integers of 128 bits, for example weights.
    public static func scalars(_ values: [UInt128]) -> [Self] { values.map { Self($0) } }

    /// `a[i] * b[i]`.
    ///
    /// - Precondition: equal counts.
    public static func products(_ a: [Self], _ b: [Self]) -> [Self] {
        precondition(a.count == b.count, "equal counts")
        return a.indices.map { a[$0] * b[$0] }
    }

    /// Reduces `bytes.count / wideByteCount` wide little-endian integers.
    ///
    /// - Precondition: `bytes.count` is a multiple of `wideByteCount`.
    public static func scalars(reducingWide bytes: Span<UInt8>) -> [Self] {
        precondition(bytes.count % wideByteCount == 0, "whole integers")
        return (0..<bytes.count / wideByteCount).map {
            Self(reducingWide: bytes.extracting($0 * wideByteCount..<($0 + 1) * wideByteCount))
        }
    }

    /// Decodes concatenated canonical scalars and lists those that are refused; their places hold zero.
    ///
    /// - Precondition: `bytes.count` is a multiple of `byteCount`.
    public static func decodeEach(canonical bytes: Span<UInt8>) -> (scalars: [Self], refused: [Int]) {
        precondition(bytes.count % byteCount == 0, "whole encodings")
        var scalars: [Self] = []
        var refused: [Int] = []
        scalars.reserveCapacity(bytes.count / byteCount)
        for index in 0..<bytes.count / byteCount {
            if let scalar = try? Self(canonical: bytes.extracting(index * byteCount..<(index + 1) * byteCount)) {
                scalars.append(scalar)
            } else {
                scalars.append(.zero)
                refused.append(index)
            }
        }
        return (scalars, refused)
    }
}
