// SPDX-License-Identifier: Apache-2.0
internal import CKernels

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

/// Points, for groups without a better form of selection.
public struct PlainSelectionTable<G: Group>: Sendable {
    /// The points.
    let points: [G.Point]
}

extension Group where SelectionTable == PlainSelectionTable<Self> {
    /// The points as they are; what a group without a faster form uses.
    public static func selectionTable(_ points: [Point]) -> PlainSelectionTable<Self> { PlainSelectionTable(points: points) }

    /// Bits as scalars of a constant-time sum.
    public static func subsetSums(rows: Int, bits: Span<UInt64>, wordsPerRow: Int, of table: PlainSelectionTable<Self>) -> [Point] {
        let count = table.points.count
        precondition(bits.count == rows * wordsPerRow && count <= 64 * wordsPerRow, "a bit for each point")
        let size = count * scalarLimbCount
        let limbs = UnsafeMutableBufferPointer<UInt64>.allocate(capacity: size)
        limbs.initialize(repeating: 0)
        defer {
            zk_wipe(limbs.baseAddress, size * MemoryLayout<UInt64>.stride)
            limbs.deallocate()
        }
        return (0..<rows).map { row in
            for flag in 0..<count { limbs[flag * scalarLimbCount] = bits[row * wordsPerRow + flag / 64] >> UInt64(flag % 64) & 1 }
            return multiScalarMul(limbs.span, table.points)
        }
    }
}

extension Group {
    /// `out[i] = a[i] * b[i]`, one after the other.
    public static func multiply(_ a: Span<UInt64>, _ b: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        precondition(a.count == b.count && a.count == out.count && a.count % scalarLimbCount == 0, "equal counts")
        let n = scalarLimbCount
        out.withUnsafeMutableBufferPointer { buffer in
            for start in stride(from: 0, to: buffer.count, by: n) {
                var product = UnsafeMutableBufferPointer(rebasing: buffer[start..<start + n]).mutableSpan
                innerProduct(a.extracting(start..<start + n), b.extracting(start..<start + n), into: &product)
            }
        }
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

    /// The inverses; `nil` if one of the scalars is zero. One inversion, and three products for each scalar (Montgomery's trick).
    public static func vartimeInverses(_ a: [Self]) -> [Self]? {
        var prefixes: [Self] = []
        prefixes.reserveCapacity(a.count)
        var product = Self.one
        for x in a {
            prefixes.append(product)
            product = product * x
        }
        guard var inverse = product.vartimeInverted() else { return nil }
        for index in a.indices.reversed() {
            prefixes[index] = prefixes[index] * inverse
            inverse = inverse * a[index]
        }
        return prefixes
    }

    /// `sums[i] += scales[p] * product of ratios[p * k + t]` over the bits `t` of `i`, for every `p`.
    ///
    /// - Precondition: `sums.count == 2^k`, `ratios.count == k * scales.count`.
    public static func addTensors(_ scales: [Self], ratios: [Self], into sums: inout [Self]) {
        let k = sums.count.trailingZeroBitCount
        precondition(sums.count == 1 << k && ratios.count == k * scales.count, "a ratio for each bit")
        var products = [Self](repeating: .zero, count: sums.count)
        for (p, scale) in scales.enumerated() {
            products[0] = scale
            for t in 0..<k {
                for i in 0..<1 << t { products[1 << t + i] = products[i] * ratios[p * k + t] }
            }
            for i in sums.indices { sums[i] = sums[i] + products[i] }
        }
    }

    /// `sums[r * columnCount + c] += sum_p rows[p][r] * columns[p][c]`.
    ///
    /// - Precondition: whole rows; `sums.count` is at most the product of their lengths.
    public static func addOuterProducts(_ rows: [Self], _ columns: [Self], terms: Int, into sums: inout [Self]) {
        guard terms > 0 else { return }
        let (height, width) = (rows.count / terms, columns.count / terms)
        precondition(rows.count == terms * height && columns.count == terms * width && sums.count <= height * width, "whole rows")
        for place in sums.indices {
            for p in 0..<terms { sums[place] = sums[place] + rows[p * height + place / width] * columns[p * width + place % width] }
        }
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

    /// Records with a scalar that is not canonical; see the requirement.
    ///
    /// - Precondition: whole records that hold `count` scalars from `offset` on.
    public static func refusedRecords(_ records: Span<UInt8>, recordByteCount: Int, offset: Int, count: Int) -> [Int] {
        precondition(recordByteCount > 0 && records.count % recordByteCount == 0, "whole records")
        precondition(offset >= 0 && count >= 0 && offset + count * byteCount <= recordByteCount, "scalars within a record")
        return (0..<records.count / recordByteCount).filter { record in
            let start = record * recordByteCount + offset
            return !decodeEach(canonical: records.extracting(start..<start + count * byteCount)).refused.isEmpty
        }
    }

    /// Weighted sums of columns; see the requirement.
    ///
    /// - Precondition: a weight for each record; whole records that hold `count` scalars from `offset` on.
    public static func weightedSums(
        _ weights: [Self], records: Span<UInt8>, recordByteCount: Int, offset: Int, count: Int
    ) -> [Self] {
        precondition(recordByteCount > 0 && records.count == weights.count * recordByteCount, "a weight for each record")
        precondition(offset >= 0 && count >= 0 && offset + count * byteCount <= recordByteCount, "scalars within a record")
        var sums = [Self](repeating: .zero, count: count)
        for (record, weight) in weights.enumerated() where weight != .zero {
            let start = record * recordByteCount + offset
            let (scalars, _) = decodeEach(canonical: records.extracting(start..<start + count * byteCount))
            for column in 0..<count { sums[column] = sums[column] + weight * scalars[column] }
        }
        return sums
    }
}

extension Group {
    /// The sum of all parts, joined.
    public static func vartimeMultiScalarMul(parts: [PublicTerms<Self>]) -> Point {
        if parts.count == 1 { return vartimeMultiScalarMul(parts[0].scalars, parts[0].points) }
        var all = PublicTerms<Self>()
        for part in parts {
            all.scalars += part.scalars
            all.points += part.points
        }
        return vartimeMultiScalarMul(all.scalars, all.points)
    }
}
