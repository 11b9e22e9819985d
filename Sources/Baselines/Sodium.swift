// SPDX-License-Identifier: Apache-2.0

/// libsodium's ristretto255, the yardstick of every benchmark: S is the time of ``isValidPoint(_:at:)``.
public struct Sodium: Sendable {
    private typealias One = @convention(c) (Bytes?) -> Int32
    private typealias OutOne = @convention(c) (MutableBytes?, Bytes?) -> Int32
    private typealias OutTwo = @convention(c) (MutableBytes?, Bytes?, Bytes?) -> Int32
    private typealias Text = @convention(c) () -> UnsafePointer<CChar>?

    private let valid: One
    private let base: OutOne
    private let multiply: OutTwo
    private let sum: OutTwo
    private let difference: OutTwo
    private let hash: OutOne
    /// The name with the version, as results show it.
    public let name: String

    /// libsodium, if this machine has it.
    public static let shared = Sodium()

    private init?() {
        guard let library = SharedLibrary(["libsodium.so.23", "libsodium.so.26", "libsodium.so"]),
            let start = library.function("sodium_init", as: (@convention(c) () -> Int32).self), start() >= 0,
            let valid = library.function("crypto_core_ristretto255_is_valid_point", as: One.self),
            let base = library.function("crypto_scalarmult_ristretto255_base", as: OutOne.self),
            let multiply = library.function("crypto_scalarmult_ristretto255", as: OutTwo.self),
            let sum = library.function("crypto_core_ristretto255_add", as: OutTwo.self),
            let difference = library.function("crypto_core_ristretto255_sub", as: OutTwo.self),
            let hash = library.function("crypto_core_ristretto255_from_hash", as: OutOne.self)
        else { return nil }
        (self.valid, self.base, self.multiply, self.sum) = (valid, base, multiply, sum)
        (self.difference, self.hash) = (difference, hash)
        let version = library.function("sodium_version_string", as: Text.self).flatMap { $0() }.map { String(cString: $0) }
        name = "libsodium \(version ?? "of unknown version")"
    }

    /// Whether the 32 bytes at encoding `index` are a canonical encoding.
    public func isValidPoint(_ encodings: [UInt8], at index: Int) -> Bool {
        encodings.withUnsafeBufferPointer { valid($0.baseAddress.map { $0 + 32 * index }) == 1 }
    }

    /// `scalar * generator`, encoded.
    public func multiplyBase(_ scalar: [UInt8]) -> [UInt8] {
        var out = [UInt8](repeating: 0, count: 32)
        _ = scalar.withUnsafeBufferPointer { base(&out, $0.baseAddress) }
        return out
    }

    /// `scalar * point`, from encoding to encoding.
    public func multiply(_ scalar: [UInt8], _ point: [UInt8]) -> [UInt8] {
        var out = [UInt8](repeating: 0, count: 32)
        _ = withAddresses(scalar, point) { multiply(&out, $0, $1) }
        return out
    }

    /// The sum of two encoded points.
    public func add(_ p: [UInt8], _ q: [UInt8]) -> [UInt8] {
        var out = [UInt8](repeating: 0, count: 32)
        _ = withAddresses(p, q) { sum(&out, $0, $1) }
        return out
    }

    /// The difference of two encoded points.
    public func subtract(_ p: [UInt8], _ q: [UInt8]) -> [UInt8] {
        var out = [UInt8](repeating: 0, count: 32)
        _ = withAddresses(p, q) { difference(&out, $0, $1) }
        return out
    }

    /// The element of 64 uniform bytes.
    public func point(uniform bytes: [UInt8]) -> [UInt8] {
        var out = [UInt8](repeating: 0, count: 32)
        _ = bytes.withUnsafeBufferPointer { hash(&out, $0.baseAddress) }
        return out
    }

    /// Whether `m * G + r * H == announcement + challenge * commitment`: one opening proof, with libsodium's one-point functions.
    public func verifiesOpening(
        commitment: [UInt8], announcement: [UInt8], challenge: [UInt8], m: [UInt8], r: [UInt8], h: [UInt8]
    ) -> Bool {
        add(multiplyBase(m), multiply(r, h)) == add(announcement, multiply(challenge, commitment))
    }
}
