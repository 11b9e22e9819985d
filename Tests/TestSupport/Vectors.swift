// SPDX-License-Identifier: Apache-2.0
public import Foundation

/// The file or folder of this path below `vectors/`.
public func vectorURL(_ path: String) -> URL {
    repositoryRoot.appending(path: "vectors/\(path)")
}

/// The bytes of a file below `vectors/`.
public func vectorBytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: vectorURL(path)))
}

/// A JSON file below `vectors/`, decoded.
public func vectorJSON<Value: Decodable>(_ path: String, as type: Value.Type = Value.self) throws -> Value {
    try JSONDecoder().decode(type, from: Data(contentsOf: vectorURL(path)))
}
