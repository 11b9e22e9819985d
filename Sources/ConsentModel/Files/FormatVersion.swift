// SPDX-License-Identifier: Apache-2.0

/// The version of one format of docs/formats.md. Every format counts its own: raising one leaves the others, and what is hashed of them, as they are.
package struct FormatVersion: Sendable {
    /// What is written and read.
    package let number: Int
    /// The format: its name in the metadata of a file, or for people, "a manifest".
    private let name: String

    /// Version `number`, 1...255, of the format `name`.
    package init(_ number: Int, of name: String) {
        precondition((1...255).contains(number))
        self.number = number
        self.name = name
    }

    /// `<name>/<number>`, as the metadata of a file has it.
    package var text: String { "\(name)/\(number)" }
    /// The number in JSON.
    package var json: JSONValue { .integer(Int64(number)) }
    /// The number as the first byte of a record.
    var byte: UInt8 { UInt8(number) }

    /// Refuses the metadata of another format or another version, by name.
    ///
    /// - Throws: `format-unknown`, `format-newer`, `format-trial`.
    func check(_ found: String?) throws(ModelError) {
        guard let found else {
            throw ModelError("format-unknown", "the metadata has no format", hint: "this file was not written by zkconsent")
        }
        if found == text { return }
        let parts = found.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2, parts[0] == name, let version = Int(parts[1]), version >= 0, String(version) == parts[1] {
            throw refusal(version)
        }
        throw ModelError("format-unknown", "the file's format is not \(text)", hint: "is this the right kind of file?")
    }

    /// Refuses another version, by name.
    ///
    /// - Throws: `format-newer`, `format-trial`.
    package func check(_ found: Int) throws(ModelError) {
        guard found == number else { throw refusal(found) }
    }

    /// Why another version is refused.
    package func refusal(_ found: Int) -> ModelError {
        let what = "version \(found) of \(name)"
        if found > number {
            return ModelError(
                "format-newer", "\(what) is newer than this program, which reads version \(number)", hint: "update zkconsent")
        }
        let reason = found == 0 ? "is from before the formats were frozen" : "is not read any more"
        return ModelError(
            "format-trial", "\(what) \(reason); this program reads version \(number)", hint: "it has to be made again, by whoever made it")
    }
}
