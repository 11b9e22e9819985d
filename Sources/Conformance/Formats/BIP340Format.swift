// SPDX-License-Identifier: Apache-2.0

/// The table of BIP-340: keys, signatures with the given randomness, verdicts.
enum BIP340Format {
    static let format = VectorFormat(
        "BIP-340 signatures", standard: "BIP-340",
        recognises: { $0.json == nil && $0.text?.hasPrefix("index,secret key,public key,aux_rand,message,signature") ?? false },
        run: { (file, cases) throws(CaseFailure) in
            for (index, line) in file.lines.dropFirst().enumerated() where !line.isEmpty {
                let fields = line.split(separator: ",", maxSplits: 7, omittingEmptySubsequences: false).map(String.init)
                cases.run("index \(fields.first ?? "?") (line \(index + 2))") { () throws(CaseFailure) in
                    try require(fields.count == 8, "\(fields.count) columns")
                    try check(fields)
                }
            }
        })

    private static func check(_ fields: [String]) throws(CaseFailure) {
        let key = try VectorValue.bytes(hex: fields[2])
        let message = try VectorValue.bytes(hex: fields[4])
        let signature = try VectorValue.bytes(hex: fields[5])
        try require(["TRUE", "FALSE"].contains(fields[6]), "the result is neither TRUE nor FALSE")
        if !fields[1].isEmpty {
            let secret = try VectorValue.bytes(hex: fields[1])
            try require(SchnorrSignature.publicKey(secret) == key, "the public key differs")
            let own = try SchnorrSignature.sign(secret: secret, message: message, randomness: VectorValue.bytes(hex: fields[3]))
            try require(own == signature, "the signature differs")
        }
        try requireVerdict(SchnorrSignature.verify(signature, message: message, key: key), expected: fields[6] == "TRUE")
    }
}
