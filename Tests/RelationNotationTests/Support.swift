// SPDX-License-Identifier: Apache-2.0

import ConsentModel
import Foundation
import RelationNotation
import TestSupport

/// Parses and unrolls a text.
func unrolled(_ text: String, sizes: [String: Int] = [:]) throws -> UnrolledRelation {
    try RelationDeclaration(parsing: Array(text.utf8)).unrolled(sizes: sizes)
}

/// The shipped relation files by name.
func shippedRelations() throws -> [(name: String, text: [UInt8])] {
    let folder = repositoryRoot.appending(path: "circuits")
    return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        .filter { $0.pathExtension == "relation" }
        .map { ($0.deletingPathExtension().lastPathComponent, [UInt8](try Data(contentsOf: $0))) }
        .sorted { $0.0 < $1.0 }
}
