// SPDX-License-Identifier: Apache-2.0
internal import Arithmetic
internal import Groups
internal import Synchronization

/// One safe prime of RFC 3526, RFC 2409 or RFC 7919 with its small generator, on the engine's arithmetic and in the engine's group.
struct SafePrime {
    private let p: [UInt8]
    private let generator: UInt64
    /// (p - 1) / 2 in as many bytes.
    let half: [UInt8]

    init(_ bytes: [UInt8], generator: UInt64) throws(CaseFailure) {
        p = Array(bytes.drop { $0 == 0 })
        try require(!p.isEmpty && 8 * p.count <= PrimeModulus.maximumBitWidth, "p of \(p.count) bytes")
        self.generator = generator
        var carry: UInt8 = 0
        half = p.map { byte in
            defer { carry = byte << 7 }
            return byte >> 1 | carry
        }
    }

    var bitWidth: Int { 8 * p.count - (p.first?.leadingZeroBitCount ?? 0) }

    // MARK: The formula

    /// The integers that are added to the digits so that p and q become prime.
    private static let offsets: [String: [Int: UInt64]] = [
        "RFC 3526": [
            768: 149_686, 1024: 129_093, 1536: 741_804, 2048: 124_476, 3072: 1_690_314, 4096: 240_904, 6144: 929_484, 8192: 4_743_158,
        ],
        "RFC 7919": [2048: 560_316, 3072: 2_625_351, 4096: 5_736_041, 6144: 15_705_020, 8192: 10_965_728],
    ]

    /// `p = 2^n - 2^(n-64) - 1 + 2^64 (floor(2^(n-130) x) + offset)`, x = pi in RFC 3526 and e in RFC 7919; the generator is 2.
    func checkFormula(source: String) throws(CaseFailure) {
        let offsets = try unwrap(Self.offsets[source], "source is neither RFC 3526 nor RFC 7919")
        let offset = try unwrap(offsets[bitWidth], "\(source) has no prime of \(bitWidth) bits")
        let count = bitWidth / 64 - 2
        var digits = source == "RFC 3526" ? Constants.pi(limbs: count) : Constants.e(limbs: count)
        // The lowest 64 ones take one from the digits.
        var carry = offset - 1
        for index in digits.indices.reversed() {
            let sum = UInt64(digits[index]) + carry
            (digits[index], carry) = (UInt8(truncatingIfNeeded: sum), sum >> 8)
        }
        let ones = [UInt8](repeating: 0xff, count: 8)
        try require(carry == 0 && p == ones + digits + ones, "p is not what the formula of \(source) gives")
        try require(generator == 2, "the generator of \(source) is 2")
    }

    // MARK: Primality

    /// Verdicts by prime: at 8192 bits one takes seconds, and one run of the program may meet a prime several times.
    private static let verdicts = Mutex<[[UInt8]: Bool]>([:])

    /// Whether p and (p - 1) / 2 are prime.
    var isSafe: Bool {
        if let verdict = Self.verdicts.withLock({ $0[p] }) { return verdict }
        let verdict = Primality.isSafePrime(p.span, order: .big)
        Self.verdicts.withLock { $0[p] = verdict }
        return verdict
    }

    // MARK: The group

    /// Whether `g != 1` and `g^q = 1`, q prime.
    var generatorHasOrderQ: Bool {
        guard (2..<256).contains(generator), isSafe else { return false }
        let limbs = stride(from: p.count, to: 0, by: -8).map { end in
            p[max(0, end - 8)..<end].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        }
        let field = PrimeField(PrimeModulus(published: limbs))
        return field.power(field.element(UInt8(truncatingIfNeeded: generator)), half) == field.element(1)
    }

    /// The engine's group of this prime: parameters, encoding and refusal of what is no element of order q.
    func checkGroup() throws(CaseFailure) {
        switch (bitWidth, p[8]) {
        case (1536, 0xc9): try check(SafePrimes.Modp1536.self)
        case (2048, 0xc9): try check(SafePrimes.Modp2048.self)
        case (3072, 0xc9): try check(SafePrimes.Modp3072.self)
        case (4096, 0xc9): try check(SafePrimes.Modp4096.self)
        case (6144, 0xc9): try check(SafePrimes.Modp6144.self)
        case (8192, 0xc9): try check(SafePrimes.Modp8192.self)
        case (2048, 0xad): try check(SafePrimes.FFDHE2048.self)
        case (3072, 0xad): try check(SafePrimes.FFDHE3072.self)
        case (4096, 0xad): try check(SafePrimes.FFDHE4096.self)
        case (6144, 0xad): try check(SafePrimes.FFDHE6144.self)
        case (8192, 0xad): try check(SafePrimes.FFDHE8192.self)
        default: return
        }
    }

    private func check<Parameters: SafePrimeParameters>(_: Parameters.Type) throws(CaseFailure) {
        typealias G = SafePrimeGroup<Parameters>
        try require(Parameters.constants.modulus == p, "the engine's prime differs")
        try require(Array(Parameters.constants.groupOrder.drop { $0 == 0 }) == Array(half.drop { $0 == 0 }), "the engine's q differs")
        let zeros = [UInt8](repeating: 0, count: p.count - 1)
        let encoded = G.encode([G.generator])
        try require(encoded == zeros + [UInt8(truncatingIfNeeded: generator)], "the engine's generator differs")
        try require((try? G.decode(canonical: encoded.span)) == [G.generator], "the generator does not decode")
        let four = G.add(G.generator, G.generator)
        try require(G.encode([four]) == zeros + [4], "the square of the generator differs")
        // p - 1 and -4 are no squares; 0 and p are none either; an encoding has as many bytes as p.
        var (minusOne, minusFour) = (p, p)
        minusOne[p.count - 1] -= 1
        minusFour[p.count - 1] -= 4
        for hostile in [zeros + [0], minusOne, minusFour, p, Array(encoded.dropFirst()), [0] + encoded] {
            try require((try? G.decode(canonical: hostile.span))?.count != 1, "what is no element of order q is decoded")
        }
        let identity = G.encode([G.identity])
        try require(identity == zeros + [1], "the neutral element differs")
    }
}
