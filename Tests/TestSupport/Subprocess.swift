// SPDX-License-Identifier: Apache-2.0
public import Foundation

/// What a finished process left behind.
public struct ProcessResult: Sendable {
    /// The exit status, or `128 + signal`.
    public let status: Int32
    /// Everything written to standard output.
    public let output: Data
    /// Everything written to standard error.
    public let errors: Data
    /// Standard output as text.
    public var text: String { String(decoding: output, as: UTF8.self) }
    /// Standard error as text.
    public var errorText: String { String(decoding: errors, as: UTF8.self) }
}

/// Runs a program to its end. Output goes through files, so that no pipe can fill up and block it.
public func run(
    _ program: String, _ arguments: [String], input: Data = Data(), in directory: URL? = nil, environment: [String: String] = [:]
) throws -> ProcessResult {
    let folder = FileManager.default.temporaryDirectory.appending(path: "zkconsent-run-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = ["in", "out", "err"].map { folder.appending(path: $0) }
    try input.write(to: files[0])
    for file in files.dropFirst() { try Data().write(to: file) }

    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.currentDirectoryURL = directory
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = try FileHandle(forReadingFrom: files[0])
    process.standardOutput = try FileHandle(forWritingTo: files[1])
    process.standardError = try FileHandle(forWritingTo: files[2])
    try process.run()
    process.waitUntilExit()
    let status = process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
    return ProcessResult(status: status, output: try Data(contentsOf: files[1]), errors: try Data(contentsOf: files[2]))
}
