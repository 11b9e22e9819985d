// SPDX-License-Identifier: Apache-2.0
import CSodium
import Groups

typealias R255 = Ristretto255

/// A reproducible stream (SplitMix64).
struct TestRandom {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) } }

    mutating func scalar() -> R255.Scalar { R255.Scalar(reducingWide: bytes(64).span) }

    mutating func points(_ count: Int) -> [R255.Point] { R255.points(uniformBytes: bytes(64 * count).span) }
}

/// The bytes of piece `index` of `size` bytes.
func piece(_ bytes: [UInt8], _ index: Int, _ size: Int = 32) -> [UInt8] { Array(bytes[size * index..<size * (index + 1)]) }

/// `q - 1`.
let largestScalar = R255.Scalar.zero - .one

/// Scalars at which recoding and reduction can go wrong.
let edgeScalars: [R255.Scalar] =
    [.zero, .one, largestScalar, largestScalar - .one, R255.Scalar(UInt64.max), R255.Scalar(UInt128.max), R255.Scalar(UInt128.max >> 1)]
    + (0..<253).flatMap { bit -> [R255.Scalar] in
        var limbs: [UInt64] = [0, 0, 0, 0]
        limbs[bit / 64] = 1 << UInt64(bit % 64)
        let power = R255.Scalar(limbs: limbs.span)
        return [power, power - .one, -power]
    }

/// `scalar * point` by libsodium; the identity for both refusals of its interface.
func sodiumMultiply(_ scalar: R255.Scalar, _ encoding: [UInt8]) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: 32)
    return crypto_scalarmult_ristretto255(&result, scalar.bytes, encoding) == 0 ? result : [UInt8](repeating: 0, count: 32)
}

/// `sum scalars[i] * points[i]` one by one, by libsodium.
func sodiumSum(_ scalars: [R255.Scalar], _ encodings: [UInt8]) -> [UInt8] {
    var sum = [UInt8](repeating: 0, count: 32)
    for i in scalars.indices {
        var next = [UInt8](repeating: 0, count: 32)
        let term = sodiumMultiply(scalars[i], piece(encodings, i))
        _ = crypto_core_ristretto255_add(&next, sum, term)
        sum = next
    }
    return sum
}
