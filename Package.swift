// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

/// Settings of every Swift target of ours: warnings are errors, imports are internal unless they say otherwise.
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("ExistentialAny"),
]

/// A library module of ours in `Sources/<name>`.
func module(_ name: String, _ dependencies: [Target.Dependency] = [], path: String? = nil) -> Target {
    .target(name: name, dependencies: dependencies, path: path, swiftSettings: strict)
}

/// The tests of one module in `Tests/<name>`.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies + ["TestSupport"], path: "Tests/\(name)", swiftSettings: strict)
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
    name: "zkconsent",
    products: [
        .executable(name: "zkconsent", targets: ["zkconsent"]),
        .executable(name: "zkconsent-verify", targets: ["zkconsent-verify"]),
        .library(name: "ConsentVerifier", targets: ["ConsentVerifier"]),
        .library(name: "ConsentProver", targets: ["ConsentProver"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    ],
    targets: [
        // C: system libraries and kernels. Each has exactly one importer, except CKernels.
        .systemLibrary(name: "CGMP", providers: [.apt(["libgmp-dev"])]),
        .systemLibrary(name: "COpenSSL", providers: [.apt(["libssl-dev"])]),
        .target(name: "CKernels"),

        // The verifier's closure: nothing here may hold a secret.
        module("FaultInjection"),
        module("Arithmetic", ["CGMP", "CKernels"]),
        module("Primitives", ["COpenSSL", "CKernels"]),
        module("Groups", ["Arithmetic", "CKernels"]),
        module("Transcripts", ["CKernels"]),
        module("MerkleLog", ["Primitives", "FaultInjection"]),
        module("SigmaProofs", ["Transcripts", "Groups", "FaultInjection", "CKernels"]),
        .target(
            name: "Circuits", path: "circuits", resources: [.embedInCode("schemas"), .embedInCode("policies")], swiftSettings: strict),
        module("ConsentModel", ["SigmaProofs", "MerkleLog", "Groups", "Primitives", "Transcripts", "Circuits", "FaultInjection", yams]),
        module("ConsentVerifier", ["ConsentModel", "SigmaProofs", "MerkleLog", "Groups", "Primitives", "FaultInjection"]),
        module("AuditReport", ["ConsentVerifier", "ConsentModel", "MerkleLog", "Primitives"]),
        module("VerifyCommand", ["AuditReport", "ConsentVerifier", "ConsentModel", "MerkleLog", "Primitives", argumentParser, logging]),
        .executableTarget(name: "zkconsent-verify", dependencies: ["VerifyCommand", argumentParser], swiftSettings: strict),

        // Secrets, provers, stores.
        module("Secrets", ["Groups", "Primitives", "CKernels"]),
        module("Provers", ["SigmaProofs", "Transcripts", "Groups", "Secrets"]),
        module(
            "ConsentProver",
            ["ConsentModel", "ConsentVerifier", "Provers", "SigmaProofs", "MerkleLog", "Groups", "Primitives", "Secrets", "CKernels"]),
        module(
            "Conformance",
            ["MerkleLog", "SigmaProofs", "Provers", "Secrets", "Transcripts", "Groups", "Arithmetic", "Primitives"]),
        module("ConsentImport", ["ConsentModel"]),
        module("Stores", ["ConsentModel", "MerkleLog", "Secrets", "Primitives", grdb]),
        module("Issuance", ["Stores", "ConsentProver", "ConsentModel", "MerkleLog", "Secrets", "Groups", "Primitives", "CKernels"]),
        module(
            "Holding",
            ["Stores", "ConsentProver", "ConsentVerifier", "ConsentImport", "ConsentModel", "MerkleLog", "Secrets", "Groups", "Primitives"]),
        .executableTarget(
            name: "zkconsent",
            dependencies: [
                "Conformance", "VerifyCommand", "AuditReport", "Holding", "ConsentImport", "Issuance", "Stores", "ConsentProver", "ConsentVerifier",
                "ConsentModel", "MerkleLog", "Secrets", "Primitives", "Circuits", argumentParser, logging,
            ],
            swiftSettings: strict),

        // Tests.
        .systemLibrary(name: "CSodium", path: "Tests/CSodium", providers: [.apt(["libsodium-dev"])]),
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
        .target(
            name: "TestWorkspace",
            dependencies: ["Holding", "Stores", "ConsentProver", "ConsentImport", "ConsentModel", "MerkleLog", "Secrets"],
            path: "Tests/TestWorkspace",
            swiftSettings: strict),
        tests("ArithmeticTests", ["Arithmetic"]),
        tests("PrimitivesTests", ["Primitives"]),
        tests("GroupsTests", ["Groups", "Arithmetic", "Primitives", "CKernels", "CSodium"]),
        tests("TranscriptsTests", ["Transcripts", "Primitives"]),
        tests("MerkleLogTests", ["MerkleLog", "Primitives", "Secrets"]),
        tests("SecretsTests", ["Secrets", "Groups", "Primitives"]),
        tests("SigmaProofsTests", ["SigmaProofs", "Provers", "Transcripts", "Groups", "Secrets", "Primitives"]),
        tests("ConsentModelTests", ["ConsentModel", "SigmaProofs", "MerkleLog", "Groups", "Primitives"]),
        tests("ConsentImportTests", ["ConsentImport", "ConsentModel"]),
        tests("StoresTests", ["Stores", "ConsentModel", "MerkleLog", "Secrets", "Primitives", grdb]),
        tests(
            "SoundnessTests",
            [
                "ConsentProver", "ConsentVerifier", "ConsentModel", "Provers", "SigmaProofs", "MerkleLog", "Groups", "Secrets",
                "Primitives", "Transcripts", "FaultInjection",
            ]),
        tests("IssuanceTests", ["Issuance", "Stores", "ConsentProver", "ConsentModel", "MerkleLog", "Secrets", "Primitives", "Groups"]),
        tests("HoldingTests", ["TestWorkspace", "Holding", "Stores", "ConsentProver", "ConsentVerifier", "ConsentImport", "ConsentModel"]),
        tests("AuditReportTests", ["TestWorkspace", "AuditReport", "ConsentVerifier", "ConsentModel"]),
        tests(
            "CommandTests",
            [
                "zkconsent", "zkconsent-verify", "TestWorkspace", "Issuance", "Stores", "ConsentModel", "MerkleLog", "Groups", "Secrets",
                "Primitives",
            ]),
        tests("ConformanceTests", ["Conformance"]),
        tests("ArchitectureTests", []),
    ],
    cLanguageStandard: .c11
)
