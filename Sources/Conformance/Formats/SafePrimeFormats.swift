// SPDX-License-Identifier: Apache-2.0
internal import Arithmetic

/// The safe primes of RFC 3526 and RFC 7919: p, q and the order of the generator.
enum SafePrimeFormats {
    static let all = [table, text]

    static let table = VectorFormat(
        "safe primes", standard: "RFC 3526, RFC 7919", marker: "safe_prime",
        records: { $0.has("p", "q", "g", "bits") }, case: { $0["id"]?.text },
        check: { (record) throws(CaseFailure) in
            let prime = try SafePrime(record.bytes("p"), generator: record.unsigned("g"))
            try record.match("bits", UInt64(prime.bitWidth))
            try record.match("safe_prime", prime.isSafe)
            try record.match("q", prime.half)
            try record.match("g_has_order_q", prime.generatorHasOrderQ)
            try prime.checkFrame(source: record.text("source"))
            try prime.refuseHostileElements()
        })

    static let text = VectorFormat(
        "safe primes as text", standard: "RFC 3526",
        recognises: { file in
            guard file.json == nil, let text = file.text else { return false }
            return text.contains("COUNT = ") && text.contains("\nP = ") && text.contains("\nG = ")
        },
        run: { (file, cases) throws(CaseFailure) in
            var count = 0
            var prime: [UInt8]?
            var bits: Int?
            for line in file.lines {
                if line.hasPrefix("# "), let dash = line.dropFirst(2).firstIndex(of: "-") {
                    bits = Int(line[line.index(line.startIndex, offsetBy: 2)..<dash]) ?? bits
                } else if line.hasPrefix("COUNT = ") {
                    let number = Int(line.dropFirst(8))
                    let expected = count
                    cases.run("COUNT \(line.dropFirst(8))") { () throws(CaseFailure) in
                        try require(number == expected, "the groups are numbered in another order")
                    }
                    count += 1
                } else if line.hasPrefix("P = ") {
                    prime = try VectorValue.bytes(hex: String(line.dropFirst(4)))
                } else if line.hasPrefix("G = ") {
                    let (p, width, digits) = (prime, bits, String(line.dropFirst(4)))
                    cases.run("group \(count - 1)") { () throws(CaseFailure) in
                        let generator = try unwrap(UInt64(digits, radix: 16), "G is no integer")
                        let prime = try SafePrime(unwrap(p, "no P before G"), generator: generator)
                        try require(width == nil || width == prime.bitWidth, "P of \(prime.bitWidth) bits")
                        try require(prime.isSafe && prime.generatorHasOrderQ, "no safe prime, or G of another order")
                        try prime.checkFrame(source: "RFC 3526")
                        try prime.refuseHostileElements()
                    }
                    (prime, bits) = (nil, nil)
                } else if !line.isEmpty, !line.hasPrefix("#") {
                    cases.fail("line", "no line of this format: \(line.prefix(40))")
                }
            }
            if prime != nil { cases.fail("the last group", "P without G") }
        })
}

/// One safe prime with its small generator, on the engine's arithmetic.
struct SafePrime {
    private let p: [UInt8]
    private let integer: BigInteger
    private let field: PrimeField?
    private let generator: UInt64

    init(_ bytes: [UInt8], generator: UInt64) throws(CaseFailure) {
        p = Array(bytes.drop { $0 == 0 })
        try require(!p.isEmpty && p.count <= 1024, "p of \(p.count) bytes")
        integer = BigInteger(p)
        self.generator = generator
        // The engine's moduli end at 4096 bits; larger primes of RFC 3526 are checked by their form only.
        field = integer.bitWidth <= PrimeModulus.maximumBitWidth ? try unwrap(PrimeField(prime: p), "p is no odd prime") : nil
    }

    var bitWidth: Int { integer.bitWidth }
    /// (p - 1) / 2 in whole bytes.
    var half: [UInt8] { integer.halved }
    /// Whether (p - 1) / 2 is prime too.
    var isSafe: Bool { field == nil || PrimeField(prime: half) != nil }

    /// Whether `g != 1` and `g^q = 1`, q prime.
    var generatorHasOrderQ: Bool {
        guard let field else { return generator == 2 }
        let g = field.element(reducing: (0..<8).map { UInt8(truncatingIfNeeded: generator >> UInt64(56 - 8 * $0)) })
        return generator > 1 && field.power(g, half) == field.element(1)
    }

    /// Both families have 64 ones at either end; in between, RFC 3526 takes the digits of pi and RFC 7919 those of e.
    func checkFrame(source: String) throws(CaseFailure) {
        try require(p.count % 64 == 0 && p.prefix(8).allSatisfy { $0 == 0xff } && p.suffix(8).allSatisfy { $0 == 0xff }, "another form")
        let digits = Array(p[8..<16])
        switch source {
        case "RFC 3526": try require(digits == [0xc9, 0x0f, 0xda, 0xa2, 0x21, 0x68, 0xc2, 0x34], "the digits are not those of pi")
        case "RFC 7919": try require(digits == [0xad, 0xf8, 0x54, 0x58, 0xa2, 0xbb, 0x4a, 0x9a], "the digits are not those of e")
        default: throw CaseFailure("source is neither RFC 3526 nor RFC 7919")
        }
    }

    /// 0, 1 as a generator, p - 1 and a non-residue are no elements of order q.
    func refuseHostileElements() throws(CaseFailure) {
        guard let field else { return }
        let one = field.element(1)
        let minusOne = field.element(0) - one
        try require(field.power(minusOne, half) != one, "p - 1 has order q")
        try require(field.element(p) == nil, "p is reduced")
        try require(field.power(minusOne * field.element(4), half) != one, "-4 has order q")
    }
}

/// An unsigned integer in big-endian bytes without leading zeros.
private struct BigInteger {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var bitWidth: Int { bytes.isEmpty ? 0 : 8 * bytes.count - bytes[0].leadingZeroBitCount }

    /// Shifted right by one bit, as many bytes.
    var halved: [UInt8] {
        var carry: UInt8 = 0
        return bytes.map { byte in
            defer { carry = byte << 7 }
            return byte >> 1 | carry
        }
    }
}
