// SPDX-License-Identifier: Apache-2.0
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
