// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// Powers modulo a safe prime of RFC 3526 with GMP's `mpz_powm`: the setting of the classical Schnorr proofs.
public final class SafePrimeGroup: @unchecked Sendable {
    // Used by one thread at a time: results go to shared integers.
    /// GMP's `__mpz_struct`: 16 bytes on 64-bit machines.
    private typealias Integer = UnsafeMutableRawPointer
    private typealias Three = @convention(c) (Integer, Integer, Integer) -> Void
    private typealias Four = @convention(c) (Integer, Integer, Integer, Integer) -> Void

    private let power: Four
    private let multiply: Three
    private let remainder: Three
    private let compare: @convention(c) (Integer, Integer) -> Int32
    private let read: @convention(c) (Integer, Int, Int32, Int, Int32, Int, UnsafeRawPointer?) -> Void
    private let make: @convention(c) (Integer) -> Void
    private let prime: Value
    private let results: [Value]
    /// The length of the prime.
    public let bits: Int
    /// As results show it.
    public var name: String { "GMP mpz_powm \(bits)" }

    /// An integer; lives as long as the process.
    public struct Value: @unchecked Sendable {
        fileprivate let pointer: UnsafeMutableRawPointer
    }

    /// The group of 2048 bits, if this machine has GMP and OpenSSL, which knows the prime.
    public static let rfc3526Bits2048 = SafePrimeGroup(bits: 2048)
    /// The group of 3072 bits.
    public static let rfc3526Bits3072 = SafePrimeGroup(bits: 3072)

    private init?(bits: Int) {
        guard let library = SharedLibrary(["libgmp.so.10", "libgmp.so"]), let bytes = Self.prime(bits),
            let power = library.function("__gmpz_powm", as: Four.self),
            let multiply = library.function("__gmpz_mul", as: Three.self),
            let remainder = library.function("__gmpz_mod", as: Three.self),
            let compare = library.function("__gmpz_cmp", as: (@convention(c) (Integer, Integer) -> Int32).self),
            let read = library.function(
                "__gmpz_import", as: (@convention(c) (Integer, Int, Int32, Int, Int32, Int, UnsafeRawPointer?) -> Void).self),
            let make = library.function("__gmpz_init", as: (@convention(c) (Integer) -> Void).self)
        else { return nil }
        (self.bits, self.power, self.multiply, self.remainder) = (bits, power, multiply, remainder)
        (self.compare, self.read, self.make) = (compare, read, make)
        func value(_ bytes: [UInt8]) -> Value {
            let pointer = UnsafeMutableRawPointer.allocate(byteCount: 16, alignment: 8)
            make(pointer)
            bytes.withUnsafeBytes { read(pointer, $0.count, 1, 1, 1, 0, $0.baseAddress) }
            return Value(pointer: pointer)
        }
        prime = value(bytes)
        results = (0..<4).map { _ in value([0]) }
    }

    private static func prime(_ bits: Int) -> [UInt8]? {
        typealias Make = @convention(c) (OpaquePointer?) -> OpaquePointer?
        guard let library = SharedLibrary(["libcrypto.so.3", "libcrypto.so"]),
            let number = library.function("BN_get_rfc3526_prime_\(bits)", as: Make.self)?(nil),
            let write = library.function("BN_bn2bin", as: (@convention(c) (OpaquePointer?, MutableBytes?) -> Int32).self)
        else { return nil }
        var bytes = [UInt8](repeating: 0, count: bits / 8)
        return write(number, &bytes) == Int32(bits / 8) ? bytes : nil
    }

    /// An integer of big-endian bytes.
    public func value(_ bytes: [UInt8]) -> Value {
        let pointer = UnsafeMutableRawPointer.allocate(byteCount: 16, alignment: 8)
        make(pointer)
        bytes.withUnsafeBytes { read(pointer, $0.count, 1, 1, 1, 0, $0.baseAddress) }
        return Value(pointer: pointer)
    }

    /// `base^exponent`, variable time; kept until the next call.
    @discardableResult
    public func power(_ base: Value, _ exponent: Value) -> Value {
        power(results[0].pointer, base.pointer, exponent.pointer, prime.pointer)
        return results[0]
    }

    /// A new value `base^exponent`.
    public func newPower(_ base: Value, _ exponent: Value) -> Value {
        let out = value([0])
        power(out.pointer, base.pointer, exponent.pointer, prime.pointer)
        return out
    }

    /// A new value `a * b`.
    public func newProduct(_ a: Value, _ b: Value) -> Value {
        let out = value([0])
        multiply(out.pointer, a.pointer, b.pointer)
        remainder(out.pointer, out.pointer, prime.pointer)
        return out
    }

    /// Whether `g^m h^r == announcement * commitment^challenge`: one opening proof.
    public func verifiesOpening(
        commitment: Value, announcement: Value, challenge: Value, m: Value, r: Value, g: Value, h: Value
    ) -> Bool {
        let (left, right, product) = (results[1].pointer, results[2].pointer, results[3].pointer)
        power(left, g.pointer, m.pointer, prime.pointer)
        power(right, h.pointer, r.pointer, prime.pointer)
        multiply(product, left, right)
        remainder(product, product, prime.pointer)
        power(right, commitment.pointer, challenge.pointer, prime.pointer)
        multiply(left, right, announcement.pointer)
        remainder(left, left, prime.pointer)
        return compare(product, left) == 0
    }
}
