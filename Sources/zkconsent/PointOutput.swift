// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
internal import Foundation

/// Where `prove --row` puts its files: one file, or a folder with `row-<number>.zkp` for several.
///
/// A folder that was made for them is gone again when no file got into it, also after an interrupt.
struct PointOutput: ~Copyable {
    private let path: String
    private let isFolder: Bool
    /// Whether the folder was made here.
    private let isMade: Bool
    private let force: Bool

    /// Refuses places that exist, before anything is proved.
    ///
    /// - Parameter inputs: files that the command reads.
    /// - Throws: `file-exists`, `output-is-input`, `file-not-regular` for `-`, and what making a folder throws.
    init(_ path: String, rows: Set<Int>, inputs: [String], force: Bool) throws(ModelError) {
        guard path != "-" else {
            throw ModelError("file-not-regular", "the proofs cannot go to standard output (-)", hint: "name a file or a folder")
        }
        var exists: ObjCBool = false
        let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &exists)
        let isFolder = rows.count > 1 || isThere && exists.boolValue
        for file in rows.map({ Self.file($0, path, isFolder) }) {
            try OutputFile.check(file, isNoneOf: inputs)
            guard force || !FileManager.default.fileExists(atPath: file) else {
                throw ModelError("file-exists", "the file exists", file: file, hint: "give another name, or --force")
            }
        }
        let isMade = isFolder && !isThere
        if isMade {
            guard mkdir(path, 0o777) == 0 else {
                throw ModelError("file-permission", "the folder cannot be made", file: path, hint: "name a folder in one that exists")
            }
            TemporaryFiles.add(path)
        }
        self.path = path
        self.isFolder = isFolder
        self.isMade = isMade
        self.force = force
    }

    deinit {
        if isMade {
            // A folder with files in it stays.
            rmdir(path)
            TemporaryFiles.remove(path)
        }
    }

    private static func file(_ row: Int, _ path: String, _ isFolder: Bool) -> String {
        isFolder ? (path.hasSuffix("/") ? path : path + "/") + "row-\(row).zkp" : path
    }

    /// Writes the files; each is whole or not there.
    ///
    /// - Returns: their paths.
    func write(_ files: [(row: Int, file: PointFile)]) throws(ModelError) -> [String] {
        // What is written from here on stays, whatever happens.
        if isMade { TemporaryFiles.remove(path) }
        for (row, point) in files { try OutputFile.write(try point.encoded(), to: Self.file(row, path, isFolder), force: force) }
        return files.map { Self.file($0.row, path, isFolder) }
    }
}
