// SPDX-License-Identifier: Apache-2.0

import ConsentModel
import RelationNotation
import Testing

/// The examples of draft-irtf-cfrg-sigma-protocols-03, "Specifying the relation", as they are printed there.
@Suite struct DraftNotationTests {
    struct Example: Sendable {
        let text: String
        let elements: [String]
        let equations: [String]
    }

    static let examples = [
        Example(
            text: """
                Relation ChaumPedersen(H, X, Y):
                  Witness: x
                  Equations:
                    X = x * G
                    Y = x * H
                """,
            elements: ["G", "H", "X", "Y"],
            equations: ["Equation(image=[(2, 1)], terms=[(0, 0, 1)])", "Equation(image=[(3, 1)], terms=[(0, 1, 1)])"]),
        Example(
            text: """
                Relation PedersenOpening(H, C):
                  Witness: m, r
                  Equations:
                    C = m * G + r * H
                """,
            elements: ["G", "H", "C"], equations: ["Equation(image=[(2, 1)], terms=[(0, 0, 1), (1, 1, 1)])"]),
        Example(
            text: """
                Relation OpensTo(m, H, C):
                  Witness: r
                  Equations:
                    C = m * G + r * H
                """,
            elements: ["G", "H", "C"], equations: ["Equation(image=[(2, 1), (0, -m)], terms=[(0, 1, 1)])"]),
        Example(
            text: """
                Relation ElGamalDecryption(X, E0, E1, M):
                  Witness: x
                  Equations:
                    X = x * G
                    M = x * E0 - E1
                """,
            elements: ["G", "X", "E0", "E1", "M"],
            equations: ["Equation(image=[(1, 1)], terms=[(0, 0, 1)])", "Equation(image=[(4, 1), (3, 1)], terms=[(0, 2, 1)])"]),
        Example(
            text: """
                Relation ElGamalDecryption(X, E0, E1, M):
                  Witness: x
                  Equations:
                    X = x * G
                    M + E1 = x * E0
                """,
            elements: ["G", "X", "E0", "E1", "M"],
            equations: ["Equation(image=[(1, 1)], terms=[(0, 0, 1)])", "Equation(image=[(4, 1), (3, 1)], terms=[(0, 2, 1)])"]),
        Example(
            text: """
                Relation AggregateEncryption(X1, X2, M, E0, E1):
                  Witness: r
                  Equations:
                    E0 = r * G
                    M + E1 = r * (X1 + X2)
                """,
            elements: ["G", "X1", "X2", "M", "E0", "E1"],
            equations: [
                "Equation(image=[(4, 1)], terms=[(0, 0, 1)])", "Equation(image=[(3, 1), (5, 1)], terms=[(0, 1, 1), (0, 2, 1)])",
            ]),
        Example(
            text: """
                Relation Bit(H, C):
                  Witness: b, r, s
                  Equations:
                    C = b * G + r * H
                    C = b * C + s * H
                """,
            elements: ["G", "H", "C"],
            equations: [
                "Equation(image=[(2, 1)], terms=[(0, 0, 1), (1, 1, 1)])", "Equation(image=[(2, 1)], terms=[(0, 2, 1), (2, 1, 1)])",
            ]),
        // "2 * r * (X1 - X2) denotes 2 * r * X1 - 2 * r * X2"
        Example(
            text: """
                Relation Distributed(X1, X2, Y):
                  Witness: r
                  Equations:
                    Y = 2 * r * (X1 - X2)
                """,
            elements: ["G", "X1", "X2", "Y"], equations: ["Equation(image=[(3, 1)], terms=[(0, 1, 2), (0, 2, -2)])"]),
    ]

    @Test(arguments: examples.indices) func compilesAsPrinted(_ index: Int) throws {
        let example = Self.examples[index]
        let relation = try unrolled(example.text)
        #expect(relation.elementNames == example.elements)
        #expect(relation.indexNotation == example.equations)
        #expect(try unrolled(relation.notation).indexNotation == example.equations)
    }

    @Test func vectorsFamiliesSizesAndConstants() throws {
        let text = """
            # A comment.
            Relation family(X[0..n-1], M[0..1][0..1], v, Y):
              Sizes: n = 2, k
              Constants: two = 2, p = 2^70, e = p - v0 * 3
              Witness: x[0..n-1],
                y
              Equations:
                for i in 0..n-1:
                  X[i] = (i + 1) * x[i] * G   # one
                  for j in 0..1: M[i][j] = two^i * (p + v) * x[j] * G
                Y = sum(sum(M[i][j] * x[i] for j in 0..1) for i in 0..n-1)
                  + y * G
            """
        #expect(throws: ModelError.self) { try unrolled(text, sizes: ["k": 1]) }
        let good = text.replacing(", e = p - v0 * 3", with: "").replacing("0..n-1)\n      + y", with: "0..n-1) +\n      y")
        let relation = try unrolled(good, sizes: ["k": 1])
        #expect(relation.elementNames == ["G", "X[0]", "X[1]", "M[0][0]", "M[0][1]", "M[1][0]", "M[1][1]", "Y"])
        #expect(relation.witnessNames == ["x[0]", "x[1]", "y"])
        #expect(relation.scalarNames == ["v"])
        #expect(
            relation.indexNotation == [
                "Equation(image=[(1, 1)], terms=[(0, 0, 1)])",
                "Equation(image=[(3, 1)], terms=[(0, 0, p + v)])",
                "Equation(image=[(4, 1)], terms=[(1, 0, p + v)])",
                "Equation(image=[(2, 1)], terms=[(1, 0, 2)])",
                "Equation(image=[(5, 1)], terms=[(0, 0, 2 * (p + v))])",
                "Equation(image=[(6, 1)], terms=[(1, 0, 2 * (p + v))])",
                "Equation(image=[(7, 1)], terms=[(0, 3, 1), (0, 4, 1), (1, 5, 1), (1, 6, 1), (2, 0, 1)])",
            ])
        #expect(try unrolled(relation.notation).indexNotation == relation.indexNotation)
        #expect(relation.sizes == ["n": 2, "k": 1])
    }

    /// A vector may be empty; a term on the wrong side crosses with its sign.
    /// The notation has no `a^b^c`: a power of a power is printed in parentheses, and what is printed compiles to the same.
    @Test func powersOfPowersArePrintedInParentheses() throws {
        let text = """
            Relation t(X, p):
              Constants: k = (9^99)^99
              Witness: x
              Equations:
                X = k * (p^2)^3 * ((p + 1)^2)^2 * x * G

            """
        let relation = try RelationDeclaration(parsing: Array(text.utf8)).unrolled()
        #expect(relation.notation.contains("k = (9^99)^99") && relation.notation.contains("(p^2)^3"), "\(relation.notation)")
        let again = try RelationDeclaration(parsing: Array(relation.notation.utf8)).unrolled()
        #expect(again.notation == relation.notation && again.indexNotation == relation.indexNotation)
    }

    @Test func emptyVectorsAndCrossing() throws {
        let text = """
            Relation r(A[1..n], H, C):
              Sizes: n
              Witness: x[1..n], s
              Equations:
                C - s * H = sum(x[i] * A[i] for i in 1..n)
            """
        #expect(try unrolled(text, sizes: ["n": 0]).indexNotation == ["Equation(image=[(2, 1)], terms=[(0, 1, 1)])"])
        #expect(
            try unrolled(text, sizes: ["n": 1]).indexNotation == ["Equation(image=[(3, 1)], terms=[(1, 2, 1), (0, 1, 1)])"])
    }
}
