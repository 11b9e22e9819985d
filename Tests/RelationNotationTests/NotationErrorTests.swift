// SPDX-License-Identifier: Apache-2.0

import ConsentModel
import RelationNotation
import TestSupport
import Testing

/// What is refused, where, and in which words.
@Suite struct NotationErrorTests {
    struct Case: Sendable {
        let text: String
        let code: String
        let line: Int
        let column: Int
        let words: String
    }

    /// A relation with these equations; the first is on line 4, column 5.
    static func with(_ equations: String, parameters: String = "H, X, Y", witness: String = "x") -> String {
        "Relation r(\(parameters)):\n  Witness: \(witness)\n  Equations:\n    \(equations)\n"
    }

    static let cases = [
        Case(text: "", code: "syntax", line: 1, column: 1, words: "\"Relation\", not the end"),
        Case(text: "Relaton r(X):", code: "syntax", line: 1, column: 1, words: "did you mean Relation?"),
        Case(text: "Relation r(X:", code: "syntax", line: 1, column: 13, words: "\")\""),
        Case(text: "Relation r(X):\n  Witnes: x\n", code: "syntax", line: 2, column: 3, words: "did you mean Witness?"),
        Case(text: "Relation r(X):\n  Witness: x\n  Equations:\n", code: "syntax", line: 4, column: 1, words: "an equation"),
        Case(text: "Relation r(X):\n\tWitness: x", code: "syntax", line: 2, column: 1, words: "spaces"),
        Case(text: "Relation r(X): # \u{e9}", code: "syntax", line: 1, column: 18, words: "ASCII"),
        Case(text: "Relation r(G):\n  Witness: x\n  Equations:\n    G = x * G", code: "name", line: 1, column: 12, words: "generator"),
        Case(text: "Relation r(X, X):\n  Witness: x\n  Equations:\n    X = x * G", code: "name", line: 1, column: 15, words: "already"),
        Case(text: "Relation r(X, x):\n  Witness: x\n  Equations:\n    X = x * G", code: "name", line: 2, column: 12, words: "already"),
        Case(text: "Relation r(X):\n  Witness: W\n  Equations:\n    X = x * G", code: "name", line: 2, column: 12, words: "no witnesses"),
        Case(text: "Relation r(for):", code: "name", line: 1, column: 12, words: "word of the notation"),
        Case(text: with("X = x * G\n    Y = x * J"), code: "name", line: 5, column: 13, words: "J is not declared"),
        Case(text: with("Key = x * G", parameters: "Kay"), code: "name", line: 4, column: 5, words: "did you mean Kay?"),
        Case(text: with("X = x * G\n    Y = x * G"), code: "unused", line: 1, column: 12, words: "H is used in no equation"),
        Case(text: with("X = x * G\n    Y = x * H", witness: "x, y"), code: "unused", line: 2, column: 15, words: "y is used"),
        Case(text: with("X = x"), code: "linear", line: 4, column: 9, words: "without an element"),
        Case(text: with("X = x * x * G"), code: "linear", line: 4, column: 13, words: "two witness scalars"),
        Case(text: with("X = x * (x * G)"), code: "linear", line: 4, column: 14, words: "two witness scalars"),
        Case(text: with("X = x * H * G"), code: "linear", line: 4, column: 17, words: "two group elements"),
        Case(text: with("X = x * G + x"), code: "linear", line: 4, column: 17, words: "is added to a group element"),
        Case(text: with("X = Y"), code: "linear", line: 4, column: 7, words: "no term with a witness"),
        Case(text: with("x * X = x * Y"), code: "linear", line: 4, column: 11, words: "without a witness"),
        Case(text: with("X = x^2 * G"), code: "linear", line: 4, column: 9, words: "powers"),
        Case(text: with("X = x * G = Y"), code: "syntax", line: 4, column: 15, words: "end of the equation"),
        Case(text: with("X == x * G"), code: "syntax", line: 4, column: 8, words: "a name, a number"),
        Case(text: with("X = x G"), code: "syntax", line: 4, column: 11, words: "end of the equation"),
        Case(text: with("X = 2x * G"), code: "syntax", line: 4, column: 9, words: "neither a number nor a name"),
        Case(text: with("X = x * (G"), code: "syntax", line: 5, column: 1, words: "\")\""),
        Case(text: with("X = x * G\n      Y = x * H"), code: "syntax", line: 5, column: 7, words: "indented more"),
        Case(text: with("X = x * G\n   Y = x * H"), code: "syntax", line: 5, column: 4, words: "indented less"),
        Case(text: with("X = x * G; Y = x * H"), code: "syntax", line: 4, column: 14, words: "means nothing"),
        Case(text: with("X[0] = x * G"), code: "name", line: 4, column: 5, words: "takes no index"),
        Case(text: with("X = x * G", parameters: "X[1..3]"), code: "name", line: 4, column: 5, words: "needs an index (1..3)"),
        Case(text: with("X[4] = x * G", parameters: "X[1..3]"), code: "name", line: 4, column: 5, words: "indices of X are 1..3"),
        Case(text: with("X = x * G", parameters: "X[3..1]"), code: "size", line: 1, column: 13, words: "3..1"),
        Case(text: with("X = x * G", parameters: "X[0..n]"), code: "name", line: 1, column: 17, words: "under Sizes:"),
        Case(text: with("X = x * G", parameters: "X[0..70000]"), code: "size", line: 1, column: 13, words: "65535"),
        Case(text: with("X = x * G", parameters: "X[0..999][0..999]"), code: "limit", line: 1, column: 12, words: "65536 names"),
        Case(text: with("for x in 0..1: X = x * G"), code: "name", line: 4, column: 9, words: "has a meaning already"),
        Case(text: with("for i in 0..1:\n    X = x * G"), code: "syntax", line: 5, column: 5, words: "an equation"),
        Case(
            text: "Relation r(X):\n  Sizes: n\n  Witness: x\n  Equations:\n    X = x * G", code: "size", line: 2, column: 10,
            words: "n is not given"),
        Case(
            text: with(String(repeating: "(", count: 40) + "X"), code: "limit", line: 4, column: 37, words: "32 levels"),
        Case(
            text: with("X = " + String(repeating: "2 * ", count: 64) + "x * G"), code: "limit", line: 4, column: 263, words: "64 factors"),
        Case(text: with("X = " + String(repeating: "9", count: 161) + " * x * G"), code: "limit", line: 4, column: 9, words: "160"),
        Case(
            text: with("X = " + String(repeating: "y", count: 65) + " * x * G"), code: "limit", line: 4, column: 9, words: "64 characters"),
        Case(
            text: with("X = sum(sum(x * G for i in 0..60000) for j in 0..60000)"), code: "limit", line: 4, column: 17, words: "steps"),
        Case(
            text: with("for i in 0..9999: X = sum(x * G for j in 0..99)"), code: "limit", line: 4, column: 25, words: "limit"),
    ]

