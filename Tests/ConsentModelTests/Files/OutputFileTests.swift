// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Foundation
import Glibc
import Testing

@Suite struct OutputFileTests {
    private static func contents(_ folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    private static func mode(_ path: String) throws -> Int {
        try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    @Test(arguments: [0, 1, 65_536, 65_537, 1_000_000])
    func appearsWhole(_ count: Int) throws {
        try inTemporaryFolder { folder in
            let path = folder + "/out"
            var file = try OutputFile(path)
            try file.append([1, 2, 3])
            try file.append(pattern(count, 1))
            try file.append([4])
            #expect(file.byteCount == count + 4)
            #expect(!FileManager.default.fileExists(atPath: path))
            try file.commit()
            #expect(try InputFile.read(path, limit: 1 << 21) == [1, 2, 3] + pattern(count, 1) + [4])
            #expect(Self.contents(folder) == ["out"])
        }
    }

    @Test func modes() throws {
        try inTemporaryFolder { folder in
            let mask = umask(0o022)
            defer { umask(mask) }
            try OutputFile.write([1], to: folder + "/secret", isSecret: true)
            try OutputFile.write([1], to: folder + "/public")
            #expect(try Self.mode(folder + "/secret") == 0o600)
            #expect(try Self.mode(folder + "/public") == 0o644)
            // A secret that replaces a public file is secret.
            try OutputFile.write([1], to: folder + "/public", isSecret: true, force: true)
            #expect(try Self.mode(folder + "/public") == 0o600)
        }
    }

    @Test func overwritesOnlyByForce() throws {
        try inTemporaryFolder { folder in
            let path = folder + "/out"
            try OutputFile.write([1], to: path)
            #expect(code { try OutputFile.write([2], to: path) } == "file-exists")
            #expect(try InputFile.read(path, limit: 10) == [1])
            try OutputFile.write([2], to: path, force: true)
            #expect(try InputFile.read(path, limit: 10) == [2])
            #expect(Self.contents(folder) == ["out"])
        }
    }

    /// A file that appears between the first check and the commit is not replaced.
    @Test func losesARace() throws {
        try inTemporaryFolder { folder in
            let path = folder + "/out"
            let refusal = code {
                var file = try OutputFile(path)
                try file.append([1])
                try Data([9]).write(to: URL(filePath: path))
                try file.commit()
            }
            #expect(refusal == "file-exists")
            let contents = try InputFile.read(path, limit: 10)
            #expect(contents == [9])
            #expect(Self.contents(folder) == ["out"])
        }
    }

    @Test func abandonedFilesAreRemoved() throws {
        try inTemporaryFolder { folder in
            do {
                var file = try OutputFile(folder + "/out")
                try file.append(pattern(100_000, 1))
                #expect(Self.contents(folder).count == 1)
            }
            #expect(Self.contents(folder).isEmpty)
        }
    }

    /// The temporary file's descriptor is made that of /dev/full, where every write fails as on a full disk.
    @Test(arguments: [10, 100_000])
    func fullDisk(_ count: Int) throws {
        try inTemporaryFolder { folder in
            let error = #expect(throws: ModelError.self) {
                var file = try OutputFile(folder + "/out")
                let full = open("/dev/full", O_WRONLY)
                #expect(dup2(full, file.descriptor) == file.descriptor)
                close(full)
                try file.append(pattern(count, 1))
                try file.commit()
            }
            #expect(error?.code == "disk-full")
            #expect(error?.file == folder + "/out")
            #expect(error?.hint != nil)
            #expect(Self.contents(folder).isEmpty)
        }
    }

    @Test func refusedDestinations() throws {
        try inTemporaryFolder { folder in
            #expect(code { try OutputFile.write([], to: folder, force: true) } == "file-not-regular")
            #expect(code { try OutputFile.write([], to: folder + "/") } == "file-not-regular")
            #expect(code { try OutputFile.write([], to: "") } == "file-not-regular")
            #expect(code { try OutputFile.write([], to: "/dev/null", force: true) } == "file-not-regular")
            #expect(code { try OutputFile.write([], to: folder + "/missing/out") } == "file-not-found")
            try OutputFile.write([], to: folder + "/out")
            #expect(code { try OutputFile.write([], to: folder + "/out/x") } == "file-not-regular")
            #expect(code { try OutputFile.write([], to: "/proc/zkconsent-out") } != nil)
        }
    }

    @Test func longAndRelativeNames() throws {
        try inTemporaryFolder { folder in
            let name = String(repeating: "ü", count: 127)
            try OutputFile.write([1], to: folder + "/" + name)
            #expect(Self.contents(folder).count == 1)
        }
    }
}
