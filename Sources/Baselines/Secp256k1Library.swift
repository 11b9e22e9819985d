// SPDX-License-Identifier: Apache-2.0

/// libsecp256k1's public keys as group elements. Its general multi-scalar multiplication is not exported.
public final class Secp256k1Library: @unchecked Sendable {
    // The context is only read after its creation.
    private typealias Context = OpaquePointer?
    private typealias Raw = UnsafeMutableRawPointer?
    private typealias Parse = @convention(c) (Context, Raw, Bytes?, Int) -> Int32
    private typealias Serialize = @convention(c) (Context, MutableBytes?, UnsafeMutablePointer<Int>?, Raw, UInt32) -> Int32
    private typealias Tweak = @convention(c) (Context, Raw, Bytes?) -> Int32
    private typealias Combine = @convention(c) (Context, Raw, UnsafePointer<UnsafeRawPointer?>?, Int) -> Int32

    private let context: OpaquePointer
    private let parse: Parse
    private let serialize: Serialize
    private let multiplyKey: Tweak
    private let create: Tweak
    private let combine: Combine
    /// The name, as results show it.
    public let name = "libsecp256k1"

    /// A point in the library's own form.
    public typealias Point = [UInt8]

    /// libsecp256k1, if this machine has it.
    public static let shared = Secp256k1Library()

    private init?() {
        guard let library = SharedLibrary(["libsecp256k1.so.1", "libsecp256k1.so.2", "libsecp256k1.so.5", "libsecp256k1.so"]),
            // SECP256K1_CONTEXT_VERIFY | SECP256K1_CONTEXT_SIGN: older releases keep tables for both.
            let context = library.function("secp256k1_context_create", as: (@convention(c) (UInt32) -> Context).self)?(0x301),
            let parse = library.function("secp256k1_ec_pubkey_parse", as: Parse.self),
            let serialize = library.function("secp256k1_ec_pubkey_serialize", as: Serialize.self),
            let multiplyKey = library.function("secp256k1_ec_pubkey_tweak_mul", as: Tweak.self),
            let create = library.function("secp256k1_ec_pubkey_create", as: Tweak.self),
            let combine = library.function("secp256k1_ec_pubkey_combine", as: Combine.self)
        else { return nil }
        (self.context, self.parse, self.serialize) = (context, parse, serialize)
        (self.multiplyKey, self.create, self.combine) = (multiplyKey, create, combine)
    }

    /// The point of encoding `index`, 33 bytes each.
    public func point(_ encodings: [UInt8], at index: Int = 0) -> Point? {
        var key = Point(repeating: 0, count: 64)
        let done = encodings.withUnsafeBufferPointer { parse(context, &key, $0.baseAddress.map { $0 + 33 * index }, 33) }
        return done == 1 ? key : nil
    }

    /// The compressed encoding.
    public func encode(_ point: Point) -> [UInt8] {
        var (key, out, count) = (point, [UInt8](repeating: 0, count: 33), 33)
        _ = serialize(context, &out, &count, &key, 258)
        return out
    }

    /// `scalar * generator`, constant time; the scalar is 32 big-endian bytes.
    public func multiplyBase(_ scalar: [UInt8]) -> Point {
        var key = Point(repeating: 0, count: 64)
        _ = scalar.withUnsafeBufferPointer { create(context, &key, $0.baseAddress) }
        return key
    }

    /// `scalar * point`, variable time.
    public func vartimeMultiply(_ scalar: [UInt8], _ point: Point) -> Point {
        var key = point
        _ = scalar.withUnsafeBufferPointer { multiplyKey(context, &key, $0.baseAddress) }
        return key
    }

    /// The sum of two points.
    public func add(_ p: Point, _ q: Point) -> Point {
        var key = Point(repeating: 0, count: 64)
        _ = p.withUnsafeBytes { p in
            q.withUnsafeBytes { q in combine(context, &key, [p.baseAddress, q.baseAddress], 2) }
        }
        return key
    }

    /// Whether `m * G + r * H == announcement + challenge * commitment`, decoding two points.
    public func verifiesOpening(
        commitment: [UInt8], announcement: [UInt8], challenge: [UInt8], m: [UInt8], r: [UInt8], h: Point
    ) -> Bool {
        guard let c = point(commitment), let t = point(announcement) else { return false }
        return encode(add(multiplyBase(m), vartimeMultiply(r, h))) == encode(add(t, vartimeMultiply(challenge, c)))
    }
}
