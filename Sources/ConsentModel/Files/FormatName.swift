// SPDX-License-Identifier: Apache-2.0

/// The name of a format, written `<name>/<version>` in the metadata of a file; this program reads version 0.
struct FormatName {
    private let name: String
    static let version = 0

    /// The format `name`.
    init(_ name: String) {
        self.name = name
    }

    /// The text in a file of this program's version.
    var text: String { "\(name)/\(Self.version)" }

    /// Refuses the metadata of another format or another version, by name.
    ///
    /// - Throws: `format-unknown`, `format-newer`.
    func check(_ found: String?) throws(ModelError) {
        guard let found else {
            throw ModelError("format-unknown", "the metadata has no format", hint: "this file was not written by zkconsent")
        }
        if found == text { return }
        let parts = found.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2, parts[0] == name, let version = Int(parts[1]), version > 0 {
            throw Self.newer(version, of: name)
        }
        throw ModelError("format-unknown", "the file's format is not \(text)", hint: "is this the right kind of file?")
    }

    /// Refuses a version other than this program's.
    ///
    /// - Throws: `format-newer`.
    static func check(version: Int, of name: String) throws(ModelError) {
        guard version == Self.version else { throw newer(version, of: name) }
    }

    private static func newer(_ version: Int, of name: String) -> ModelError {
        ModelError(
            "format-newer", "version \(version) of \(name) is newer than this program, which reads version \(Self.version)",
            hint: "update zkconsent")
    }
}
