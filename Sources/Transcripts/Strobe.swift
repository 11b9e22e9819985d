// SPDX-License-Identifier: Apache-2.0

/// The protocol framework STROBE v1.0.2 (Hamburg, 2017) over Keccak-f[1600].
///
/// | specification, section 5 | here |
/// |---|---|
/// | `R` | `rate`: 166 for 128 bits of security, 134 for 256 |
/// | `pos`, `posbegin` | `position`, `begin` |
/// | `I0` | `initiator` |
/// | flags I, A, C, T, M, K | ``Flags`` |
/// | `more` | `more`: the operation goes on; it must be of the same kind as the one before |
///
/// Timing: depends on lengths only, and on whether a MAC is right. Security: the state is wiped when the value goes. Misuse of `more` is a
/// programming error.
public struct Strobe: ~Copyable, Sendable {
    /// The claimed security level.
    public enum Security: Int, Sendable {
        /// 128 bits: 256 bits of capacity.
        case bits128 = 128
        /// 256 bits: 512 bits of capacity.
        case bits256 = 256
    }

    /// What an operation does, section 6.2 of the specification.
    struct Flags: OptionSet, Sendable {
        let rawValue: UInt8
        /// I: bytes come in.
        static let inbound = Flags(rawValue: 1)
        /// A: bytes come from or go to the application.
        static let application = Flags(rawValue: 2)
        /// C: the cipher is used.
        static let cipher = Flags(rawValue: 4)
        /// T: bytes go over the transport.
        static let transport = Flags(rawValue: 8)
        /// M: the bytes describe the protocol.
        static let meta = Flags(rawValue: 16)
    }

    private var state = KeccakState()
    private let rate: Int
    private var position = 0
    private var begin = 0
    private var current: Flags = []
    /// 0 for the party that sent first, 1 for the other, `nil` before.
    private var initiator: UInt8?

    /// Begins a protocol of this name.
    public init(label: [UInt8], security: Security = .bits128) {
        rate = 200 - security.rawValue / 4 - 2
        let header: [UInt8] = [1, UInt8(rate + 2), 1, 0, 1, 96] + Array("STROBEv1.0.2".utf8)
        header.withUnsafeBytes { state.xor($0, at: 0) }
        state.permute()
        associate(label, meta: true)
    }

    // MARK: Operations

    /// `AD`: absorbs bytes that both parties know.
    public mutating func associate(_ bytes: [UInt8], meta: Bool = false, more: Bool = false) {
        associate(bytes.span, meta: meta, more: more)
    }

    /// `AD`: absorbs bytes that both parties know.
    public mutating func associate(_ bytes: Span<UInt8>, meta: Bool = false, more: Bool = false) {
        start(.application, meta, more)
        bytes.withUnsafeBytes { absorb($0) }
    }

    /// `KEY`: replaces a part of the state by a key.
    public mutating func key(_ bytes: [UInt8], meta: Bool = false, more: Bool = false) {
        start([.application, .cipher], meta, more)
        var copy = bytes
        exchange(&copy, keepingOutput: false)
    }

    /// `PRF`: pseudorandom bytes, forgotten by the state.
    public mutating func pseudorandom(_ count: Int, meta: Bool = false, more: Bool = false) -> [UInt8] {
        start([.inbound, .application, .cipher], meta, more)
        var bytes = [UInt8](repeating: 0, count: count)
        exchange(&bytes, keepingOutput: false)
        return bytes
    }

    /// `send_CLR`: bytes that are sent in clear.
    public mutating func sendClear(_ bytes: [UInt8], meta: Bool = false, more: Bool = false) {
        start([.application, .transport], meta, more)
        bytes.withUnsafeBytes { absorb($0) }
    }

    /// `recv_CLR`: bytes that were received in clear.
    public mutating func receiveClear(_ bytes: [UInt8], meta: Bool = false, more: Bool = false) {
        start([.inbound, .application, .transport], meta, more)
        bytes.withUnsafeBytes { absorb($0) }
    }

