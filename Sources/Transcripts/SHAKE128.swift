// SPDX-License-Identifier: Apache-2.0

/// The extendable-output function SHAKE128 of FIPS 202: 168-byte rate, 256-bit capacity.
///
/// Absorbing and reading are two types: ``finished()`` ends the input, and a ``Reader`` continues one output stream.
///
/// Timing: depends on lengths only. Security: the state is wiped when the value goes.
public struct SHAKE128: ~Copyable, Sendable {
    /// The block length in bytes.
    public static let rate = 168

    var state = KeccakState()
    /// Bytes absorbed into the current block, `0..<rate`.
    var position = 0

    /// The empty input.
    public init() {}

    /// Appends bytes to the input.
    public mutating func absorb(_ bytes: Span<UInt8>) {
        bytes.withUnsafeBytes { absorb($0) }
    }

    /// Appends bytes to the input.
    public mutating func absorb(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { absorb($0) }
    }

    mutating func absorb(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes
        while !rest.isEmpty {
            let count = min(Self.rate - position, rest.count)
            state.xor(UnsafeRawBufferPointer(rebasing: rest.prefix(count)), at: position)
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
            position += count
            if position == Self.rate {
                state.permute()
                position = 0
            }
        }
    }

    /// The output stream for the input so far; the input may go on afterwards.
    public borrowing func reader() -> Reader {
        var reader = Reader()
        reader.restart(after: self)
        return reader
    }

    /// Ends the input.
    public consuming func finished() -> Reader {
        reader()
    }

    /// The first `count` bytes of SHAKE128 of `bytes`.
    public static func hash(_ bytes: [UInt8], count: Int) -> [UInt8] {
        var xof = SHAKE128()
        xof.absorb(bytes)
        var reader = xof.finished()
        return reader.read(count)
    }

    /// An output stream: consecutive reads continue it.
    public struct Reader: ~Copyable, Sendable {
        private var state = KeccakState()
        /// Bytes already read from the current block, `0...rate`.
        private var position = 0

        /// A reader without a stream; ``restart(after:)`` gives it one.
        init() {}

        /// Pads a copy of the input (domain bits 1111, then 10*1) and starts its stream.
        mutating func restart(after input: borrowing SHAKE128) {
            state.assign(from: input.state)
            state.xor(0x1f, at: input.position)
            state.xor(0x80, at: SHAKE128.rate - 1)
            state.permute()
            position = 0
        }

        /// The next `count` bytes.
        public mutating func read(_ count: Int) -> [UInt8] {
            [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
                fill(UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: count))
                initialized = count
            }
        }

        /// The next `out.count` bytes.
        public mutating func read(into out: inout MutableSpan<UInt8>) {
            out.withUnsafeMutableBytes { fill($0) }
        }

        mutating func fill(_ out: UnsafeMutableRawBufferPointer) {
            var rest = out
            while !rest.isEmpty {
                if position == SHAKE128.rate {
                    state.permute()
                    position = 0
                }
                let count = min(SHAKE128.rate - position, rest.count)
                state.copy(from: position, into: UnsafeMutableRawBufferPointer(rebasing: rest.prefix(count)))
                rest = UnsafeMutableRawBufferPointer(rebasing: rest.dropFirst(count))
                position += count
            }
        }
    }
}
