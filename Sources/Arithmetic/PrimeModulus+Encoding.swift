// SPDX-License-Identifier: Apache-2.0
internal import CKernels

extension PrimeModulus {
    /// Decodes exactly `byteCount` bytes; refuses integers that are not below the modulus.
    ///
    /// Timing: constant in the value, except for whether it is refused.
    public func decode(
        canonical bytes: Span<UInt8>, order: ByteOrder, into out: inout MutableSpan<UInt64>
    ) throws(ArithmeticError) {
        precondition(out.count == limbCount, "a residue of this modulus")
        guard bytes.count == byteCount else { throw .length }
        load(bytes, order: order, into: &out)
        guard isReduced(out.span) == 1 else { throw .notReduced }
    }

    /// Interprets bytes of any number as an integer and reduces it. Never fails; constant time in the value.
    public func reduce(wide bytes: Span<UInt8>, order: ByteOrder, into out: inout MutableSpan<UInt64>) {
        let count = (bytes.count + 7) / 8
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: count) { buffer in
            buffer.initialize(repeating: 0)
            var wide = buffer.mutableSpan
            load(bytes, order: order, into: &wide)
            reduce(wide: wide.span, into: &out)
            if let base = buffer.baseAddress { zk_wipe(base, count * 8) }
        }
    }

    /// Writes a residue as exactly `byteCount` bytes.
    public func encode(_ a: Span<UInt64>, order: ByteOrder, into out: inout MutableSpan<UInt8>) {
        precondition(a.count == limbCount && out.count == byteCount, "a residue of this modulus and its encoding")
        for i in 0..<byteCount {
            let byte = UInt8(truncatingIfNeeded: a[i / 8] >> UInt64(8 * (i % 8)))
            out[order == .little ? i : byteCount - 1 - i] = byte
        }
    }

    /// The encoding of a residue that is public or will be wiped by the caller: `byteCount` bytes.
    public func encode(_ a: Span<UInt64>, order: ByteOrder) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: byteCount)
        var span = bytes.mutableSpan
        encode(a, order: order, into: &span)
        return bytes
    }

    /// The integer in limbs; `out` has room for all bytes, what is above is zeroed.
    private func load(_ bytes: Span<UInt8>, order: ByteOrder, into out: inout MutableSpan<UInt64>) {
        for i in 0..<out.count { out[i] = 0 }
        // Whole words at a time where their order is that of memory.
        let whole = order == .little ? bytes.count / 8 : 0
        bytes.withUnsafeBytes { bytes in
            for i in 0..<whole { out[i] = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * i, as: UInt64.self)) }
        }
        for i in 8 * whole..<bytes.count {
            let byte = bytes[order == .little ? i : bytes.count - 1 - i]
            out[i / 8] |= UInt64(byte) << UInt64(8 * (i % 8))
        }
    }
}
