// SPDX-License-Identifier: Apache-2.0
import Foundation
import MerkleLog
import Primitives
import TestSupport
import Testing

/// Go's checksum database code (golang.org/x/mod/sumdb) as the other side: it verifies what we make and we compare what it makes.
@Suite struct GoPeerTests {
    private struct Inclusion: Codable {
        let Size: UInt64
        let Index: UInt64
        let Proof: [String]?
    }

    private struct Consistency: Codable {
        let Old: UInt64
        let New: UInt64
        let Proof: [String]?
    }

    private struct Request: Encodable {
        /// By size; JSON objects have `Int` keys only.
        var Roots: [Int: String] = [:]
        var Inclusions: [Inclusion] = []
        var Consistencies: [Consistency] = []
        let TileSize: UInt64
        let Note: String
        let Key: String
        let SignerKey: String
        let Text: String
    }

    private struct Tile: Decodable {
        let Path: String
        let Data: String
    }

    private struct Answer: Decodable {
        let Roots: [Int: String]
        let Inclusions: [Inclusion]
        let Consistencies: [Consistency]
        let Tiles: [Tile]
        let Note: String
    }

    private let largest = 2000
    private let tree: MerkleTree
    private let signer: TestSigner

    init() throws {
        tree = MerkleTree(sampleEntries(largest).map { LeafHash(entry: $0) })
        signer = try TestSigner(name: "example.com/log", type: .ed25519, seed: 5)
    }

    private func texts(_ hashes: [NodeHash]) -> [String] {
        hashes.map { Base64.encode($0.bytes) }
    }

    private func makeRequest() throws -> Request {
        let own = try signer.sign(Checkpoint(origin: "example.com/log", treeSize: tree.size, rootHash: tree.root).text)
        // Go's signer key is the seed after the type byte, under the same name and key ID.
        let parts = signer.key.text.split(separator: "+", maxSplits: 2).map(String.init)
        let secret = Base64.encode([1] + [UInt8](repeating: 5, count: 32))
        var request = Request(
            TileSize: tree.size, Note: String(decoding: own.bytes, as: UTF8.self), Key: signer.key.text,
            SignerKey: "PRIVATE+KEY+\(parts[0])+\(parts[1])+\(secret)", Text: own.text)
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<300 {
            let new = UInt64.random(in: 1...tree.size, using: &generator)
            let old = UInt64.random(in: 1...new, using: &generator)
            let index = UInt64.random(in: 0..<new, using: &generator)
            for size in [old, new] { request.Roots[Int(size)] = try Base64.encode(tree.root(size: size).bytes) }
            let path = try tree.inclusionProof(index: index, size: new)
            request.Inclusions.append(Inclusion(Size: new, Index: index, Proof: texts(path.hashes)))
            let proof = try tree.consistencyProof(from: old, to: new)
            request.Consistencies.append(Consistency(Old: old, New: new, Proof: texts(proof.hashes)))
        }
        request.Roots[largest] = Base64.encode(tree.root.bytes)
        return request
    }

    private func ask(_ request: Request) throws -> ProcessResult {
        let cache = FileManager.default.temporaryDirectory.appending(path: "zkconsent-go-cache").path
        // Go's hash type reads base64 between quotes without looking for escapes.
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return try run(
            "go", ["run", "main.go"], input: encoder.encode(request), in: repositoryRoot.appending(path: "Tests/peers/tlog"),
            environment: ["GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOCACHE": cache, "GOFLAGS": "", "CGO_ENABLED": "0"])
    }

    @Test
    func goAgrees() throws {
        let request = try makeRequest()
        let result = try ask(request)
        try #require(result.status == 0, "\(result.errorText)")
        let answer = try JSONDecoder().decode(Answer.self, from: result.output)
        #expect(answer.Roots == request.Roots)
        try #require(answer.Inclusions.count == request.Inclusions.count && answer.Consistencies.count == request.Consistencies.count)
        for (position, theirs) in answer.Inclusions.enumerated() {
            #expect(theirs.Proof ?? [] == request.Inclusions[position].Proof)
        }
        for (position, theirs) in answer.Consistencies.enumerated() {
            #expect(theirs.Proof ?? [] == request.Consistencies[position].Proof)
        }
        #expect(answer.Note == request.Note)
        // Go lists its tiles for every size; ours for the final one are all among them.
        let tiles = Dictionary(answer.Tiles.map { ($0.Path, $0.Data) }, uniquingKeysWith: { $1 })
        var count = 0
        for tile in try MerkleLog.Tile.tiles(from: 0, to: tree.size) {
            guard case .hashes(let level) = tile.content else { continue }
            #expect(try tiles["\(level)/\(tile.index)/\(tile.width)"] == Base64.encode(tree.bytes(of: tile)))
            count += 1
        }
        #expect(count == 9)
    }

    /// The peer notices a wrong proof: otherwise its agreement would mean nothing.
    @Test
    func goRefuses() throws {
        var request = try makeRequest()
        let last = try #require(request.Inclusions.last)
        request.Inclusions.append(Inclusion(Size: last.Size, Index: last.Index, Proof: (last.Proof ?? []) + texts([.emptyRoot])))
        let result = try ask(request)
        #expect(result.status == 1)
        #expect(result.errorText.hasPrefix("inclusion \(last.Index) \(last.Size)"), "\(result.errorText)")
    }
}
