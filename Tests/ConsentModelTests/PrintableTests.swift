// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Foundation
import Testing

/// What is shown of names that somebody else chose.
@Suite struct PrintableTests {
    @Test(arguments: [
        ("plain, é, \u{4e2d}\u{6587}, \u{1f600}", "plain, é, \u{4e2d}\u{6587}, \u{1f600}"), ("a\nb\r\nc", "a\\u{a}b\\u{d}\\u{a}c"),
        ("\u{1b}[2J", "\\u{1b}[2J"), ("\u{9b}2J\u{7f}", "\\u{9b}2J\\u{7f}"), ("a\u{2028}b", "a\\u{2028}b"),
        ("\u{202e}txt.exe\u{2069}\u{200f}\u{61c}", "\\u{202e}txt.exe\\u{2069}\\u{200f}\\u{61c}"),
    ])
    func controlCharactersAreWrittenOut(text: String, shown: String) {
        #expect(text.printable == shown && shown.printable == shown)
    }

    /// Every character that Unicode calls a control, a line or paragraph separator, or that turns the direction of text.
    @Test func agreesWithUnicode() {
        let found = (0...0x10_ffff).compactMap(Unicode.Scalar.init).filter { scalar in
            let properties = scalar.properties
            return [.control, .lineSeparator, .paragraphSeparator].contains(properties.generalCategory)
                || CharacterSet.bidiControls.contains(scalar)
        }
        #expect(found.filter { !$0.isControl } == [] && found.count == 65 + 2 + 12)
        #expect((0...0x10_ffff).compactMap(Unicode.Scalar.init).count(where: \.isControl) == found.count)
    }
}

extension CharacterSet {
    /// UAX #9, the property Bidi_Control: ALM, LRM, RLM, LRE to RLO, LRI to PDI.
    fileprivate static let bidiControls = CharacterSet(
        charactersIn: "\u{61c}\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}")
}
