// SPDX-License-Identifier: Apache-2.0
internal import Groups
internal import Primitives

/// Ed25519: RFC 8032, section 7 in its three variants, and the sets of edge cases.
enum Ed25519Formats {
    static let all = [rfc, signInput, cctv, speccheck, zip215]

    static let rfc = VectorFormat(
        "Ed25519, Ed25519ctx, Ed25519ph", standard: "RFC 8032", marker: "secretKey",
        records: { $0.has("secretKey", "publicKey", "message", "signature") }, case: { $0["name"]?.text },
        check: { (record) throws(CaseFailure) in
            let (seed, message) = (try record.bytes("secretKey"), try record.bytes("message"))
            if record["context"] != nil {
                let variant = Ed25519Variant.context(try record.bytes("context"))
                let (key, signature) = try variant.sign(seed: seed, message: message)
                try record.match("publicKey", key)
                try record.match("signature", signature)
                try require(variant.verify(signature, message, key), "the signature does not verify")
                return
            }
            // A record of the prehashed variant looks like one of the pure variant: the signature tells.
            let expected = try record.bytes("signature")
            let (key, prehashed) = try Ed25519Variant.prehashed.sign(seed: seed, message: message)
            if prehashed == expected {
                try record.match("publicKey", key)
                return try require(Ed25519Variant.prehashed.verify(expected, message, key), "the signature does not verify")
            }
            try pure(seed: seed, message: message, key: record.bytes("publicKey"), signature: expected)
        })

    /// Lines `secret key and public key : public key : message : signature and message :` of ed25519.cr.yp.to.
    static let signInput = VectorFormat(
        "Ed25519 sign.input", standard: "RFC 8032",
        recognises: { file in
            guard file.json == nil, let line = file.text?.prefix(while: { !$0.isNewline }) else { return false }
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            return fields.count == 5 && fields[0].utf8.count == 128 && fields[1].utf8.count == 64 && fields[4].isEmpty
        },
        run: { (file, cases) throws(CaseFailure) in
            var lines = file.lines
            if lines.last == "" { lines.removeLast() }
            for (index, line) in lines.enumerated() {
                cases.run("line \(index + 1)") { () throws(CaseFailure) in
                    let parts = line.split(separator: ":", omittingEmptySubsequences: false)
                    try require(parts.count == 5 && parts[4].isEmpty, "\(parts.count) fields")
                    let secret = try VectorValue.bytes(hex: String(parts[0]))
                    let key = try VectorValue.bytes(hex: String(parts[1]))
                    let message = try VectorValue.bytes(hex: String(parts[2]))
                    let signed = try VectorValue.bytes(hex: String(parts[3]))
                    try require(secret.count == 64 && signed.count >= 64, "fields of other lengths")
                    try require(Array(secret[32...]) == key, "the secret key ends in another public key")
                    try require(Array(signed[64...]) == message, "the signed message ends in another message")
                    try pure(seed: Array(secret[..<32]), message: message, key: key, signature: Array(signed[..<64]))
                }
            }
        })

    /// The engine's key, signature and verdict, and the reference's.
    private static func pure(seed: [UInt8], message: [UInt8], key: [UInt8], signature: [UInt8]) throws(CaseFailure) {
        let (referenceKey, reference) = try Ed25519Variant.pure.sign(seed: seed, message: message)
        let ownKey = try attempt("the secret key") { try Ed25519.publicKey(seed: seed.span) }
        let own = try attempt("the secret key") { try Ed25519.sign(seed: seed.span, message: message) }
        try require(ownKey == key && referenceKey == key, "the public key differs")
        try require(own == signature && reference == signature, "the signature differs")
        try require(Ed25519.verify(signature: signature, message: message, publicKey: key), "the signature does not verify")
        try require(Ed25519Rule.verify(signature, message, key), "the signature does not verify by the reference")
        try require(!Ed25519.verify(signature: signature, message: message + [0], publicKey: key), "another message verifies")
    }

    // MARK: Edge cases: the rule of docs/protocol.md, section 1

