// SPDX-License-Identifier: Apache-2.0

/// The extendable-output function SHAKE128 of FIPS 202: 168-byte rate, 256-bit capacity. See ``KeccakXOF`` for others.
///
/// Timing: depends on lengths only. Security: the state is wiped when the value goes.
public struct SHAKE128: ~Copyable, Sendable {
    /// The block length in bytes.
    public static let rate = 168
    /// An output stream.
    public typealias Reader = KeccakXOF.Reader

    var xof = KeccakXOF(.shake128)

    /// The empty input.
    public init() {}

    /// Appends bytes to the input.
    public mutating func absorb(_ bytes: Span<UInt8>) { xof.absorb(bytes) }

    /// Appends bytes to the input.
    public mutating func absorb(_ bytes: [UInt8]) { xof.absorb(bytes) }

    /// The output stream for the input so far; the input may go on afterwards.
    public borrowing func reader() -> Reader { xof.reader() }

    /// Ends the input.
    public consuming func finished() -> Reader { reader() }

    /// The first `count` bytes of SHAKE128 of `bytes`.
    public static func hash(_ bytes: [UInt8], count: Int) -> [UInt8] {
        KeccakXOF.hash(.shake128, bytes, count: count)
    }
}