    @Test(arguments: cases.indices) func isRefusedThere(_ index: Int) {
        let item = Self.cases[index]
        do {
            let relation = try unrolled(item.text)
            Issue.record("accepted: \(relation.notation)")
        } catch let error as ModelError {
            // The limit of steps is reached somewhere within the sums.
            if item.words == "limit" || item.words == "steps" {
                #expect(error.code == "relation-limit", "\(error)")
                return
            }
            #expect(error.code == "relation-" + item.code, "\(error)")
            #expect(error.position == .line(item.line, column: item.column), "\(error)")
            #expect("\(error)".contains(item.words), "\(error)")
        } catch {
            Issue.record("\(error)")
        }
    }

    @Test func theFileHasALimit() {
        let text = [UInt8](repeating: UInt8(ascii: " "), count: 262_145)
        let error = #expect(throws: ModelError.self) { try RelationDeclaration(parsing: text) }
        #expect(error?.code == "relation-limit" && error?.position != nil)
        #expect(throws: ModelError.self) { try RelationDeclaration(parsing: Array(text.dropLast())) }
    }

    @Test func excerptsPointAtTheColumn() {
        let text = Array("one\n  two\u{7}\n".utf8)
        #expect(RelationDeclaration.excerpt(of: text, at: .line(2, column: 3)) == "  two?\n  ^")
        #expect(RelationDeclaration.excerpt(of: text, at: .line(9, column: 3)) == nil)
        #expect(RelationDeclaration.excerpt(of: text, at: nil) == nil)
    }

