// SPDX-License-Identifier: Apache-2.0

/// The safe primes of RFC 3526 and RFC 7919: p, q and the order of the generator.
enum SafePrimeFormats {
    static let all = [table, text]

    static let table = VectorFormat(
        "safe primes", standard: "RFC 3526, RFC 7919", marker: "safe_prime",
        records: { $0.has("p", "q", "g", "bits") }, case: { $0["id"]?.text },
        check: { (record) throws(CaseFailure) in
            let prime = try SafePrime(record.bytes("p"), generator: record.unsigned("g"))
            try record.match("bits", UInt64(prime.bitWidth))
            try record.match("q", prime.half)
            try prime.checkFormula(source: record.text("source"))
            try record.match("safe_prime", prime.isSafe)
            try record.match("g_has_order_q", prime.generatorHasOrderQ)
            try prime.checkGroup()
        })

    static let text = VectorFormat(
        "safe primes as text", standard: "RFC 3526",
        recognises: { file in
            guard file.json == nil, file.bytes.count < 1 << 20 else { return false }
            let lines = file.lines
            return ["COUNT = ", "P = ", "G = "].allSatisfy { start in lines.contains { $0.hasPrefix(start) } }
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
                        try prime.checkFormula(source: "RFC 3526")
                        try require(prime.isSafe && prime.generatorHasOrderQ, "no safe prime, or G of another order")
                        try prime.checkGroup()
                    }
                    (prime, bits) = (nil, nil)
                } else if !line.isEmpty, !line.hasPrefix("#") {
                    cases.fail("line", "no line of this format: \(line.prefix(40))")
                }
            }
            if prime != nil { cases.fail("the last group", "P without G") }
        })
}
