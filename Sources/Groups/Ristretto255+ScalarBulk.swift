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

    public static func refusedRecords(_ records: Span<UInt8>, recordByteCount: Int, offset: Int, count: Int) -> [Int] {
        precondition(recordByteCount > 0 && records.count % recordByteCount == 0, "whole records")
        precondition(offset >= 0 && count >= 0 && offset + 32 * count <= recordByteCount, "scalars within a record")
        return records.withUnsafeBytes { bytes in
            nonisolated(unsafe) let bytes = bytes
            return Parallel.map(bytes.count / recordByteCount, minimum: max(1, chunk / max(1, count))) { records in
                records.filter { record in
                    let start = record * recordByteCount + offset
                    // Nearly all are below 2^252, which the top limb alone says.
                    return (0..<count).contains { slot in
                        bytes.loadUnaligned(fromByteOffset: start + 32 * slot + 24, as: UInt64.self) >> 60 != 0
                            && !ScalarLimbs(loading: bytes, at: start + 32 * slot).vartimeIsReduced
                    }
                }
            }.flatMap { $0 }
        }
    }

    public static func weightedSums(
        _ weights: [Ristretto255.Scalar], records: Span<UInt8>, recordByteCount: Int, offset: Int, count: Int
    ) -> [Ristretto255.Scalar] {
        precondition(recordByteCount > 0 && records.count == weights.count * recordByteCount, "a weight for each record")
        precondition(offset >= 0 && count >= 0 && offset + 32 * count <= recordByteCount, "scalars within a record")
        precondition(weights.allSatisfy { $0.value.l2 | $0.value.l3 == 0 }, "weights of 128 bits")
        var sums = [UInt64](repeating: 0, count: 7 * count)
        let isVector = Kernel.current == .ifma
        sums.withUnsafeMutableBufferPointer { sums in
            nonisolated(unsafe) let sums = sums.baseAddress
            // A scalar is its four limbs in memory.
            weights.withUnsafeBytes { limbs in
                records.withUnsafeBufferPointer { records in
                    nonisolated(unsafe) let limbs = limbs.bindMemory(to: UInt64.self).baseAddress
                    nonisolated(unsafe) let records = records.baseAddress
                    Parallel.chunks(count, minimum: 16, granule: 8) { part in
                        guard let sums, let limbs, let records else { return }
                        let (out, first) = (sums + 7 * part.lowerBound, records + offset + 32 * part.lowerBound)
                        if isVector {
                            zk_ifma_weighted_columns(out, part.count, first, recordByteCount, limbs, 4, weights.count)
                        } else {
                            zk_weighted_columns(out, part.count, first, recordByteCount, limbs, 4, weights.count)
                        }
                    }
                }
            }
        }
        return (0..<count).map { column in
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
