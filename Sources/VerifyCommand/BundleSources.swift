// SPDX-License-Identifier: Apache-2.0
package import ConsentModel
internal import Foundation

/// The files with proofs that a command line names: files, folders (every `*.zkb` and `*.zkp` directly in them, by name) and `-` for standard input.
package struct BundleSources {
    /// The longest bundle that is read: 64 GiB.
    static let byteCountLimit = 1 << 36

    /// The paths in the order of the command line; `-` stands for standard input.
    package let paths: [String]

    /// Looks into the folders.
    ///
    /// - Parameter endings: Of the names that count in a folder.
    /// - Throws: `no-bundles` for a folder without any, `folder-unreadable`, `stdin-twice`.
    package init(_ arguments: [String], endings: [String] = [".zkb", ".zkp"]) throws(ModelError) {
        var paths: [String] = []
        for argument in arguments {
            guard argument != "-" else {
                guard !paths.contains("-") else {
                    throw ModelError("stdin-twice", "standard input (-) is named twice", hint: "it holds one bundle; name it once")
                }
                paths.append("-")
                continue
            }
            var isFolder: ObjCBool = false
            if FileManager.default.fileExists(atPath: argument, isDirectory: &isFolder), isFolder.boolValue {
                paths += try Self.files(in: argument, endings)
            } else {
                paths.append(argument)
            }
        }
        self.paths = paths
    }

    private static func files(in folder: String, _ endings: [String]) throws(ModelError) -> [String] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            throw ModelError("folder-unreadable", "the folder cannot be read", file: folder, hint: "check its permissions")
        }
        let found = names.filter { name in endings.contains { name.hasSuffix($0) } && !name.hasPrefix(".") }.sorted {
            Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8))
        }
        guard !found.isEmpty else {
            let patterns = endings.map { "*" + $0 }.joined(separator: " or ")
            throw ModelError(
                "no-bundles", "the folder has no \(patterns) file", file: folder, hint: "folders inside it are not looked into")
        }
        return found.map { folder.hasSuffix("/") ? folder + $0 : folder + "/" + $0 }
    }

    /// The bytes of one of ``paths``.
    static func read(_ path: String, limit: Int = byteCountLimit) throws(ModelError) -> [UInt8] {
        path == "-" ? try readStandardInput(limit: limit) : try InputFile.read(path, limit: limit)
    }

    private static func readStandardInput(limit: Int) throws(ModelError) -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let piece: Data?
            do {
                piece = try FileHandle.standardInput.read(upToCount: 1 << 20)
            } catch {
                throw ModelError("file-read", "standard input cannot be read", file: "-")
            }
            guard let piece, !piece.isEmpty else { return bytes }
            bytes += piece
            guard bytes.count <= limit else { throw ModelError("file-too-large", "standard input has more than \(limit) bytes", file: "-") }
        }
    }
}
