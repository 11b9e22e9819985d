// SPDX-License-Identifier: Apache-2.0
public import Foundation

/// The root of the work tree that the tests were built from.
public let repositoryRoot = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// A file below `vectors/`: data that nobody here wrote.
public func vectorData(_ path: String) throws -> Data {
    try Data(contentsOf: repositoryRoot.appending(path: "vectors").appending(path: path))
}

/// Whether the slow parts of the suite run (`make test-long`).
public let runsLongTests = ProcessInfo.processInfo.environment["ZKCONSENT_LONG_TESTS"] == "1"
