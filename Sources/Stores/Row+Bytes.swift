// SPDX-License-Identifier: Apache-2.0
internal import Foundation
internal import GRDB

extension Row {
    /// The blob in a column.
    ///
    /// - Throws: ``StoreError/corrupt(path:reason:)`` (without a path) when the column holds something else.
    func bytes(_ column: Int) throws -> [UInt8] {
        try withUnsafeData(atIndex: column) { data in
            guard let data else { throw StoreError.corrupt(path: "", reason: "a value is missing") }
            return [UInt8](data)
        }
    }

    /// The integer in a column.
    ///
    /// - Throws: ``StoreError/corrupt(path:reason:)`` (without a path) when the column holds something else.
    func integer(_ column: Int) throws -> Int {
        guard let value = Int64.fromDatabaseValue(self[column] as DatabaseValue) else {
            throw StoreError.corrupt(path: "", reason: "a value is not an integer")
        }
        return Int(value)
    }
}
