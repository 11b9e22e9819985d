// SPDX-License-Identifier: Apache-2.0

extension ModelError {
    /// `{code, message, file, position, hint}`; absent members are null.
    public var json: JSONValue {
        var place: JSONValue = .null
        switch position {
        case .line(let line, let column): place = .object(["column": .integer(Int64(column)), "line": .integer(Int64(line))])
        case .byte(let offset): place = .object(["byte": .integer(Int64(offset))])
        case nil: break
        }
        return .object([
            "code": .string(code), "file": file.map { .string($0) } ?? .null, "hint": hint.map { .string($0) } ?? .null,
            "message": .string(message), "position": place,
        ])
    }
}
