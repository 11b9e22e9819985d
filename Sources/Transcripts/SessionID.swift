// SPDX-License-Identifier: Apache-2.0

/// The 32 bytes that identify an argument system and the context in which it is used (draft-irtf-cfrg-fiat-shamir-03, "Session
/// identifiers").
public struct SessionID: Sendable, Hashable {
    /// The length in bytes.
    public static let byteCount = 32
    /// 32 bytes.
    public let bytes: [UInt8]

    /// `DeriveSessionID(tag)`. The tag names, unambiguously, the argument, its codecs, the application and its version.
    ///
    /// - Parameter function: that of the sponge that the identifier is for.
    public init(tag: [UInt8], function: KeccakFunction = .shake128) {
        var sponge = DuplexSponge(Self(domain: "irtf-cfrg-fiat-shamir/session-id"), function: function)
        sponge.absorb(tag)
        bytes = sponge.squeeze(Self.byteCount)
    }

    /// `DeriveSessionID` of the UTF-8 bytes of `tag`, which should be ASCII.
    public init(tag: String) {
        self.init(tag: Array(tag.utf8))
    }

    /// A session identifier derived by other means; `nil` unless 32 bytes.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    private init(domain: StaticString) {
        bytes = domain.withUTF8Buffer { Array($0) }
        assert(bytes.count == Self.byteCount)
    }
}
