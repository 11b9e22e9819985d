// SPDX-License-Identifier: Apache-2.0

extension ConformanceReport {
    /// What one folder came to: the cases that hold, and the files that were skipped.
    package struct Folder: Equatable, Sendable {
        /// The number of cases that hold.
        package var passed = 0
        /// The number of cases that do not.
        package var failed = 0
        /// The paths of the skipped files below the root, in order.
        package var skipped: [String] = []
    }

    /// The folders right below a root, by name; files of the root itself are under the empty name.
    package func folders(below root: String) -> [String: Folder] {
        var folders: [String: Folder] = [:]
        for file in files {
            let path = Self.path(file.path, below: root)
            let name = path.contains("/") ? String(path.prefix { $0 != "/" }) : ""
            folders[name, default: Folder()].passed += file.passed
            folders[name, default: Folder()].failed += file.failed.count
            if file.skipped != nil { folders[name, default: Folder()].skipped.append(path) }
            for skipped in file.skippedCases { folders[name, default: Folder()].skipped.append("\(path): \(skipped.name)") }
        }
        return folders
    }

    private static func path(_ path: String, below root: String) -> String {
        let prefix = root.hasSuffix("/") ? root : root + "/"
        return path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
    }

    /// The page docs/conformance.md.
    ///
    /// - Parameter root: The folder that was run; paths are shown below it.
    package func markdown(root: String) -> String {
        var text = """
            # Conformance

            This page is what `zkconsent conformance --markdown vectors` prints; a test compares. The vectors are others' (each folder's `SOURCE.md` says whose);
            `zkconsent conformance PATH...` runs any files of these formats, whatever their names, and `make test` runs the project's copy.

            Every expected value of a case that must hold is computed and compared, intermediate ones too; a case fails if any differs. Of a case that must be
            refused the verdict is computed, and the stage that refuses it compared where the file states one. Skipped files and cases count for nothing.
            Of COCKTAIL-DKG the random stream of the first round is not made again, since its specification does not say how: what it leads to is checked.

            **\(passed) passed, \(failed) failed.**

            | standard | vectors | files | cases | result |
            |---|---|---|---|---|

            """
        for (key, group) in grouped() {
            let (passed, failed) = (group.reduce(0) { $0 + $1.passed }, group.reduce(0) { $0 + $1.failed.count })
            let result = failed == 0 ? "all hold" : "**\(failed) fail**"
            text += "| \(key.standard) | \(key.format) | \(group.count) | \(passed + failed) | \(result) |\n"
        }
        text += "\n## By folder\n\n| folder | cases | skipped |\n|---|---|---|\n"
        for (name, folder) in folders(below: root).sorted(by: { $0.key < $1.key }) {
            text += "| \(name.isEmpty ? "(root)" : "`\(name)`") | \(folder.passed + folder.failed) | \(folder.skipped.count) |\n"
        }
        text += "\n## Skipped, with the reason\n\n| reason | files or cases |\n|---|---|\n"
        var reasons: [String: Int] = [:]
        for file in files {
            if let reason = file.skipped { reasons[reason, default: 0] += 1 }
            for skipped in file.skippedCases { reasons[skipped.reason, default: 0] += 1 }
        }
        for (reason, count) in reasons.sorted(by: { $0.key < $1.key }) { text += "| \(reason) | \(count) |\n" }
        return text
    }

    /// The files that were run, by standard and format.
    private func grouped() -> [(key: (standard: String, format: String), files: [FileResult])] {
        var groups: [String: [FileResult]] = [:]
        for file in files where file.skipped == nil { groups[file.standard + "\u{0}" + file.format, default: []].append(file) }
        return groups.sorted { $0.key < $1.key }.compactMap { _, files in
            files.first.map { (($0.standard, $0.format), files) }
        }
    }
}
