// SPDX-License-Identifier: Apache-2.0
internal import Primitives
internal import Transcripts

/// The `expand_message` vectors of RFC 9380, with the intermediate values.
enum ExpandMessageFormat {
    static let format = VectorFormat(
        "RFC 9380 expand_message", standard: "RFC 9380", marker: "uniform_bytes",
        recognises: { $0.json?.has("DST", "hash", "tests") ?? false },
        run: { (file, cases) throws(CaseFailure) in
            let value = try unwrap(file.json, "JSON")
            let expander = try expander(value)
            let dst = Array(try value.text("DST").utf8)
            for (index, test) in try value.list("tests").enumerated() {
                cases.run("#\(index)") { () throws(CaseFailure) in
                    let message = Array(try test.text("msg").utf8)
                    let count = try test.integer("len_in_bytes", in: 1...65535)
                    let result = try expander.expand(message, dst, count)
                    try test.match("DST_prime", result.tag)
                    try test.match("msg_prime", result.input)
                    try test.match("uniform_bytes", result.uniform)
                }
            }
        })

    /// One expansion with its intermediate values.
    struct Expansion {
        let tag: [UInt8]
        let input: [UInt8]
        let uniform: [UInt8]
    }

    /// An expander by its name and hash function.
    struct Expander {
        let expand: ([UInt8], [UInt8], Int) throws(CaseFailure) -> Expansion
    }

    private static func expander(_ value: VectorValue) throws(CaseFailure) -> Expander {
        let (name, hash, k) = (try value.text("name"), try value.text("hash"), try value.unsigned("k"))
        switch (name, hash, k) {
        case ("expand_message_xmd", "SHA256", 128): return xmd(.sha256) { try? expandMessageXMD(.sha256, message: $0, dst: $1, count: $2) }
        case ("expand_message_xmd", "SHA512", 256):
            return xmd(.sha512) { try? expandMessageXMD(.sha512, message: $0, dst: $1, count: $2) }
        case ("expand_message_xof", "SHAKE128", 128): return xof(.shake128, k: 128)
        case ("expand_message_xof", "SHAKE256", 256), ("expand_message_xof", "SHAKE256", 224): return xof(.shake256, k: Int(k))
        default: throw CaseFailure("\(name) with \(hash) is not implemented")
        }
    }

    /// Section 5.3.2 on the engine's functions, and by the engine's own function for its level of security.
    private static func xof(_ function: KeccakFunction, k: Int) -> Expander {
        Expander { (message, dst, count) throws(CaseFailure) in
            let long = Array("H2C-OVERSIZE-DST-".utf8) + dst
            let short = dst.count > 255 ? KeccakXOF.hash(function, long, count: (2 * k + 7) / 8) : dst
            let tag = short + [UInt8(short.count)]
            let input = message + bigEndian16(count) + tag
            let uniform = KeccakXOF.hash(function, input, count: count)
            if k == (function == .shake128 ? 128 : 256) {
                let engine = try attempt("expand_message_xof") { try expandMessageXOF(function, message: message, dst: dst, count: count) }
                try require(engine == uniform, "the engine's function gives other bytes")
            }
            return Expansion(tag: tag, input: input, uniform: uniform)
        }
    }

    /// The expansion after the RFC's text, and by the engine's own function where it has one.
    private static func xmd(_ hash: HashFunction, own: @escaping ([UInt8], [UInt8], Int) -> [UInt8]?) -> Expander {
        Expander { (message, dst, count) throws(CaseFailure) in
            try require(count <= 255 * hash.byteCount, "len_in_bytes")
            let tag = hash.tag(dst)
            let uniform = hash.expand(message, dst: dst, count: count)
            if let engine = own(message, dst, count) { try require(engine == uniform, "the engine's function gives other bytes") }
            return Expansion(tag: tag, input: hash.expansionInput(message, tag: tag, count: count), uniform: uniform)
        }
    }
}
