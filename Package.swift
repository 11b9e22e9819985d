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
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

/// Groups, transcripts and proofs, without consents.
let engine = ["Groups", "MembershipProofs", "MerkleLog", "Primitives", "RangeProofs", "SigmaProofs", "Transcripts"]

/// The relations in `circuits/<name>.relation`.
let relations = [
    "aggregate_encryption", "bbs_blind_commitment_computation", "bit", "bits", "consent_opening", "consent_point",
    "consent_point_subject", "data_point", "discrete_logarithm", "dleq", "dleq_derived_element", "elgamal_decryption",
    "instance_identity_element", "instance_trivial_equation", "opens_to", "pedersen_commitment", "pedersen_commitment_dleq",
    "revealed_attribute", "same_subject",
]

/// `scripts/fuzz` builds its program, which needs libFuzzer, and nothing else does.
let fuzzing: [Target] =
    Context.environment["ZKCONSENT_FUZZ"] == nil
    ? []
    : [
        .target(name: "CFuzz", path: "Tests/CFuzz"),
        .executableTarget(
            name: "zkconsent-fuzz", dependencies: ["CFuzz", "FuzzTargets"], path: "Tests/Fuzz", exclude: ["corpus"], swiftSettings: strict),
    ]

let package = Package(
    name: "zkconsent",
    products: [
        .executable(name: "zkconsent", targets: ["zkconsent"]),
        .executable(name: "zkconsent-verify", targets: ["zkconsent-verify"]),
        .library(name: "ConsentVerifier", targets: ["ConsentVerifier"]),
        .library(name: "ConsentProver", targets: ["ConsentProver"]),
        .library(name: "ProofEngine", targets: engine),
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
        module("Cores", ["CKernels"]),
        module("Arithmetic", ["CGMP", "CKernels"]),
        module("Primitives", ["COpenSSL", "CKernels", "Cores"]),
        module("Groups", ["Arithmetic", "CKernels", "Cores"]),
        module("Transcripts", ["CKernels", "Cores"]),
        module("MerkleLog", ["Primitives", "FaultInjection"]),
        module("SigmaProofs", ["Transcripts", "Groups", "Primitives", "FaultInjection", "Cores", "CKernels"]),
        module("RangeProofs", ["SigmaProofs", "Transcripts", "Groups", "FaultInjection"]),
        module("MembershipProofs", ["SigmaProofs", "Transcripts", "Groups", "FaultInjection"]),
        .target(
            name: "Circuits", path: "circuits",
            resources: [.embedInCode("schemas"), .embedInCode("policies")] + relations.map { .embedInCode("\($0).relation") },
            swiftSettings: strict),
        module(
            "ConsentModel",
            [
                "RangeProofs", "SigmaProofs", "MerkleLog", "Groups", "Primitives", "Transcripts", "Circuits", "FaultInjection", "Cores",
                "CKernels", yams,
            ]),
        module("RelationNotation", ["ConsentModel", "SigmaProofs", "Groups", "Primitives"]),
        module(
            "ConsentVerifier",
            [
                "ConsentModel", "MembershipProofs", "RangeProofs", "SigmaProofs", "Transcripts", "MerkleLog", "Groups", "Primitives",
                "FaultInjection",
                "Cores",
            ]),
        module("AuditReport", ["ConsentVerifier", "ConsentModel", "MerkleLog", "Primitives"]),
        module(
            "VerifyCommand",
            [
                "AuditReport", "ConsentVerifier", "ConsentImport", "ConsentModel", "MerkleLog", "Groups", "Primitives", "Cores",
                argumentParser, logging,
            ]),
        .executableTarget(name: "zkconsent-verify", dependencies: ["VerifyCommand", argumentParser], swiftSettings: strict),

        // Secrets, provers, stores.
        module("Secrets", ["Groups", "Primitives", "CKernels", "Cores"]),
        module("Provers", ["MembershipProofs", "RangeProofs", "SigmaProofs", "Transcripts", "Groups", "Secrets"]),
        module(
            "ConsentProver",
            [
                "ConsentModel", "ConsentVerifier", "Provers", "MembershipProofs", "RangeProofs", "SigmaProofs", "Transcripts", "MerkleLog",
                "Groups",
                "Primitives",
                "Secrets", "Cores", "CKernels",
            ]),
        module(
            "Conformance",
            ["MerkleLog", "SigmaProofs", "RangeProofs", "Provers", "Secrets", "Transcripts", "Groups", "Arithmetic", "Primitives"]),
        module("ConsentImport", ["ConsentModel", "Primitives"]),
        module("Stores", ["ConsentModel", "MerkleLog", "Groups", "Secrets", "Primitives", "Cores", grdb, sqlite]),
        module("Issuance", ["Stores", "ConsentProver", "ConsentModel", "MerkleLog", "Secrets", "Groups", "Primitives", "CKernels"]),
        module(
            "Holding",
            ["Stores", "ConsentProver", "ConsentVerifier", "ConsentImport", "ConsentModel", "MerkleLog", "Secrets", "Groups", "Primitives"]),

        // Benchmarks, and the libraries that they are compared with: opened at run time, linked by nothing.
        module("Baselines"),
        module(
            "Benchmarking",
            [
                "Baselines", "Holding", "Stores", "ConsentImport", "ConsentProver", "ConsentVerifier", "ConsentModel", "Provers",
                "MembershipProofs", "RelationNotation", "RangeProofs", "SigmaProofs",
                "MerkleLog", "Transcripts", "Groups", "Secrets", "Primitives", "Cores", "CKernels",
            ]),
        .executableTarget(
            name: "zkconsent",
            dependencies: [
                "Benchmarking", "Conformance", "VerifyCommand", "AuditReport", "Holding", "ConsentImport", "Issuance", "Stores",
                "ConsentProver", "ConsentVerifier",
                "RelationNotation", "ConsentModel", "MerkleLog", "Provers", "SigmaProofs", "Transcripts", "Groups", "Secrets", "Primitives",
                "Circuits", argumentParser, logging,
            ],
            swiftSettings: strict),

        // Tests.
        .systemLibrary(name: "CSodium", path: "Tests/CSodium", providers: [.apt(["libsodium-dev"])]),
        .systemLibrary(name: "COpenSSLCurves", path: "Tests/COpenSSLCurves", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CSecp256k1", path: "Tests/CSecp256k1", providers: [.apt(["libsecp256k1-dev"])]),
        .target(name: "TestSupport", dependencies: ["CKernels"], path: "Tests/TestSupport", swiftSettings: strict),
        .target(
            name: "TestWorkspace",
            dependencies: ["Holding", "Stores", "ConsentProver", "ConsentImport", "ConsentModel", "MerkleLog", "Secrets"],
            path: "Tests/TestWorkspace",
            swiftSettings: strict),
        .target(name: "CMemcheck", path: "Tests/CMemcheck"),
        .executableTarget(
            name: "constant-time-probe",
            dependencies: [
                "CMemcheck", "ConsentProver", "ConsentModel", "Provers", "MembershipProofs", "RangeProofs", "SigmaProofs", "Transcripts",
                "Groups",
                "Arithmetic", "Secrets",
                "Primitives",
            ],
            path: "Tests/ConstantTimeProbe",
            swiftSettings: strict),
        .target(
            name: "FuzzTargets",
            dependencies: [
                "AuditReport", "Circuits", "Conformance", "ConsentImport", "ConsentModel", "ConsentVerifier", "Groups", "Issuance",
                "MerkleLog", "RangeProofs", "RelationNotation", "Secrets", "SigmaProofs", "Transcripts", "TestSupport",
            ],
            path: "Tests/FuzzTargets",
            swiftSettings: strict),
        .testTarget(
            name: "ConstantTimeTests", dependencies: ["constant-time-probe", "Secrets", "TestSupport"], path: "Tests/ConstantTimeTests",
            exclude: ["memcheck.supp"], swiftSettings: strict),
        tests("CoresTests", ["Cores", "CKernels"]),
        tests("ArithmeticTests", ["Arithmetic"]),
        tests("PrimitivesTests", ["Primitives", "CKernels"]),
        tests(
            "GroupsTests", ["Groups", "Arithmetic", "Primitives", "CKernels", "CSodium", "COpenSSLCurves", "CSecp256k1"]),
        tests("TranscriptsTests", ["Transcripts", "Primitives", "CKernels"]),
        tests("MerkleLogTests", ["MerkleLog", "Primitives", "Secrets"]),
        tests("SecretsTests", ["Secrets", "Groups", "Primitives"]),
        tests("SigmaProofsTests", ["SigmaProofs", "Provers", "Transcripts", "Groups", "Secrets", "Primitives"]),
        tests(
            "RangeProofsTests",
            ["RangeProofs", "Provers", "SigmaProofs", "Transcripts", "Groups", "Secrets", "Primitives"]),
        tests(
            "MembershipProofsTests",
            ["MembershipProofs", "Provers", "SigmaProofs", "Transcripts", "Groups", "Secrets", "Primitives"]),
        tests("ConsentModelTests", ["ConsentModel", "SigmaProofs", "MerkleLog", "Groups", "Primitives"]),
        tests(
            "RelationNotationTests",
            [
                "RelationNotation", "ConsentProver", "ConsentModel", "Circuits", "Provers", "SigmaProofs", "Transcripts", "Groups",
                "Secrets", "Primitives",
            ]),
        tests("ConsentImportTests", ["ConsentImport", "ConsentModel"]),
        tests("StoresTests", ["Stores", "ConsentModel", "MerkleLog", "Groups", "Secrets", "Primitives", grdb]),
        tests(
            "SoundnessTests",
            [
                "ConsentProver", "ConsentVerifier", "ConsentModel", "Provers", "MembershipProofs", "RangeProofs", "SigmaProofs",
                "MerkleLog",
                "Groups",
                "Secrets", "Primitives", "Transcripts", "FaultInjection",
            ]),
        tests("IssuanceTests", ["Issuance", "Stores", "ConsentProver", "ConsentModel", "MerkleLog", "Secrets", "Primitives", "Groups"]),
        tests("HoldingTests", ["TestWorkspace", "Holding", "Stores", "ConsentProver", "ConsentVerifier", "ConsentImport", "ConsentModel"]),
        tests("AuditReportTests", ["TestWorkspace", "AuditReport", "ConsentVerifier", "ConsentModel"]),
        tests(
            "CommandTests",
            [
                "zkconsent", "zkconsent-verify", "TestWorkspace", "Issuance", "Stores", "ConsentModel", "MerkleLog", "Groups", "Secrets",
                "Primitives", "Circuits",
            ]),
        tests("FuzzTests", ["FuzzTargets"]),
        tests("ConformanceTests", ["Conformance", "Primitives", "CSecp256k1"]),
        tests("BenchmarkingTests", ["zkconsent", "Benchmarking", "Baselines", "ConsentModel", "Groups"]),
        tests("ArchitectureTests", []),
    ] + fuzzing,
    cLanguageStandard: .c11
)
