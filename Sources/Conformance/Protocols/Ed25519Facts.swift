// SPDX-License-Identifier: Apache-2.0
internal import Groups
internal import Primitives

/// Everything that the sets of Ed25519 edge cases say of a signature, computed on the reference curve.
struct Ed25519Facts {
    /// The properties of C2SP/CCTV that do not speak of re-encoding.
    let flags: Set<String>
    /// `[8]([s]B - [k]A - R) = 0`, s as it is.
    let holdsCofactored: Bool
    /// The same without the cofactor.
    let holdsCofactorless: Bool
    /// The equations for a hash over the canonical encodings of R, of A or of both, where those differ from the bytes given.
    let holdsReencoded: Bool
    let holdsReencodedExactly: Bool
    /// `[8 s]B = [8]R + [8 k mod L]A`, for one of those hashes.
    let holdsPrereduced: Bool
    /// s < L.
    let isScalarReduced: Bool
    /// The rule of Zcash before ZIP-215: the bytes of R are recomputed, and are none of libsodium's list of small order.
    let isValidLegacy: Bool

    init(signature: [UInt8], message: [UInt8], key: [UInt8]) throws(CaseFailure) {
        try require(signature.count == 64, "a signature of \(signature.count) bytes")
        let (rBytes, s) = (Array(signature[..<32]), Array(signature[32...]))
        let a = try unwrap(EdwardsCurve.decode(lenient: key), "the key is no point")
        let r = try unwrap(EdwardsCurve.decode(lenient: rBytes), "R is no point")
        let (canonicalA, canonicalR) = (EdwardsCurve.encode(a), EdwardsCurve.encode(r))
        let sB = EdwardsCurve.multiply(s, EdwardsCurve.generator)

        func challenge(_ r: [UInt8], _ a: [UInt8]) -> Ristretto255.Scalar {
            let hash = SHA512.hash(r + a + message)
            return Ristretto255.Scalar(reducingWide: hash.span)
        }
        /// [s]B - [k]A - R.
        func residue(_ k: Ristretto255.Scalar) -> EdwardsCurve.Point {
            EdwardsCurve.add(EdwardsCurve.add(sB, EdwardsCurve.multiply(k.bytes, EdwardsCurve.negate(a))), EdwardsCurve.negate(r))
        }
        let plain = challenge(rBytes, key)
        let rest = residue(plain)
        let others = [(canonicalR, key), (rBytes, canonicalA), (canonicalR, canonicalA)].filter { $0 != rBytes || $1 != key }
            .map { challenge($0, $1) }
        let otherRests = others.map(residue)

        holdsCofactored = EdwardsCurve.isSmallOrder(rest)
        holdsCofactorless = rest == EdwardsCurve.identity
        holdsReencoded = otherRests.contains { EdwardsCurve.isSmallOrder($0) }
        holdsReencodedExactly = otherRests.contains { $0 == EdwardsCurve.identity }
        isScalarReduced = (try? Ristretto255.Scalar(canonical: s.span)) != nil
        let eightR = EdwardsCurve.multiply([8], r)
        let eightSB = EdwardsCurve.multiply([8], sB)
        holdsPrereduced = ([plain] + others).contains { k in
            let reduced = (k * Ristretto255.Scalar(UInt64(8))).bytes
            return EdwardsCurve.add(eightR, EdwardsCurve.multiply(reduced, a)) == eightSB
        }
        let recomputed = EdwardsCurve.encode(EdwardsCurve.add(sB, EdwardsCurve.multiply(plain.bytes, EdwardsCurve.negate(a))))
        isValidLegacy = recomputed == rBytes && !(rBytes[31] < 0x80 && EdwardsCurve.isSmallOrder(r)) && isScalarReduced

        var flags: Set<String> = []
        if EdwardsCurve.isSmallOrder(r) { flags.insert("low_order_R") }
        if EdwardsCurve.isSmallOrder(a) { flags.insert("low_order_A") }
        if !EdwardsCurve.isTorsionFree(r) { flags.insert("low_order_component_R") }
        if !EdwardsCurve.isTorsionFree(a) { flags.insert("low_order_component_A") }
        if canonicalR != rBytes { flags.insert("non_canonical_R") }
        if canonicalA != key { flags.insert("non_canonical_A") }
        if !EdwardsCurve.isTorsionFree(rest) { flags.insert("low_order_residue") }
        self.flags = flags
    }
}
