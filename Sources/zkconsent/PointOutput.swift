// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
internal import Foundation

/// Where `prove --row` puts its files: one file, or a folder with `row-<number>.zkp` for several.
struct PointOutput {
    private let path: String
    private let isFolder: Bool
    private let force: Bool

    /// Refuses places that exist, before anything is proved.
    ///
    /// - Throws: `file-exists`, and what making a folder throws.
    init(_ path: String, rows: Set<Int>, force: Bool) throws(ModelError) {
        self.path = path
        self.force = force
        var exists: ObjCBool = false
        let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &exists)
        isFolder = rows.count > 1 || isThere && exists.boolValue
        if isFolder, !isThere {
            do {
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
            } catch {
                throw ModelError("file-permission", "the folder cannot be made", file: path, hint: "name a folder in one that exists")
            }
        }
        for row in rows where !force && FileManager.default.fileExists(atPath: file(row)) {
            throw ModelError("file-exists", "the file exists", file: file(row), hint: "give another name, or --force")
        }
    }

    private func file(_ row: Int) -> String { isFolder ? (path.hasSuffix("/") ? path : path + "/") + "row-\(row).zkp" : path }

    /// Writes the files; each is whole or not there.
    ///
    /// - Returns: their paths.
    func write(_ files: [(row: Int, file: PointFile)]) throws(ModelError) -> [String] {
        for (row, point) in files { try OutputFile.write(try point.encoded(), to: file(row), force: force) }
        return files.map { file($0.row) }
    }
}