    /// Small files that would cost much: each is refused or done quickly, measured in steps and not in time.
    @Test func hostileFilesAreCheap() throws {
        // A long public sum as the coefficient of many terms.
        let sum = (0..<2_000).map { _ in "a" }.joined(separator: "+")
        let heavy = "Relation r(a, X):\n  Witness: x\n  Equations:\n    X = sum((\(sum)) * x * G for i in 0..60000)\n"
        let error = #expect(throws: ModelError.self) { try unrolled(heavy) }
        #expect(error?.code == "relation-limit")
        // Constants over constants.
        var constants = ["c0 = 2^300"]
        for i in 1...60 { constants.append("c\(i) = c\(i - 1) * c\(i - 1) + c\(i - 1)") }
        let text =
            "Relation r(X):\n  Constants: \(constants.joined(separator: ",\n    "))\n  Witness: x\n  Equations:\n    X = c60 * x * G\n"
        #expect(try unrolled(text).indexNotation == ["Equation(image=[(1, 1)], terms=[(0, 0, c60)])"])
    }

    /// Random damage to the shipped files never traps; a refusal says where.
    @Test func mutationsAlwaysGiveAPosition() throws {
        var random = SplitMix(state: 7)
        let pieces = [
            "(", ")", "[", "]", "..", "+", "-", "*", "^", "=", ":", ",", "sum(", " for i in 0..9", "G", "x", "0", "99999999999999999999",
            "-1", "\n", "\n        ", "#", "{", "\u{e9}", "Witness:", "n", "0x", "2^65535", "[0..65535]",
        ]
        var refused = 0
        let rounds = runsLongTests ? 2_000 : 100
        for (name, text) in try shippedRelations() {
            for _ in 0..<rounds {
                var bytes = text
                for _ in 0...Int.random(in: 0..<3, using: &random) {
                    let at = Int.random(in: 0..<bytes.count, using: &random)
                    switch Int.random(in: 0..<4, using: &random) {
                    case 0: bytes.remove(at: at)
                    case 1: bytes[at] = UInt8.random(in: 0...255, using: &random)
                    case 2: bytes.insert(contentsOf: Array(pieces.randomElement(using: &random)!.utf8), at: at)
                    default: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1..<40, using: &random)))
                    }
                    if bytes.isEmpty { bytes = [0x20] }
                }
                do {
                    let declaration = try RelationDeclaration(parsing: bytes)
                    let relation = try declaration.unrolled(
                        sizes: Dictionary(uniqueKeysWithValues: Set(declaration.sizeNames).map { ($0, 2) }))
                    let again = try unrolled(relation.notation)
                    #expect(again.indexNotation == relation.indexNotation, "\(name): \(String(decoding: bytes, as: UTF8.self))")
                } catch let error as ModelError {
                    refused += 1
                    guard case .line(let line, let column) = error.position else {
                        Issue.record("no position: \(error) in \(String(decoding: bytes, as: UTF8.self))")
                        continue
                    }
                    #expect(line >= 1 && column >= 1 && line <= bytes.count(where: { $0 == 10 }) + 1)
                }
            }
        }
        #expect(refused > rounds)
    }
}
