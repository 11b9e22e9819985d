// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing
import Transcripts

/// SHAKE128 and SHAKE256 beside OpenSSL, TurboSHAKE beside PyCryptodome and RFC 9861.
@Suite struct KeccakXOFTests {
    /// Every input length up to this one, which is more than four blocks, is tried.
    static let longest = 700
    static let names: [(String, KeccakFunction)] = [
        ("shake128", .shake128), ("shake256", .shake256), ("turbo128", .turboSHAKE128), ("turbo256", .turboSHAKE256),
    ]
    static let python = repositoryRoot.appending(path: ".build/peers/venv/bin/python")

    /// The lines `shake128 <hex>` ... of the peers for every input length; the output lengths run through several blocks.
    static func peer(_ name: String) throws -> [Substring] {
        let program = """
            import _hashlib
            from Crypto.Hash import TurboSHAKE128, TurboSHAKE256
            functions = {
                "shake128": lambda m, k: _hashlib.openssl_shake_128(m).hexdigest(k),
                "shake256": lambda m, k: _hashlib.openssl_shake_256(m).hexdigest(k),
                "turbo128": lambda m, k: TurboSHAKE128.new(data=m).read(k).hex(),
                "turbo256": lambda m, k: TurboSHAKE256.new(data=m).read(k).hex(),
                "domains128": lambda m, k: TurboSHAKE128.new(data=m, domain=len(m) % 127 + 1).read(k).hex(),
                "domains256": lambda m, k: TurboSHAKE256.new(data=m, domain=len(m) % 127 + 1).read(k).hex(),
            }
            for n in range(\(longest) + 1):
                print(functions["\(name)"](bytes((i * 7 + n) & 255 for i in range(n)), 1 + n * 31 % 700))
            """
        try #require(
            FileManager.default.isExecutableFile(atPath: python.path), "run scripts/setup test, which installs the Python peers")
        let result = try run(python.path, ["-c", program])
        try #require(result.status == 0, "\(result.errorText)")
        return result.text.split(separator: "\n")
    }

    @Test(arguments: names) func everyLength(_ name: String, _ function: KeccakFunction) throws {
        let lines = try Self.peer(name)
        try #require(lines.count == Self.longest + 1)
        for n in 0...Self.longest {
            #expect(hex(KeccakXOF.hash(function, SHAKE128Tests.input(n), count: 1 + n * 31 % 700)) == lines[n], "\(n)")
        }
    }

    @Test(arguments: [("domains128", KeccakFunction.turboSHAKE128), ("domains256", .turboSHAKE256)])
    func everyDomain(_ name: String, _ base: KeccakFunction) throws {
        let lines = try Self.peer(name)
        try #require(lines.count == Self.longest + 1)
        for n in 0...Self.longest {
            let function = try #require(base.domain(UInt8(n % 127 + 1)))
            #expect(hex(KeccakXOF.hash(function, SHAKE128Tests.input(n), count: 1 + n * 31 % 700)) == lines[n], "\(n)")
        }
        #expect(base.domain(0) == nil && base.domain(0x80) == nil && base.domain(0xff) == nil)
        #expect(KeccakFunction.shake128.domain(7) == nil)
    }

    /// RFC 9861, section 5: TurboSHAKE128 of messages `ptn(n)` or `0xFF` repeated, with the domain separation byte.
    static let rfc9861: [(message: [UInt8], domain: UInt8, output: String)] =
        [
            (0, "1e415f1c5983aff2169217277d17bb538cd945a397ddec541f1ce41af2c1b74c"),
            (1, "55cedd6f60af7bb29a4042ae832ef3f58db7299f893ebb9247247d856958daa9"),
            (17, "9c97d036a3bac819db70ede0ca554ec6e4c2a1a4ffbfd9ec269ca6a111161233"),
            (289, "96c77c279e0126f7fc07c9b07f5cdae1e0be60bdbe10620040e75d7223a624d2"),
            (4_913, "d4976eb56bcf118520582b709f73e1d6853e001fdaf80e1b13e0d0599d5fb372"),
            (83_521, "da67c7039e98bf530cf7a37830c6664e14cbab7f540f58403b1b82951318ee5c"),
            (1_419_857, "b97a906fbf83ef7c812517abf3b2d0aea0c4f60318ce11cf103925127f59eecd"),
        ].map { (count: Int, output: String) in ((0..<count).map { UInt8($0 % 251) }, 0x1f, output) }
        + [
            (3, 0x01, "bf323f940494e88ee1c540fe660be8a0c93f43d15ec006998462fa994eed5dab"),
            (1, 0x06, "8ec9c66465ed0d4a6c35d13506718d687a25cb05c74cca1e42501abd83874a67"),
            (3, 0x07, "b658576001cad9b1e5f399a9f77723bba05458042d68206f7252682dba3663ed"),
            (7, 0x0b, "8deeaa1aec47ccee569f659c21dfa8e112db3cee37b18178b2acd805b799cc37"),
            (1, 0x30, "553122e2135e363c3292bed2c6421fa232bab03daa07c7d6636603286506325b"),
            (3, 0x7f, "16274cc656d44cefd422395d0f9053bda6d28e122aba15c765e5ad0e6eaf26f9"),
        ].map { (count: Int, domain: UInt8, output: String) in ([UInt8](repeating: 0xff, count: count), domain, output) }

    @Test func vectorsOfRFC9861() throws {
        for vector in Self.rfc9861 {
            let function = try #require(KeccakFunction.turboSHAKE128.domain(vector.domain))
            #expect(hex(KeccakXOF.hash(function, vector.message, count: 32)) == vector.output)
        }
    }

    /// Cutting the input or the output anywhere changes nothing.
    @Test(arguments: names) func incremental(_ name: String, _ function: KeccakFunction) {
        let message = SHAKE128Tests.input(500)
        let whole = KeccakXOF.hash(function, message, count: 500)
        for step in [1, 7, 8, function.rate - 1, function.rate, function.rate + 1] {
            var xof = KeccakXOF(function)
            for start in stride(from: 0, to: 500, by: step) { xof.absorb(Array(message[start..<min(start + step, 500)])) }
            var reader = xof.finished()
            var output: [UInt8] = []
            while output.count < 500 { output += reader.read(min(step, 500 - output.count)) }
            #expect(output == whole)
        }
    }
}
