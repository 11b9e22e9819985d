// SPDX-License-Identifier: Apache-2.0
import Foundation
import Primitives
import Testing

/// Texts from files, before anything compares them.
@Suite struct NameTests {
    @Test func sameBytes() {
        #expect("K" == "\u{212a}" && !"K".hasSameBytes(as: "\u{212a}"))
        #expect("\u{e9}" == "e\u{301}" && !"\u{e9}".hasSameBytes(as: "e\u{301}"))
        #expect("e\u{301}".hasSameBytes(as: Substring("e\u{301}")))
    }

    @Test func combiningIsBounded() {
        func text(_ marks: Int) -> String { "a" + String(repeating: "\u{301}", count: marks) + "b" }
        #expect(text(0).hasBoundedCombining && text(30).hasBoundedCombining && !text(31).hasBoundedCombining)
        #expect(String(repeating: text(30), count: 100).hasBoundedCombining)
        #expect(!("plain " + text(1) + text(31)).hasBoundedCombining)
        for text in ["", "\u{4e2d}\u{6587}", "\u{939}\u{93f}\u{928}\u{94d}\u{926}\u{940}", "\u{1f468}\u{200d}\u{1f469}"] {
            #expect(text.hasBoundedCombining, "\(text)")
        }
    }

    /// Every character whose canonical decomposition begins with one that canonical order moves counts.
    @Test func everyCharacterThatCanBeMoved() {
        var missed: [Unicode.Scalar] = []
        for scalar in (0...0x10_ffff).lazy.compactMap(Unicode.Scalar.init) {
            let first = String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars.first ?? scalar
            guard first.properties.canonicalCombiningClass != .notReordered else { continue }
            if String(repeating: String(scalar), count: 31).hasBoundedCombining { missed.append(scalar) }
        }
        #expect(missed == [])
    }
}
