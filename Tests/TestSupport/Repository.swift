// SPDX-License-Identifier: Apache-2.0
public import Foundation

/// The root of the work tree that the tests were built from.
public let repositoryRoot = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// Whether the slow parts of the suite run (`make test-long`).
public let runsLongTests = ProcessInfo.processInfo.environment["ZKCONSENT_LONG_TESTS"] == "1"