    /// `send_ENC`: encrypts without authentication.
    public mutating func sendEncrypted(_ bytes: [UInt8], meta: Bool = false, more: Bool = false) -> [UInt8] {
        start([.application, .cipher, .transport], meta, more)
        var copy = bytes
        exchange(&copy, keepingOutput: true)
        return copy
    }

    /// `recv_ENC`: decrypts without authentication.
    public mutating func receiveEncrypted(_ bytes: [UInt8], meta: Bool = false, more: Bool = false) -> [UInt8] {
        start([.inbound, .application, .cipher, .transport], meta, more)
        var copy = bytes
        exchange(&copy, keepingOutput: false)
        return copy
    }

    /// `send_MAC`: a tag of everything so far.
    public mutating func sendMAC(_ count: Int, meta: Bool = false, more: Bool = false) -> [UInt8] {
        start([.cipher, .transport], meta, more)
        var bytes = [UInt8](repeating: 0, count: count)
        exchange(&bytes, keepingOutput: true)
        return bytes
    }

    /// `recv_MAC`: whether the tag is that of everything so far; compared in constant time. It cannot be continued.
    public mutating func receiveMAC(_ tag: [UInt8], meta: Bool = false) -> Bool {
        start([.inbound, .cipher, .transport], meta, false)
        var difference = tag
        exchange(&difference, keepingOutput: false)
        return difference.reduce(0, |) == 0
    }

    /// `RATCHET`: makes it impossible to go back; `count` bytes of the state are forgotten.
    public mutating func ratchet(_ count: Int, meta: Bool = false, more: Bool = false) {
        start(.cipher, meta, more)
        var bytes = [UInt8](repeating: 0, count: count)
        exchange(&bytes, keepingOutput: false)
    }

    /// All 200 bytes, for test vectors.
    package var stateBytes: [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 200)
        bytes.withUnsafeMutableBytes { state.copy(from: 0, into: $0) }
        return bytes
    }

    // MARK: Duplex

    /// Begins or continues an operation, section 7.3.
    private mutating func start(_ kind: Flags, _ meta: Bool, _ more: Bool) {
        let flags = meta ? kind.union(.meta) : kind
        if more {
            precondition(flags == current, "an operation is continued by one of the same kind")
            return
        }
        current = flags
        var bits = flags.rawValue
        if flags.contains(.transport) {
            let own = initiator ?? bits & Flags.inbound.rawValue
            initiator = own
            bits ^= own
        }
        let frame = [UInt8(begin), bits]
        begin = position + 1
        frame.withUnsafeBytes { absorb($0) }
        if flags.contains(.cipher) && position != 0 { permute() }
    }

    private mutating func absorb(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes
        while !rest.isEmpty {
            let count = min(rate - position, rest.count)
            state.xor(UnsafeRawBufferPointer(rebasing: rest.prefix(count)), at: position)
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
            advance(count)
        }
    }

    private mutating func exchange(_ bytes: inout [UInt8], keepingOutput: Bool) {
        bytes.withUnsafeMutableBytes { all in
            var rest = all
            while !rest.isEmpty {
                let count = min(rate - position, rest.count)
                state.exchange(UnsafeMutableRawBufferPointer(rebasing: rest.prefix(count)), at: position, keepingOutput: keepingOutput)
                rest = UnsafeMutableRawBufferPointer(rebasing: rest.dropFirst(count))
                advance(count)
            }
        }
    }

    private mutating func advance(_ count: Int) {
        position += count
        if position == rate { permute() }
    }

    /// `F` with the padding of section 5.1.
    private mutating func permute() {
        state.xor(UInt8(begin), at: position)
        state.xor(0x04, at: position + 1)
        state.xor(0x80, at: rate + 1)
        state.permute()
        position = 0
        begin = 0
    }
}
