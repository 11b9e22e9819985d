// SPDX-License-Identifier: Apache-2.0
internal import Foundation

/// Why paths cannot be read.
package struct VectorPathError: Error, Equatable, Sendable {
    /// The path.
    package let path: String
    /// What is wrong with it.
    package let reason: String
}

/// Reads files and folders into the files to run, in an order that depends on their names only.
package enum VectorFolder {
    /// Files larger than this are not read.
    static let maximumByteCount = 64 << 20
    /// More files than this are not read.
    static let maximumFileCount = 100_000
    /// The folders are not walked deeper than this.
    static let maximumDepth = 32

    /// A file before its surroundings are known.
    private struct Found {
        let path: String
        let folder: String
        let root: String
        let bytes: [UInt8]
    }

    /// The files of these paths, each once. Symbolic links within a folder are not followed.
    ///
    /// - Throws: ``VectorPathError`` for a path that does not exist, is a device or a pipe or cannot be read, and for more or larger files
    ///   than the limits.
    package static func files(_ paths: [String]) throws(VectorPathError) -> [VectorFile] {
        var found: [Found] = []
        for path in paths {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                throw VectorPathError(path: path, reason: "there is no such file or folder")
            }
            if isFolder.boolValue {
                try walk(path, root: path, depth: 0, into: &found)
            } else {
                // Opening a pipe would wait for a writer, and a device need not end.
                guard fileType(at: (path as NSString).resolvingSymlinksInPath) == .typeRegular else {
                    throw VectorPathError(path: path, reason: "this is not a regular file")
                }
                let folder = (path as NSString).deletingLastPathComponent
                found.append(try read(path, folder: folder, root: folder))
            }
        }
        // By bytes: as strings, names that differ in their Unicode normalisation only are equal.
        var seen: Set<[UInt8]> = []
        return withSurroundings(found.filter { seen.insert(Array(($0.path as NSString).resolvingSymlinksInPath.utf8)).inserted })
    }

    /// What is at this path, symbolic links not followed; nil if that cannot be told.
    private static func fileType(at path: String) -> FileAttributeType? {
        (try? FileManager.default.attributesOfItem(atPath: path))?[.type] as? FileAttributeType
    }

    private static func walk(_ folder: String, root: String, depth: Int, into found: inout [Found]) throws(VectorPathError) {
        guard depth <= maximumDepth else { throw VectorPathError(path: folder, reason: "folders deeper than \(maximumDepth)") }
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            throw VectorPathError(path: folder, reason: "the folder cannot be read")
        }
        for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            let path = folder.hasSuffix("/") ? folder + name : folder + "/" + name
            guard let type = fileType(at: path) else {
                throw VectorPathError(path: path, reason: "the file cannot be read")
            }
            switch type {
            case .typeDirectory: try walk(path, root: root, depth: depth + 1, into: &found)
            case .typeRegular:
                found.append(try read(path, folder: folder, root: root))
                guard found.count <= maximumFileCount else {
                    throw VectorPathError(path: root, reason: "more than \(maximumFileCount) files")
                }
            default: continue
            }
        }
    }

    private static func read(_ path: String, folder: String, root: String) throws(VectorPathError) -> Found {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw VectorPathError(path: path, reason: "the file cannot be read")
        }
        defer { try? handle.close() }
        guard let data = try? handle.read(upToCount: maximumByteCount + 1) ?? Data() else {
            throw VectorPathError(path: path, reason: "the file cannot be read")
        }
        guard data.count <= maximumByteCount else {
            throw VectorPathError(path: path, reason: "the file is larger than \(maximumByteCount >> 20) MB")
        }
        return Found(path: path, folder: folder, root: root, bytes: [UInt8](data))
    }

    // MARK: Surroundings

    /// The files with what lies beside them.
    private static func withSurroundings(_ found: [Found]) -> [VectorFile] {
        let plain = found.map { VectorFile(path: $0.path, bytes: $0.bytes) }
        var keys: [[UInt8]: KnownKeys] = [:]
        var neighbours: [[UInt8]: Neighbours] = [:]
        for (file, origin) in zipEqual(plain, found) {
            let published = KnownKeys(in: file)
            if !published.isEmpty { keys[Array(origin.folder.utf8), default: KnownKeys()].add(published) }
            let entries = Neighbours(in: file)
            guard !entries.isEmpty else { continue }
            // What lies in a folder is beside all files of the folders up to three levels above.
            for folder in above(origin).prefix(4) { neighbours[folder, default: Neighbours()].add(entries) }
        }
        return zipEqual(plain, found).map { file, origin in
            let folders = above(origin)
            return VectorFile(
                file, keys: folders.lazy.compactMap { keys[$0] }.first ?? KnownKeys(),
                neighbours: Neighbours(nearest: folders.prefix(4).compactMap { neighbours[$0] }))
        }
    }

    /// The folder of a file and those above it, up to the path that was given, as UTF-8.
    private static func above(_ origin: Found) -> [[UInt8]] {
        var folders = [origin.folder]
        while let last = folders.last, last != origin.root, last.count > origin.root.count {
            folders.append((last as NSString).deletingLastPathComponent)
        }
        return folders.map { Array($0.utf8) }
    }
}
