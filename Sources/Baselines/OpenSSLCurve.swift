// SPDX-License-Identifier: Apache-2.0

/// P-256 in OpenSSL's libcrypto, with the library's general point functions.
public final class OpenSSLCurve: @unchecked Sendable {
    // Used by one thread at a time: the context of temporary integers is shared.
    private typealias Pointer = OpaquePointer?
    private typealias Make = @convention(c) () -> Pointer
    private typealias MakeOf = @convention(c) (Pointer) -> Pointer
    private typealias Decode = @convention(c) (Pointer, Pointer, Bytes?, Int, Pointer) -> Int32
    private typealias Encode = @convention(c) (Pointer, Pointer, Int32, MutableBytes?, Int, Pointer) -> Int
    private typealias Multiply = @convention(c) (Pointer, Pointer, Pointer, Pointer, Pointer, Pointer) -> Int32
    private typealias Add = @convention(c) (Pointer, Pointer, Pointer, Pointer, Pointer) -> Int32
    private typealias Compare = @convention(c) (Pointer, Pointer, Pointer, Pointer) -> Int32
    private typealias FromBytes = @convention(c) (Bytes?, Int32, Pointer) -> Pointer
    private typealias Flags = @convention(c) (Pointer, Int32) -> Void

    private let group: OpaquePointer
    private let context: OpaquePointer
    private let newPoint: MakeOf
    private let decodePoint: Decode
    private let encodePoint: Encode
    private let multiplyPoint: Multiply
    private let addPoints: Add
    private let comparePoints: Compare
    private let integer: FromBytes
    private let setFlags: Flags
    private let release: @convention(c) (Pointer) -> Void
    private let result: OpaquePointer
    /// The name with the version, as results show it.
    public let name: String

    /// A point that is decoded; lives as long as the process.
    public struct Point: @unchecked Sendable {
        fileprivate let pointer: OpaquePointer
    }

    /// An integer; lives as long as the process.
    public struct Integer: @unchecked Sendable {
        fileprivate let pointer: OpaquePointer
    }

    /// libcrypto, if this machine has it.
    public static let p256 = OpenSSLCurve(nid: 415)

    private init?(nid: Int32) {
        guard let library = SharedLibrary(["libcrypto.so.3", "libcrypto.so"]),
            let group = library.function("EC_GROUP_new_by_curve_name", as: (@convention(c) (Int32) -> Pointer).self)?(nid),
            let context = library.function("BN_CTX_new", as: Make.self)?(),
            let newPoint = library.function("EC_POINT_new", as: MakeOf.self),
            let decodePoint = library.function("EC_POINT_oct2point", as: Decode.self),
            let encodePoint = library.function("EC_POINT_point2oct", as: Encode.self),
            let multiplyPoint = library.function("EC_POINT_mul", as: Multiply.self),
            let addPoints = library.function("EC_POINT_add", as: Add.self),
            let comparePoints = library.function("EC_POINT_cmp", as: Compare.self),
            let integer = library.function("BN_bin2bn", as: FromBytes.self),
            let setFlags = library.function("BN_set_flags", as: Flags.self),
            let release = library.function("EC_POINT_free", as: (@convention(c) (Pointer) -> Void).self),
            let result = newPoint(group)
        else { return nil }
        (self.group, self.context, self.newPoint, self.decodePoint) = (group, context, newPoint, decodePoint)
        (self.encodePoint, self.multiplyPoint, self.addPoints) = (encodePoint, multiplyPoint, addPoints)
        (self.comparePoints, self.integer, self.setFlags) = (comparePoints, integer, setFlags)
        (self.release, self.result) = (release, result)
        let version = library.function("OpenSSL_version", as: (@convention(c) (Int32) -> UnsafePointer<CChar>?).self)
        let words = version.flatMap { $0(0) }.map { String(cString: $0).split(separator: " ").prefix(2).joined(separator: " ") }
        name = words ?? "OpenSSL"
    }

    /// An integer of big-endian bytes; `isSecret` asks OpenSSL for its constant-time code.
    public func integer(_ bytes: [UInt8], isSecret: Bool = false) -> Integer? {
        guard let pointer = bytes.withUnsafeBufferPointer({ integer($0.baseAddress, Int32(bytes.count), nil) }) else { return nil }
        if isSecret { setFlags(pointer, 4) }
        return Integer(pointer: pointer)
    }

    /// A new point from its encoding.
    public func point(_ encoding: [UInt8]) -> Point? {
        guard let pointer = newPoint(group) else { return nil }
        let done = encoding.withUnsafeBufferPointer { decodePoint(group, pointer, $0.baseAddress, $0.count, context) }
        return done == 1 ? Point(pointer: pointer) : nil
    }

    /// Decodes 33 bytes into a point that is thrown away.
    public func decodes(_ encodings: [UInt8], at index: Int) -> Bool {
        encodings.withUnsafeBufferPointer { decodePoint(group, result, $0.baseAddress.map { $0 + 33 * index }, 33, context) == 1 }
    }

    /// The compressed encoding: 33 bytes.
    public func encode(_ point: Point) -> [UInt8] {
        var out = [UInt8](repeating: 0, count: 33)
        _ = encodePoint(group, point.pointer, 2, &out, 33, context)
        return out
    }

    /// `base * G + scalar * point`, thrown away; either part may be missing.
    public func multiply(base: Integer?, _ scalar: Integer? = nil, _ point: Point? = nil) -> Bool {
        multiplyPoint(group, result, base?.pointer, point?.pointer, scalar?.pointer, context) == 1
    }

    /// Whether `m * G + r * H == announcement + challenge * commitment`, decoding two points.
    public func verifiesOpening(
        commitment: [UInt8], announcement: [UInt8], challenge: Integer, m: Integer, r: Integer, h: Point
    ) -> Bool {
        guard let c = point(commitment), let t = point(announcement) else { return false }
        defer {
            release(c.pointer)
            release(t.pointer)
        }
        guard multiplyPoint(group, result, m.pointer, h.pointer, r.pointer, context) == 1,
            multiplyPoint(group, c.pointer, nil, c.pointer, challenge.pointer, context) == 1,
            addPoints(group, t.pointer, t.pointer, c.pointer, context) == 1
        else { return false }
        return comparePoints(group, result, t.pointer, context) == 0
    }

}
