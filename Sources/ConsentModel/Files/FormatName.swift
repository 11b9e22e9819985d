// SPDX-License-Identifier: Apache-2.0

/// The name of a format, written `<name>/<version>` in the metadata of a file; this program reads version 1. Every
/// file and record of docs/formats.md carries this version, but for those of C2SP and the databases, which count their own.
package struct FormatName {
    private let name: String
    /// The version that is written and read: 1, frozen (vectors/frozen).
    package static let version = 1

    /// The format `name`.
    init(_ name: String) {
        self.name = name
    }

    /// The text in a file of this program's version.
    var text: String { "\(name)/\(Self.version)" }

    /// Refuses the metadata of another format or another version, by name.
    ///
    /// - Throws: `format-unknown`, `format-newer`, `format-trial`.
    func check(_ found: String?) throws(ModelError) {
        guard let found else {
            throw ModelError("format-unknown", "the metadata has no format", hint: "this file was not written by zkconsent")
        }
        if found == text { return }
        let parts = found.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2, parts[0] == name, let version = Int(parts[1]), version >= 0,
            String(version) == parts[1]
        {
            throw Self.refusal(version: version, of: name)
        }
        throw ModelError("format-unknown", "the file's format is not \(text)", hint: "is this the right kind of file?")
    }

    /// Refuses a version other than this program's.
    ///
    /// - Throws: `format-newer`, `format-trial`.
    static func check(version: Int, of name: String) throws(ModelError) {
        guard version == Self.version else { throw refusal(version: version, of: name) }
    }

    /// Why a file or record of another version is refused.
    package static func refusal(version: Int, of name: String) -> ModelError {
        if version > Self.version {
            return ModelError(
                "format-newer", "version \(version) of \(name) is newer than this program, which reads version \(Self.version)",
                hint: "update zkconsent")
        }
        return ModelError(
            "format-trial",
            "version \(version) of \(name) is from before the formats were frozen; this program reads version \(Self.version)",
            hint: "make it again with this program")
    }
}
