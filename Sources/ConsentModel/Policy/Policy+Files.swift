// SPDX-License-Identifier: Apache-2.0
private import Foundation

extension Policy {
    /// Reads a policy file; a schema path in it is relative to it.
    public static func load(path: String) throws(ModelError) -> Policy {
        let bytes = try ConfigurationFile.read(path)
        return try Policy(yaml: bytes, file: path) { name throws(ModelError) in
            guard name.hasSuffix(".yaml") else { return try Schema.builtIn(named: name) }
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
            return try Schema.load(path: name.hasPrefix("/") ? name : folder.appendingPathComponent(name).path)
        }
    }
}

extension Schema {
    /// Reads a schema file, or takes the built-in schema of this name if `path` does not end in `.yaml`.
    public static func load(path: String) throws(ModelError) -> Schema {
        guard path.hasSuffix(".yaml") else { return try builtIn(named: path) }
        return try Schema(yaml: try ConfigurationFile.read(path), file: path)
    }
}

/// Reads small files that people write.
enum ConfigurationFile {
    /// The contents of a file of at most ``YAMLReader/byteCountLimit`` bytes.
    static func read(_ path: String) throws(ModelError) -> [UInt8] {
        let data: Data?
        do {
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? handle.close() }
            data = try handle.read(upToCount: YAMLReader.byteCountLimit + 1)
        } catch {
            throw ModelError(
                "file-unreadable", "the file cannot be read", file: path,
                hint: near(path).map { "did you mean \($0)?" } ?? "check the path and the permissions")
        }
        let bytes = Array(data ?? Data())
        guard bytes.count <= YAMLReader.byteCountLimit else {
            throw ModelError("yaml-too-large", "the file is larger than \(YAMLReader.byteCountLimit) bytes", file: path)
        }
        return bytes
    }

    /// A file of the folder whose name is almost that of `path`, which does not exist.
    private static func near(_ path: String) -> String? {
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
        guard !FileManager.default.fileExists(atPath: path),
            let names = try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : String(folder))
        else { return nil }
        let name = Nearest.name(to: String(path.dropFirst(folder.count)), among: names.filter { $0.hasSuffix(".yaml") }.sorted())
        return name.map { folder + $0 }
    }
}