    /// C2SP/CCTV: every flag is computed; the rule's verdict follows from the flags.
    static let cctv = VectorFormat(
        "Ed25519 edge cases of CCTV", standard: "Ed25519, rule of docs/protocol.md", marker: "low_order_A",
        records: { $0.has("number", "key", "sig", "msg") }, case: { "\($0["number"]?.unsigned ?? 0)" },
        check: { (record) throws(CaseFailure) in
            let (key, signature) = (try record.bytes("key"), try record.bytes("sig"))
            let message = Array(try record.text("msg").utf8)
            var flags: Set<String> = []
            if record["flags"] != nil { flags = Set(try record.list("flags").compactMap(\.text)) }
            let facts = try Ed25519Facts(signature: signature, message: message, key: key)
            let isReencoded = flags.remove("reencoded_k") != nil
            try require(flags == facts.flags, "flags \(flags.sorted()), computed \(facts.flags.sorted())")
            // Without re-encoding, the equation holds up to the cofactor; with it, for a hash of re-encoded points.
            try require(
                isReencoded ? facts.holdsReencoded : facts.holdsCofactored, "reencoded_k is \(isReencoded), the equation says otherwise")
            let refused: Set<String> = ["low_order_A", "non_canonical_A", "non_canonical_R", "low_order_residue"]
            try settle(signature, message, key, expected: flags.isDisjoint(with: refused))
        })

    /// novifinancial/ed25519-speccheck: both equations are computed, and the rule's verdict from its parts.
    static let speccheck = VectorFormat(
        "Ed25519 speccheck", standard: "Ed25519, rule of docs/protocol.md", marker: "equation_cofactored",
        records: { $0.has("pub_key", "signature", "equation_cofactored") }, case: { "\($0["index"]?.unsigned ?? 0)" },
        check: { (record) throws(CaseFailure) in
            let (key, signature, message) = (try record.bytes("pub_key"), try record.bytes("signature"), try record.bytes("message"))
            let facts = try Ed25519Facts(signature: signature, message: message, key: key)
            let isExact = facts.holdsCofactorless || facts.holdsReencodedExactly
            try record.match("equation_cofactorless", text: isExact ? "V" : "X")
            // V*: valid with the cofactor alone, and only if 8 k is not reduced modulo L.
            let holds = facts.holdsCofactored || facts.holdsReencoded
            let isStarred = holds && !isExact && !facts.holdsPrereduced
            try record.match("equation_cofactored", text: isStarred ? "V*" : holds ? "V" : "X")
            try settle(signature, message, key, expected: Ed25519Rule.verify(signature, message, key))
        })

    /// The set of ZIP-215: the verdicts of that rule and of the one before it are computed; ours refuses keys of small order.
    static let zip215 = VectorFormat(
        "Ed25519 set of ZIP-215", standard: "Ed25519, rule of docs/protocol.md", marker: "valid_zip215",
        records: { $0.has("vk_bytes", "sig_bytes", "valid_zip215") }, case: { _ in nil },
        check: { (record) throws(CaseFailure) in
            let (key, signature) = (try record.bytes("vk_bytes"), try record.bytes("sig_bytes"))
            let message = Array("Zcash".utf8)
            let facts = try Ed25519Facts(signature: signature, message: message, key: key)
            try record.match("valid_zip215", facts.holdsCofactored && facts.isScalarReduced)
            try record.match("valid_legacy", facts.isValidLegacy)
            try settle(signature, message, key, expected: Ed25519Rule.verify(signature, message, key))
        })

    /// The engine's verdict against the expected one and the reference's.
    private static func settle(_ signature: [UInt8], _ message: [UInt8], _ key: [UInt8], expected: Bool) throws(CaseFailure) {
        let isAccepted = Ed25519.verify(signature: signature, message: message, publicKey: key)
        try requireVerdict(isAccepted, expected: expected)
        try require(isAccepted == Ed25519Rule.verify(signature, message, key), "the two verifiers disagree")
    }
}
