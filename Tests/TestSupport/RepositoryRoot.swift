// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// The root of this checkout, found from the place of this file.
public let repositoryRoot = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

/// The contents of a file below `vectors/`.
public func vectorFile(_ path: String) throws -> Data {
    try Data(contentsOf: repositoryRoot.appendingPathComponent("vectors").appendingPathComponent(path))
}
