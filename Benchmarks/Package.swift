// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

// A package of its own, so that the benchmark library is no dependency of the product. `make bench-micro` runs it.
let package = Package(
    name: "zkconsent-microbenchmarks",
    dependencies: [
        .package(name: "zkconsent", path: ".."),
        .package(url: "https://github.com/google/swift-benchmark", exact: "0.1.2"),
    ],
    targets: [
        .executableTarget(
            name: "zkconsent-microbenchmarks",
            dependencies: [
                .product(name: "ProofEngine", package: "zkconsent"),
                .product(name: "Benchmark", package: "swift-benchmark"),
            ],
            // The benchmark library keeps its registry in a global variable.
            swiftSettings: [.treatAllWarnings(as: .error), .swiftLanguageMode(.v5)])
    ]
)
