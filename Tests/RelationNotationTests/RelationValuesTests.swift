// SPDX-License-Identifier: Apache-2.0

import ConsentModel
import Groups
import RelationNotation
import TestSupport
import Testing

/// Values and witnesses in JSON.
@Suite struct RelationValuesTests {
    typealias G = Ristretto255

    static func point(_ k: UInt64) -> [UInt8] { G.encode([G.vartimeMultiScalarMul([G.Scalar(k)], [G.generator])]) }

    static let text = """
        Relation r(a, X, Y[1..n], M[0..1][0..n-1], C):
          Sizes: n
          Witness: x, y[1..n]
          Equations:
            X = a * x * G
            C = sum(y[i] * Y[i] for i in 1..n) + sum(sum(x * M[i][j] for j in 0..n-1) for i in 0..1)
        """

    static func compile(_ json: String) throws {
        let declaration = try RelationDeclaration(parsing: Array(text.utf8))
        let values = try RelationValues(parsing: Array(json.utf8))
        let relation = try declaration.unrolled(sizes: try values.sizes(of: declaration))
        _ = try relation.compiled(G.self, values: values)
    }

    static func json(_ change: (inout [String: String]) -> Void = { _ in }) -> String {
        let p = (1...9).map { "\"\(hex(point(UInt64($0))))\"" }
        var members = [
            "n": "2", "a": "-3", "X": p[0], "Y": "[\(p[1]), \(p[2])]", "M": "[[\(p[3]), \(p[4])], [\(p[5]), \(p[6])]]", "C": p[7],
        ]
        change(&members)
        return "{" + members.map { "\"\($0)\": \($1)" }.joined(separator: ", ") + "}"
    }

    @Test func accepted() throws {
        try Self.compile(Self.json())
        try Self.compile(Self.json { $0["a"] = "\"\(hex([3] + [UInt8](repeating: 0, count: 31)))\"" })
        // Base64 of the same length in bytes.
        try Self.compile(Self.json { $0["a"] = "\"AwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"" })
    }

    static let refused: [(String, String, String?)] = [
        ("X", "the value of X is missing", nil), ("n", "the size n is not given", nil), ("n", "not an integer", "\"2\""),
        ("Y", "not a list of 2 values", "[]"), ("M", "not a list of 2 values", "[[], []]"),
        ("Y", "not an element of ristretto255", "[1, 2]"),
        ("X", "not an element", "\"00\""), ("X", "not the canonical encoding", "\"\(String(repeating: "ff", count: 32))\""),
        ("X", "the element X is the identity", "\"\(String(repeating: "00", count: 32))\""),
        ("a", "not below the order", "\"\(String(repeating: "ff", count: 32))\""), ("a", "not a scalar", "1.5"),
        ("a", "not a scalar", "null"),
        ("Z", "no parameter or size Z", "1"), ("x", "stays secret", "1"), ("Cc", "did you mean C?", "1"),
    ]

    @Test(arguments: refused.indices) func isRefused(_ index: Int) throws {
        let (name, words, value) = Self.refused[index]
        let error = #expect(throws: ModelError.self) { try Self.compile(Self.json { $0[name] = value }) }
        #expect("\(error.map { "\($0)" } ?? "")".contains(words), "\(String(describing: error))")
    }

    @Test func witnessesAreNotPrinted() throws {
        let relation = try RelationDeclaration(parsing: Array(Self.text.utf8)).unrolled(sizes: ["n": 1])
        let secret = String(repeating: "e", count: 64)
        for (json, words) in [
            ("{\"x\": \"\(secret)\", \"y\": [1]}", "not below"), ("{\"x\": \"\(secret)0\", \"y\": [1]}", "not a scalar"),
            ("{\"x\": 1, \"y\": [\"\(secret)\"]}", "y[1]"), ("{\"x\": 1}", "missing"), ("{\"x\": 1, \"y\": [1], \"a\": 1}", "public value"),
        ] {
            let values = try RelationValues(parsing: Array(json.utf8))
            let error = #expect(throws: ModelError.self) {
                try values.refuseUnknown(relation, isWitness: true)
                _ = try values.witness(of: relation, G.self)
            }
            let text = error.map { "\($0)" } ?? ""
            #expect(text.contains(words) && !text.contains("eeee"), "\(text)")
        }
    }

    @Test func suitesAreNamed() {
        #expect(ProofSuite(named: "Ristretto255") == .ristretto255)
        #expect(ProofSuite(named: "toy1019") == nil)
        #expect(ProofSuite(named: "BLS12381") == .bls12381 && ProofSuite(named: "bls12381g1") == .bls12381)
    }
}
