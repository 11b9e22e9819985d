// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Foundation
import TestSupport
import Testing

/// The safetensors library of PyPI opens our files, and numpy reads the columns we wrote.
@Suite struct BundlePeerTests {
    private static let python = repositoryRoot.appending(path: ".build/peers/venv/bin/python")

    private static func requirePython() throws {
        try #require(
            FileManager.default.isExecutableFile(atPath: python.path),
            """
            The Python peers are missing: run scripts/setup, or python3 -m venv .build/peers/venv && \
            .build/peers/venv/bin/pip install safetensors numpy
            """)
    }

    @Test func pythonReadsABundle() throws {
        try Self.requirePython()
        try inTemporaryFolder { folder in
            let path = folder + "/x.zkb"
            try OutputFile.write(BundleFixture.file, to: path)
            let script = """
                import json, sys
                from safetensors import safe_open
                with safe_open(sys.argv[1], framework="numpy") as file:
                    columns = {name: file.get_tensor(name) for name in file.keys()}
                    print(json.dumps({"metadata": file.metadata(),
                        "columns": {n: [str(c.dtype), list(c.shape), c.tobytes().hex()] for n, c in columns.items()},
                        "positions": [int(x) for x in columns["consent"]], "row": [int(x) for x in columns["data_points"][3]]}))
                """
            let result = try run(Self.python.path, ["-c", script, path])
            try #require(result.status == 0, "\(result.errorText)")
            let seen = try JSONValue(parsing: [UInt8](result.output))
            let container = try Container(BundleFixture.file)
            #expect(seen["metadata"] == container.header["__metadata__"])
            #expect(seen["positions"] == .array(BundleFixture.positions.map { .integer(Int64($0)) }))
            #expect(seen["row"] == .array(pattern(7 * 32, 7)[96..<128].map { .integer(Int64($0)) }))
            let names = try #require(container.header.object).keys.filter { $0 != "__metadata__" }
            #expect(seen["columns"]?.object?.count == names.count)
            for name in names {
                let type = container.header[name]?["dtype"] == .string("U64") ? "uint64" : "uint8"
                let shape = try #require(container.header[name]?["shape"])
                let bytes = hex(Array(container.data[try container.range(name)]))
                #expect(seen["columns"]?[name] == .array([.string(type), shape, .string(bytes)]), "\(name)")
            }
        }
    }

    @Test func pythonReadsARevocationList() throws {
        try Self.requirePython()
        try inTemporaryFolder { folder in
            let path = folder + "/x.zkr"
            try OutputFile.write(try RevocationListTests.list().encoded, to: path)
            let script = """
                import sys
                from safetensors.numpy import load_file
                print(load_file(sys.argv[1])["revocations"].tobytes().hex())
                """
            let result = try run(Self.python.path, ["-c", script, path])
            #expect(result.text == hex(pattern(5 * 34, 3)) + "\n", "\(result.errorText)")
        }
    }
}
