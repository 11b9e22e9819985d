// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// The walls of docs/architecture.md, read off the manifest and off every import line.
@Suite struct LayerTests {
    /// Modules from the lowest to the highest: a module may depend only on modules before it.
    static let order = [
        "CGMP", "COpenSSL", "CKernels", "FaultInjection", "Circuits", "Cores", "Arithmetic", "Primitives", "Transcripts", "Groups",
        "MerkleLog",
        "Secrets",
        "SigmaProofs", "RangeProofs", "MembershipProofs", "Provers", "Conformance", "ConsentModel", "RelationNotation", "ConsentVerifier",
        "ConsentProver",
        "Stores",
        "Issuance", "ConsentImport", "Holding",
        "AuditReport", "VerifyCommand",
        "Baselines", "Benchmarking",
        "zkconsent-verify", "zkconsent",
    ]
    /// Modules that may hold secrets: none may be reachable from the verifier's product.
    static let secretModules: Set<String> = [
        "Secrets", "Provers", "Conformance", "ConsentProver", "Stores", "Issuance", "Holding", "Benchmarking",
    ]
    /// The only module that imports each of these.
    static let soleImporters = [
        "CGMP": "Arithmetic", "COpenSSL": "Primitives", "GRDB": "Stores", "GRDBSQLite": "Stores", "Yams": "ConsentModel",
    ]

    /// Target name -> names of its dependencies, products included.
    static func dependencies() throws -> [String: Set<String>] {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "zkconsent-manifest-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: scratch) }
        let result = try run(
            "swift", ["package", "dump-package", "--package-path", repositoryRoot.path, "--scratch-path", scratch.path])
        try #require(result.status == 0, "\(result.errorText)")
        let manifest = try #require(JSONSerialization.jsonObject(with: result.output) as? [String: Any])
        let targets = try #require(manifest["targets"] as? [[String: Any]])
        var found: [String: Set<String>] = [:]
        for target in targets {
            let name = try #require(target["name"] as? String)
            let entries = try #require(target["dependencies"] as? [[String: Any]])
            found[name] = Set(
                try entries.map { entry in
                    let value = try #require((entry["byName"] ?? entry["product"] ?? entry["target"]) as? [Any])
                    return try #require(value[0] as? String)
                })
        }
        return found
    }

    @Test func everyArrowPointsDown() throws {
        let dependencies = try Self.dependencies()
        let rank = Dictionary(uniqueKeysWithValues: Self.order.enumerated().map { ($1, $0) })
        for (target, names) in dependencies where rank[target] != nil {
            for name in names {
                guard let below = rank[name] else { continue }
                #expect(below < rank[target]!, "\(target) depends on \(name), which is above it")
            }
        }
        let unranked = Set(dependencies.keys).filter { !$0.hasSuffix("Tests") }.subtracting(Self.order).subtracting([
            "TestSupport", "TestWorkspace", "FuzzTargets", "CSodium", "COpenSSLCurves", "CSecp256k1", "CMemcheck", "constant-time-probe",
        ])
        #expect(unranked.isEmpty, "modules without a place: \(unranked)")
    }

    /// Memcheck's marks replace the empty ones of CKernels in one program only.
    @Test func onlyTheProbeLinksMemcheck() throws {
        let users = try Self.dependencies().filter { $0.value.contains("CMemcheck") }.keys
        #expect(Set(users) == ["constant-time-probe"])
    }

    @Test func theVerifiersClosureHoldsNoSecretModule() throws {
        let dependencies = try Self.dependencies()
        for root in ["zkconsent-verify", "ConsentVerifier"] {
            var closure: Set<String> = []
            var queue = [root]
            while let next = queue.popLast() {
                if closure.insert(next).inserted { queue += dependencies[next] ?? [] }
            }
            #expect(closure.isDisjoint(with: Self.secretModules), "\(root) reaches \(closure.intersection(Self.secretModules))")
            #expect(closure.isSuperset(of: ["SigmaProofs", "Groups", "ConsentVerifier"]))
        }
    }

    @Test func everyImportIsADeclaredArrow() throws {
        let dependencies = try Self.dependencies()
        let ours = Set(Self.order).union(["GRDB", "GRDBSQLite", "Yams", "ArgumentParser", "Logging"])
        var imports = 0
        for module in Self.order where module != "Circuits" {
            let folder = repositoryRoot.appending(path: "Sources/\(module)")
            for case let file as URL in try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
            where file.pathExtension == "swift" {
                for imported in importedModules(try String(contentsOf: file, encoding: .utf8)) where ours.contains(imported) {
                    imports += 1
                    #expect(dependencies[module]?.contains(imported) == true, "\(file.lastPathComponent) of \(module) imports \(imported)")
                    if let sole = Self.soleImporters[imported] { #expect(sole == module, "\(module) imports \(imported)") }
                }
            }
        }
        #expect(imports > 30)
    }

    /// The module names of all import lines of a source text.
    private func importedModules(_ source: String) -> [String] {
        source.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard let index = words.firstIndex(of: "import"), index <= 2, words.count > index + 1 else { return nil }
            guard
                words[..<index].allSatisfy({
                    ["public", "package", "internal", "private", "fileprivate"].contains($0) || $0.hasPrefix("@")
                })
            else { return nil }
            return words[index + 1].split(separator: ".").first.map(String.init)
        }
    }
}
