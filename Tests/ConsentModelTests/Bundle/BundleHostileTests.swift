// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Testing

/// Random damage is refused or has another meaning; it never traps.
@Suite struct BundleHostileTests {
    private static func headerEnd(_ file: [UInt8]) -> Int {
        8 + file[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    /// Every bit of the header: what is still accepted must be written back as the damaged bytes, so that no meaning has two files.
    @Test func flippedHeaders() throws {
        let file = try BundleFixture.file
        let original = try BundleFixture.parse(file)
        var accepted = 0
        for position in 0..<Self.headerEnd(file) {
            for bit in 0..<8 {
                var damaged = file
                damaged[position] ^= 1 << bit
                guard let bundle = try? BundleFixture.parse(damaged) else { continue }
                accepted += 1
                #expect(BundleWriter.encode(bundle) == damaged, "byte \(position), bit \(bit)")
                #expect(BundleWriter.encode(bundle) != file && bundle.header != original.header)
            }
        }
        // Letters of notes and names can change into others; nothing else can.
        #expect(accepted > 0)
    }

    @Test func replacedHeaderBytes() throws {
        let file = try BundleFixture.file
        for position in 0..<Self.headerEnd(file) {
            for value in [0x00, 0x20, 0x22, 0x30, 0x39, 0x5c, 0x7d, 0x80, 0xc0, 0xff] as [UInt8] where file[position] != value {
                var damaged = file
                damaged[position] = value
                guard let bundle = try? BundleFixture.parse(damaged) else { continue }
                #expect(BundleWriter.encode(bundle) == damaged, "byte \(position), value \(value)")
            }
        }
    }

    @Test func flippedData() throws {
        let file = try BundleFixture.file
        for position in Self.headerEnd(file)..<file.count {
            for bit in 0..<8 {
                var damaged = file
                damaged[position] ^= 1 << bit
                guard let bundle = try? BundleFixture.parse(damaged) else { continue }
                #expect(BundleWriter.encode(bundle) == damaged)
            }
        }
    }

    @Test func truncations() throws {
        let file = try BundleFixture.file
        for length in 0..<file.count {
            let prefix = Array(file[..<length])
            #expect(throws: ModelError.self) { try BundleFixture.parse(prefix) }
            #expect(throws: ModelError.self) { try BundleSummary(parsing: prefix) }
        }
        for extra in 1...16 {
            #expect(code { _ = try BundleFixture.parse(file + [UInt8](repeating: 0, count: extra)) } == "safetensors-layout")
        }
    }

    /// A byte removed or doubled anywhere in the header.
    @Test func shiftedHeaders() throws {
        let file = try BundleFixture.file
        for position in 0..<Self.headerEnd(file) {
            var shorter = file
            shorter.remove(at: position)
            #expect(throws: ModelError.self) { try BundleFixture.parse(shorter) }
            var longer = file
            longer.insert(file[position], at: position)
            #expect(throws: ModelError.self) { try BundleFixture.parse(longer) }
        }
    }
}
