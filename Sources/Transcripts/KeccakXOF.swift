// SPDX-License-Identifier: Apache-2.0

/// An extendable-output function of the Keccak family: how many bytes a block has, how many rounds the permutation, and how the input is
/// closed.
public struct KeccakFunction: Sendable, Equatable {
    /// The block length in bytes; the other `200 - rate` are the capacity.
    public let rate: Int
    /// The rounds of Keccak-p[1600], the last ones of the 24.
    let rounds: Int
    /// Domain bits and the first bit of padding.
    let suffix: UInt8

    /// FIPS 202: 168-byte rate, 24 rounds, domain bits 1111.
    public static let shake128 = KeccakFunction(rate: 168, rounds: 24, suffix: 0x1f)
    /// FIPS 202: 136-byte rate, 24 rounds, domain bits 1111.
    public static let shake256 = KeccakFunction(rate: 136, rounds: 24, suffix: 0x1f)
    /// SHA3-512 of FIPS 202, of whose output the first 64 bytes are the hash: 72-byte rate, 24 rounds, domain bits 01.
    public static let sha3_512 = KeccakFunction(rate: 72, rounds: 24, suffix: 0x06)
    /// RFC 9861: 168-byte rate, 12 rounds, domain separation byte 0x1F.
    public static let turboSHAKE128 = KeccakFunction(rate: 168, rounds: 12, suffix: 0x1f)
    /// RFC 9861: 136-byte rate, 12 rounds, domain separation byte 0x1F.
    public static let turboSHAKE256 = KeccakFunction(rate: 136, rounds: 12, suffix: 0x1f)

    /// TurboSHAKE with another domain separation byte; `nil` unless it is in `0x01...0x7F`.
    public func domain(_ byte: UInt8) -> KeccakFunction? {
        guard rounds == 12, 0x01...0x7f ~= byte else { return nil }
        return KeccakFunction(rate: rate, rounds: rounds, suffix: byte)
    }
}

/// A Keccak extendable-output function of any kind.
///
/// Absorbing and reading are two types: ``finished()`` ends the input, and a ``Reader`` continues one output stream.
///
/// Timing: depends on lengths only. Security: the state is wiped when the value goes.
public struct KeccakXOF: ~Copyable, Sendable {
    /// Which function this is.
    public let function: KeccakFunction
    private(set) var state = KeccakState()
    /// Bytes absorbed into the current block, `0..<rate`.
    private(set) var position = 0

    /// The empty input.
    public init(_ function: KeccakFunction) {
        self.function = function
    }

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
            let count = min(function.rate - position, rest.count)
            state.xor(UnsafeRawBufferPointer(rebasing: rest.prefix(count)), at: position)
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
            position += count
            if position == function.rate {
                state.permute(rounds: function.rounds)
                position = 0
            }
        }
    }

    /// Continues where another input of the same function stands instead.
    mutating func assign(from other: borrowing KeccakXOF) {
        state.assign(from: other.state)
        position = other.position
    }

    /// The output stream for the input so far; the input may go on afterwards.
    public borrowing func reader() -> Reader {
        var reader = Reader(function)
        reader.restart(after: self)
        return reader
    }

    /// Ends the input.
    public consuming func finished() -> Reader {
        reader()
    }

    /// The first `count` bytes of the function of `bytes`.
    public static func hash(_ function: KeccakFunction, _ bytes: [UInt8], count: Int) -> [UInt8] {
        var xof = KeccakXOF(function)
        xof.absorb(bytes)
        var reader = xof.finished()
        return reader.read(count)
    }

    /// An output stream: consecutive reads continue it.
    public struct Reader: ~Copyable, Sendable {
        private let function: KeccakFunction
        private var state = KeccakState()
        /// Bytes already read from the current block, `0...rate`.
        private var position = 0

        /// A reader without a stream; ``restart(after:)`` gives it one.
        init(_ function: KeccakFunction) {
            self.function = function
        }

        /// Pads a copy of the input (the suffix, then 0*1) and starts its stream.
        mutating func restart(after input: borrowing KeccakXOF) {
            state.assign(from: input.state)
            state.xor(function.suffix, at: input.position)
            state.xor(0x80, at: function.rate - 1)
            state.permute(rounds: function.rounds)
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
                if position == function.rate {
                    state.permute(rounds: function.rounds)
                    position = 0
                }
                let count = min(function.rate - position, rest.count)
                state.copy(from: position, into: UnsafeMutableRawBufferPointer(rebasing: rest.prefix(count)))
                rest = UnsafeMutableRawBufferPointer(rebasing: rest.dropFirst(count))
                position += count
            }
        }
    }
}
