// SPDX-License-Identifier: Apache-2.0

/// The duplex sponge of draft-irtf-cfrg-fiat-shamir-03 over SHAKE128 or TurboSHAKE128: every output is
/// `SHAKE128(session id || zeros(136) || everything absorbed so far)`.
///
/// | draft | here |
/// |---|---|
/// | `Init(session_id)` | ``init(_:)`` |
/// | `Absorb(x)` | ``absorb(_:)-(Span<UInt8>)``: no separators; the empty string changes nothing |
/// | `Squeeze(n)` | ``squeeze(_:)``: continues one stream; a non-empty absorb restarts it over the longer input |
///
/// Squeezed bytes are not fed back. A non-empty absorb after a squeeze does not commit to how much was squeezed.
///
/// Timing: depends on lengths only. Security: both states are wiped when the value goes.
public struct DuplexSponge: ~Copyable, Sendable {
    private var input: KeccakXOF
    private var reader: KeccakXOF.Reader
    /// Whether `reader` is the stream of the present input.
    private var isReading = false

    /// A sponge seeded with the session identifier, padded with zeros to one block.
    ///
    /// - Parameter function: SHAKE128 in all suites of this project; the draft also has `turboSHAKE128`. Session identifiers are derived
    ///   with the same function.
    public init(_ sessionID: SessionID, function: KeccakFunction = .shake128) {
        input = KeccakXOF(function)
        reader = KeccakXOF.Reader(function)
        input.absorb(Self.header(sessionID, rate: function.rate))
    }

    /// What every input begins with: the session identifier and zeros, one block.
    package static func header(_ sessionID: SessionID, rate: Int = SHAKE128.rate) -> [UInt8] {
        sessionID.bytes + [UInt8](repeating: 0, count: rate - SessionID.byteCount)
    }

    /// Absorbs a prover message, already encoded.
    public mutating func absorb(_ bytes: Span<UInt8>) {
        guard !bytes.isEmpty else { return }
        isReading = false
        input.absorb(bytes)
    }

    /// Absorbs a prover message, already encoded.
    public mutating func absorb(_ bytes: [UInt8]) {
        absorb(bytes.span)
    }

    /// The next `count` bytes of the output stream.
    public mutating func squeeze(_ count: Int) -> [UInt8] {
        startReading()
        return reader.read(count)
    }

    /// The next `out.count` bytes of the output stream.
    public mutating func squeeze(into out: inout MutableSpan<UInt8>) {
        startReading()
        reader.read(into: &out)
    }

    private mutating func startReading() {
        guard !isReading else { return }
        reader.restart(after: input)
        isReading = true
    }
}
