// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Testing

@Suite struct ModelErrorTests {
    /// Names come from files and can have any length; what is said about them has not.
    @Test(arguments: ["n", "\u{1F600}"])
    func longNamesAreShortened(_ character: String) {
        let name = String(repeating: character, count: 100_000)
        let error = ModelError("unknown-key", "there is no member \(name) here", hint: "did you mean \(name)?")
        #expect(error.message.hasPrefix("there is no member \(character)\(character)"))
        #expect(error.message.hasSuffix("\(character) here"))
        #expect(error.message.utf8.count < 4_100 && error.description.utf8.count < 8_200)
        let marks = ModelError("unknown-key", "e" + String(repeating: "\u{301}", count: 100_000))
        #expect(marks.message.count <= 3 + 6 && marks.message.utf8.count < 4_100, "one character of 200 KB")
        var other = ModelError("unknown-key", "short")
        other.hint = name
        #expect(other.message == "short" && other.description.utf8.count < 4_100)
    }

    @Test func othersStayAsTheyAre() {
        let message = String(repeating: "word ", count: 190)
        #expect(ModelError("x", message, hint: message).description == "\(message) (\(message))")
    }
}
