// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Foundation
import Glibc
import Testing

@Suite struct InputFileTests {
    @Test(arguments: [0, 1, 100, 1_000_000, 1 << 23 | 4_097])
    func wholeFiles(_ count: Int) throws {
        try inTemporaryFolder { folder in
            let path = folder + "/in"
            try Data(pattern(count, 1)).write(to: URL(filePath: path))
            #expect(try InputFile.read(path, limit: count) == pattern(count, 1))
            if count > 0 { #expect(code { _ = try InputFile.read(path, limit: count - 1) } == "file-too-large") }
        }
    }

    @Test func refused() throws {
        try inTemporaryFolder { folder in
            func read(_ path: String) -> String? { code { _ = try InputFile.read(path, limit: 100) } }
            #expect(read(folder + "/missing") == "file-not-found")
            #expect(read(folder) == "file-not-regular")
            #expect(read("/dev/zero") == "file-not-regular")
            // A pipe that nobody writes to must not block.
            #expect(mkfifo(folder + "/pipe", 0o600) == 0)
            #expect(read(folder + "/pipe") == "file-not-regular")
            // A file whose size is not what it says, as one that grows while it is read: those of /proc say 0.
            #expect(read("/proc/self/status") == "file-changed")
            if geteuid() != 0 {
                try Data([1]).write(to: URL(filePath: folder + "/closed"))
                #expect(chmod(folder + "/closed", 0) == 0)
                #expect(read(folder + "/closed") == "file-permission")
            }
        }
    }

    @Test func errorsNameTheFile() {
        let error = #expect(throws: ModelError.self) { try InputFile.read("no/such/file.zkb", limit: 1) }
        #expect(error?.file == "no/such/file.zkb")
        #expect(error?.description.hasPrefix("no/such/file.zkb: cannot open the file: No such file") == true)
    }
}
