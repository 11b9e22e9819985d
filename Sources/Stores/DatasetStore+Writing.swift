// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
internal import Foundation
internal import GRDB
internal import Groups
internal import Secrets

extension DatasetStore {
    /// Receives the rows of one new dataset in the order of their positions.
    public final class Writer {
        private let statement: GRDB.Statement
        private let store: SealedDatabase
        private let id: Int64
        private let name: String
        /// The number of rows so far, which is the position of the next one.
        public private(set) var count = 0

        /// The page that is being filled.
        private var sourceRows: [Int] = []
        private var commitments: [UInt8] = []
        private var subjects: [UInt8] = []
        private var subjectEnds: [Int] = []
        /// For each row 16 words: digest, scalars of record and subject, `s`.
        private var rows = SecretLimbs(count: 16 * DatasetPage.countLimit)

        init(_ db: Database, store: SealedDatabase, id: Int64, name: String) throws {
            statement = try db.makeStatement(sql: "INSERT INTO pages (dataset, first, count, commitments, box) VALUES (?, ?, ?, ?, ?)")
            self.store = store
            self.id = id
            self.name = name
        }

        /// Adds the row at position ``count``.
        ///
        /// - Parameters:
        ///   - sourceRow: Its number in the source, at least 0.
        ///   - commitment: `D`, 32 bytes.
        ///   - record: The record digest, 32 bytes.
        ///   - subject: The canonical bytes of the subject's id, or nothing.
        ///   - blinding: `s`, 32 bytes, below the group order.
        public func append(
            sourceRow: Int, commitment: [UInt8], record: Span<UInt8>, subject: Span<UInt8>, blinding: Span<UInt8>
        ) throws(StoreError) {
            guard sourceRow >= 0, commitment.count == 32, record.count == 32, blinding.count == 32 else {
                throw .invalidArgument(name: "row", reason: "a value has the wrong length")
            }
            let digest = record.withUnsafeBufferPointer { Array($0) }
            let id = subject.withUnsafeBufferPointer { Array($0) }
            var scalars = SecretLimbs(count: 12)
            Self.setScalar(type: "record", digest, in: &scalars, at: 0)
            if !id.isEmpty { Self.setScalar(type: "subject", id, in: &scalars, at: 4) }
            scalars.withMutableSpan { out in
                for byte in 0..<32 { out[8 + byte / 8] |= UInt64(blinding[byte]) << UInt64(8 * (byte % 8)) }
            }
            try scalars.withSpan { (scalars) throws(StoreError) in
                try append(sourceRow: sourceRow, commitment: commitment[...], record: digest[...], subject: id, scalars: scalars)
            }
        }

        /// Adds the row at position ``count``, whose scalars are at hand.
        ///
        /// - Parameters:
        ///   - sourceRow: Its number in the source, at least 0.
        ///   - commitment: `D`, 32 bytes.
        ///   - record: The record digest, 32 bytes.
        ///   - subject: The canonical bytes of the subject's id, or nothing.
        ///   - scalars: Of the record, of the subject (0 if there is none), and `s`: 4 limbs each.
        public func append(
            sourceRow: Int, commitment: ArraySlice<UInt8>, record: ArraySlice<UInt8>, subject: [UInt8], scalars: Span<UInt64>
        ) throws(StoreError) {
            guard sourceRow >= 0, commitment.count == 32, record.count == 32, scalars.count == 12 else {
                throw .invalidArgument(name: "row", reason: "a value has the wrong length")
            }
            let slot = sourceRows.count
            sourceRows.append(sourceRow)
            commitments += commitment
            subjects += subject
            subjectEnds.append(subjects.count)
            rows.withMutableSpan { out in
                record.withUnsafeBytes { record in
                    for word in 0..<4 { out[16 * slot + word] = record.loadUnaligned(fromByteOffset: 8 * word, as: UInt64.self) }
                }
                for word in 0..<12 { out[16 * slot + 4 + word] = scalars[word] }
            }
            count += 1
            if sourceRows.count == DatasetPage.countLimit { try flush() }
        }

        /// Writes the last page.
        func finish() throws(StoreError) {
            if !sourceRows.isEmpty { try flush() }
        }

        private func flush() throws(StoreError) {
            let n = sourceRows.count
            var page = SecretLimbs(count: DatasetPage.fixedWords * n + (subjects.count + 7) / 8)
            page.withMutableSpan { out in
                rows.withSpan { rows in
                    for slot in 0..<n {
                        out[slot] = UInt64(sourceRows[slot])
                        for column in 0..<4 {
                            for word in 0..<4 { out[(1 + 4 * column) * n + 4 * slot + word] = rows[16 * slot + 4 * column + word] }
                        }
                        out[17 * n + slot] = UInt64(subjectEnds[slot])
                    }
                }
                for byte in subjects.indices {
                    out[DatasetPage.fixedWords * n + byte / 8] |= UInt64(subjects[byte]) << UInt64(8 * (byte % 8))
                }
            }
            let first = count - n
            let context = DatasetPage.context(name: name, first: first, commitments: commitments)
            let box = try page.withBytes { (bytes) throws(StoreError) in try store.seal(bytes, context: context) }
            do {
                try statement.execute(arguments: [id, first, n, Data(commitments), Data(box)])
            } catch {
                throw StoreError(error, path: store.file.path)
            }
            sourceRows.removeAll(keepingCapacity: true)
            commitments.removeAll(keepingCapacity: true)
            subjects.removeAll(keepingCapacity: true)
            subjectEnds.removeAll(keepingCapacity: true)
        }

        private static func setScalar(type: String, _ bytes: [UInt8], in scalars: inout SecretLimbs, at word: Int) {
            var scalar = SecretLimbs(count: Suite.scalarLimbCount)
            let wide = Identifier.wideBytes(type: type, bytes: bytes)
            scalar.withMutableSpan { Suite.reduce(wide: wide.span, into: &$0) }
            scalar.withSpan { scalar in scalars.withMutableSpan { for limb in 0..<4 { $0[word + limb] = scalar[limb] } } }
        }
    }
}
