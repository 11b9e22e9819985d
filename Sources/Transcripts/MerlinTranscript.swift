// SPDX-License-Identifier: Apache-2.0

/// A Merlin transcript (merlin.cool, version 1.0): labelled messages over STROBE-128, as dalek's Bulletproofs use it.
///
/// | Merlin | STROBE |
/// |---|---|
/// | start | protocol `Merlin v1.0`, then the message `dom-sep` = label |
/// | message | `meta-AD(label || LE32(length))`, `AD(message)` |
/// | challenge | `meta-AD(label || LE32(length))`, `PRF(length)` |
///
/// Timing: depends on lengths only. Security: the state is wiped when the value goes; a transcript cannot be copied.
public struct MerlinTranscript: ~Copyable, Sendable {
    private var strobe = Strobe(label: Array("Merlin v1.0".utf8))

    /// Begins the transcript of the application named by `label`.
    public init(label: [UInt8]) {
        append(message: label, label: "dom-sep")
    }

    /// Begins the transcript of the application named by `label`.
    public init(label: StaticString) {
        self.init(label: label.withUTF8Buffer { Array($0) })
    }

    /// Appends a message of fewer than 2^32 bytes.
    public mutating func append(message: Span<UInt8>, label: StaticString) {
        frame(label, message.count)
        strobe.associate(message)
    }

    /// Appends a message of fewer than 2^32 bytes.
    public mutating func append(message: [UInt8], label: StaticString) {
        append(message: message.span, label: label)
    }

    /// Appends an integer as eight little-endian bytes.
    public mutating func append(_ value: UInt64, label: StaticString) {
        append(message: littleEndian(value), label: label)
    }

    /// `count` challenge bytes, fewer than 2^32; they become a part of the transcript.
    public mutating func challengeBytes(label: StaticString, count: Int) -> [UInt8] {
        frame(label, count)
        return strobe.pseudorandom(count)
    }

    /// Appends a message under a label that is data, for test vectors.
    package mutating func append(message: [UInt8], labelBytes label: [UInt8]) {
        frame(label, message.count)
        strobe.associate(message)
    }

    /// Challenge bytes under a label that is data, for test vectors.
    package mutating func challengeBytes(labelBytes label: [UInt8], count: Int) -> [UInt8] {
        frame(label, count)
        return strobe.pseudorandom(count)
    }

    private mutating func frame(_ label: StaticString, _ count: Int) {
        frame(label.withUTF8Buffer { Array($0) }, count)
    }

    /// `meta-AD(label || LE32(count))` in two pieces.
    private mutating func frame(_ label: [UInt8], _ count: Int) {
        strobe.associate(label, meta: true)
        strobe.associate(littleEndian(UInt32(count)), meta: true, more: true)
    }
}
