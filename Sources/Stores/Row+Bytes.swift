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
        guard case .int64(let value) = (self[column] as DatabaseValue).storage else {
            throw StoreError.corrupt(path: "", reason: "a value is not an integer")
        }
        return Int(value)
    }

    /// The integer in a column that counts or numbers something: from 0 to ``countLimit``, so that sums with it do not overflow.
    ///
    /// - Throws: ``StoreError/corrupt(path:reason:)`` (without a path) when the column holds something else.
    func count(_ column: Int) throws -> Int {
        let value = try integer(column)
        guard (0...Self.countLimit).contains(value) else { throw StoreError.corrupt(path: "", reason: "\(value) is no count") }
        return value
    }

    /// ``count(_:)``, or `nil` for NULL.
    func optionalCount(_ column: Int) throws -> Int? {
        (self[column] as DatabaseValue).isNull ? nil : try count(column)
    }

    /// The text in a column; bytes that are not UTF-8 read as U+FFFD.
    ///
    /// - Throws: ``StoreError/corrupt(path:reason:)`` (without a path) when the column holds something else.
    func text(_ column: Int) throws -> String {
        guard case .string(let value) = (self[column] as DatabaseValue).storage else {
            throw StoreError.corrupt(path: "", reason: "a value is not text")
        }
        return value
    }

    /// ``text(_:)``, or `nil` for NULL.
    func optionalText(_ column: Int) throws -> String? {
        (self[column] as DatabaseValue).isNull ? nil : try text(column)
    }

    /// More than any store holds, and far from overflow also when multiplied by the length of a row.
    static let countLimit = 1 << 40
}
