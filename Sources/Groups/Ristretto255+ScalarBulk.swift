// SPDX-License-Identifier: Apache-2.0
internal import CKernels
internal import Cores

// Many public scalars at a time: loops beside the limbs, over all cores.

extension Ristretto255.Scalar {
    private typealias Scalar = Ristretto255.Scalar
    /// Below this many elements per core a loop is not worth dividing.
    private static var chunk: Int { 4_096 }

    public static func scalars(_ values: [UInt128]) -> [Ristretto255.Scalar] {
        make(values.count) { Scalar(values[$0]) }
    }

    public static func products(_ a: [Ristretto255.Scalar], _ b: [Ristretto255.Scalar]) -> [Ristretto255.Scalar] {
        precondition(a.count == b.count, "equal counts")
        return make(a.count) { Scalar(a[$0].value * b[$0].value) }
    }

    public static func scalars(reducingWide bytes: Span<UInt8>) -> [Ristretto255.Scalar] {
        precondition(bytes.count % wideByteCount == 0, "whole integers")
        return bytes.withUnsafeBytes { bytes in
            make(bytes.count / 48) { index in
                let offset = 48 * index
                let low = ScalarLimbs(loading: bytes, at: offset)
                let high = ScalarLimbs(
                    bytes.loadUnaligned(fromByteOffset: offset + 32, as: UInt64.self),
                    bytes.loadUnaligned(fromByteOffset: offset + 40, as: UInt64.self), 0, 0)
                return Scalar(ScalarLimbs.reduce(low: low, high: high))
            }
        }
    }

    public static func decodeEach(canonical bytes: Span<UInt8>) -> (scalars: [Ristretto255.Scalar], refused: [Int]) {
        precondition(bytes.count % byteCount == 0, "whole encodings")
        let scalars = bytes.withUnsafeBytes { bytes in
            make(bytes.count / 32) { Scalar(ScalarLimbs(loading: bytes, at: 32 * $0)) }
        }
        let refused = scalars.indices.filter { !scalars[$0].value.vartimeIsReduced }
        guard !refused.isEmpty else { return (scalars, []) }
        var checked = scalars
        for index in refused { checked[index] = .zero }
        return (checked, refused)
    }

    public static func decodeRows(
        canonical bytes: Span<UInt8>, recordByteCount: Int, offset: Int, width: Int
    ) -> (scalars: [Ristretto255.Scalar], refused: [Int]) {
        precondition(recordByteCount > 0 && bytes.count % recordByteCount == 0, "whole records")
        precondition(offset >= 0 && width >= 0 && offset + 32 * width <= recordByteCount, "scalars within a record")
        let count = bytes.count / recordByteCount
        nonisolated(unsafe) var isRefused = [Bool](repeating: false, count: count)
        let scalars = isRefused.withUnsafeMutableBufferPointer { isRefused in
            bytes.withUnsafeBytes { bytes in
                [Scalar](unsafeUninitializedCapacity: count * width) { buffer, initialized in
                    nonisolated(unsafe) let (out, isRefused) = (buffer.baseAddress, isRefused)
                    Parallel.chunks(count, minimum: max(1, chunk / max(1, width))) { records in
                        guard let out else { return }
                        for record in records {
                            let start = record * recordByteCount + offset
                            var refusals = 0
                            for slot in 0..<width {
                                let value = ScalarLimbs(loading: bytes, at: start + 32 * slot)
                                let isReduced = value.vartimeIsReduced
                                refusals += isReduced ? 0 : 1
                                (out + record * width + slot).initialize(to: isReduced ? Scalar(value) : .zero)
                            }
                            isRefused[record] = refusals > 0
                        }
                    }
                    initialized = count * width
                }
            }
        }
        return (scalars, isRefused.indices.filter { isRefused[$0] })
    }

    public static func weightedSums(
        _ weights: [Ristretto255.Scalar], rows: [Ristretto255.Scalar], width: Int, first: Int, columns: Range<Int>
    ) -> [Ristretto255.Scalar] {
        precondition(columns.lowerBound >= 0 && columns.upperBound <= width && first >= 0, "columns of a row")
        precondition((first + weights.count) * width <= rows.count, "whole rows")
        precondition(weights.allSatisfy { $0.value.l2 | $0.value.l3 == 0 }, "weights of 128 bits")
        guard !weights.isEmpty, !columns.isEmpty else { return columns.map { _ in .zero } }
        let count = weights.count
        var sums = [UInt64](repeating: 0, count: 7 * columns.count)
        sums.withUnsafeMutableBufferPointer { sums in
            nonisolated(unsafe) let sums = sums.baseAddress
            // A scalar is its four limbs in memory.
            weights.withUnsafeBytes { weights in
                rows.withUnsafeBytes { rows in
                    nonisolated(unsafe) let weights = weights.bindMemory(to: UInt64.self).baseAddress
                    nonisolated(unsafe) let rows = rows.bindMemory(to: UInt64.self).baseAddress
                    Parallel.chunks(columns.count, minimum: 16) { part in
                        guard let sums, let weights, let rows else { return }
                        zk_weighted_columns(
                            sums + 7 * part.lowerBound, part.count,
                            rows + 4 * (first * width + columns.lowerBound + part.lowerBound), 4 * width, weights, 4, count)
                    }
                }
            }
        }
        return (0..<columns.count).map { column in
            let limbs = sums[7 * column..<7 * column + 7] + [0]
            let first = limbs.startIndex
            return Scalar(
                ScalarLimbs.reduce(
                    low: ScalarLimbs(limbs[first], limbs[first + 1], limbs[first + 2], limbs[first + 3]),
                    high: ScalarLimbs(limbs[first + 4], limbs[first + 5], limbs[first + 6], limbs[first + 7])))
        }
    }

    /// An array of `count` scalars, computed in parts.
    @inline(__always)
    private static func make(_ count: Int, _ element: (Int) -> Ristretto255.Scalar) -> [Ristretto255.Scalar] {
        [Scalar](unsafeUninitializedCapacity: count) { buffer, initialized in
            nonisolated(unsafe) let out = buffer.baseAddress
            Parallel.chunks(count, minimum: chunk) { range in
                guard let out else { return }
                for index in range { (out + index).initialize(to: element(index)) }
            }
            initialized = count
        }
    }
}

extension ScalarLimbs {
    /// The 32 little-endian bytes from `offset`.
    @inline(__always)
    fileprivate init(loading bytes: UnsafeRawBufferPointer, at offset: Int) {
        self.init(
            bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self), bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self),
            bytes.loadUnaligned(fromByteOffset: offset + 16, as: UInt64.self),
            bytes.loadUnaligned(fromByteOffset: offset + 24, as: UInt64.self))
    }
}
