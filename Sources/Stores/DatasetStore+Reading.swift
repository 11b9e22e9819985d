// SPDX-License-Identifier: Apache-2.0
internal import Foundation
internal import GRDB
internal import Secrets

extension DatasetStore {
    /// All datasets, by name.
    public func datasets() throws(StoreError) -> [Dataset] {
        try sealed.file.read { db in
            try Row.fetchAll(db, sql: Self.select + "ORDER BY name").map { try Self.dataset($0).dataset }
        }
    }

    /// The dataset of this name.
    ///
    /// - Throws: ``StoreError/unknownDataset(name:)``.
    public func dataset(named name: String) throws(StoreError) -> Dataset {
        try sealed.file.read { try Self.find($0, name).dataset }
    }

    /// The column of all commitments of a dataset in the order of their positions, 32 bytes each, without decrypting anything.
    public func commitments(of name: String) throws(StoreError) -> [UInt8] {
        try sealed.file.read { db in
            let (id, dataset) = try Self.find(db, name)
            var column: [UInt8] = []
            column.reserveCapacity(min(dataset.count, 1 << 20) * 32)  // the count is what the file says
            let rows = try Row.fetchCursor(db, sql: "SELECT commitments FROM pages WHERE dataset = ? ORDER BY first", arguments: [id])
            while let row = try rows.next() { try column.append(contentsOf: row.bytes(0)) }
            guard column.count == dataset.count * 32 else { throw StoreError.corrupt(path: "", reason: "rows of \(name) are missing") }
            return column
        }
    }

    /// Decrypts all rows of a dataset in the order of their positions and shows each to `body`.
    ///
    /// - Throws: ``StoreError/unknownDataset(name:)``, ``StoreError/unsealable(path:row:)``, ``StoreError/corrupt(path:reason:)`` when rows
    ///   are missing, or what `body` throws.
    public func forEachRow(of name: String, _ body: (borrowing DatasetRow) throws -> Void) throws {
        try forEachRow(of: name, in: sealed.file, body)
    }

    /// Decrypts all rows of a dataset in the order of their positions, some pages at a time on all cores, and shows each page to `body`.
    ///
    /// - Throws: what ``forEachRow(of:_:)`` throws.
    public func forEachPage(of name: String, _ body: (DatasetPage) throws -> Void) throws {
        try forEachPage(of: name, in: sealed.file, body)
    }

    /// Decrypts the rows at `positions`, in their order, and shows each to `body`: for spot checks, which open those and no others.
    ///
    /// - Throws: what ``forEachRow(of:_:)`` throws; ``StoreError/invalidArgument(name:reason:)`` for a position beyond the dataset.
    public func forEachRow(of name: String, at positions: [Int], _ body: (borrowing DatasetRow) throws -> Void) throws {
        try sealed.file.rethrowingRead { db in
            let (id, dataset) = try Self.find(db, name)
            let statement = try db.cachedStatement(sql: Self.selectPage + "AND first <= ? ORDER BY first DESC LIMIT 1")
            var page: DatasetPage?
            for position in positions {
                guard (0..<dataset.count).contains(position) else {
                    throw StoreError.invalidArgument(name: "position", reason: "\(position) is beyond the \(dataset.count) rows of \(name)")
                }
                if page.map({ ($0.first..<$0.first + $0.count).contains(position) }) != true {
                    let row = try Row.fetchOne(statement, arguments: [id, position])
                    page = try row.map { try open([Self.sealedPage($0, of: name)], of: name)[0] }
                }
                guard let page, position - page.first < page.count, let row = page.row(position - page.first) else {
                    throw StoreError.corrupt(path: "", reason: "row \(position) of \(name) is missing")
                }
                try body(row)
            }
        }
    }

    /// Copies the store to a new file, decrypts every row of the copy, and gives it its name when it is on the disk.
    ///
    /// - Throws: ``StoreError/alreadyExists(path:)``, ``StoreError/unsealable(path:row:)``, ``StoreError/corrupt(path:reason:)``.
    public func backup(to destination: String) throws(StoreError) {
        try sealed.file.copy(to: destination) { copy in
            let file = try DatabaseFile.open(at: copy, format: Self.format, for: .reading)
            if let problem = try file.integrityProblems().first { throw StoreError.corrupt(path: path, reason: problem) }
            let names = try file.read { try Row.fetchAll($0, sql: "SELECT name FROM datasets").map { try $0.text(0) } }
            for name in names { try forEachRow(of: name, in: file) { _ in } }
        }
    }

    private func forEachRow(of name: String, in file: DatabaseFile, _ body: (borrowing DatasetRow) throws -> Void) throws {
        try forEachPage(of: name, in: file) { page in
            for slot in 0..<page.count {
                guard let row = page.row(slot) else { throw Self.malformed(page.first + slot, of: name) }
                try body(row)
            }
        }
    }

    private func forEachPage(of name: String, in file: DatabaseFile, _ body: (DatasetPage) throws -> Void) throws {
        try file.rethrowingRead { db in
            let (id, dataset) = try Self.find(db, name)
            var expected = 0
            var group: [SealedRows] = []
            func flush() throws {
                for page in try open(group, of: name) { try body(page) }
                group.removeAll()
            }
            let rows = try Row.fetchCursor(db, sql: Self.selectPage + "ORDER BY first", arguments: [id])
            while let row = try rows.next() {
                let page = try Self.sealedPage(row, of: name)
                guard page.first == expected else { break }
                expected += page.count
                group.append(page)
                if group.count == SealedPages.groupCount { try flush() }
            }
            try flush()
            guard expected == dataset.count else { throw StoreError.corrupt(path: "", reason: "row \(expected) of \(name) is missing") }
        }
    }

    /// A page as it is stored.
    private struct SealedRows {
        let first: Int
        let count: Int
        let commitments: [UInt8]
        let sealed: SealedPages.Sealed
    }

    private static let selectPage = "SELECT first, count, commitments, box FROM pages WHERE dataset = ? "

    private static func sealedPage(_ row: Row, of name: String) throws -> SealedRows {
        let (first, count, commitments, box) = (try row.count(0), try row.count(1), try row.bytes(2), try row.bytes(3))
        let wordCount = (box.count - DataKey.overhead) / 8
        guard (1...DatasetPage.countLimit).contains(count), wordCount >= DatasetPage.fixedWords * count else {
            throw malformed(first, of: name)
        }
        return SealedRows(
            first: first, count: count, commitments: commitments,
            sealed: SealedPages.Sealed(
                box: box, context: DatasetPage.context(name: name, first: first, commitments: commitments), wordCount: wordCount,
                name: "row \(first) of \(name) and those after it"))
    }

    private func open(_ pages: [SealedRows], of name: String) throws -> [DatasetPage] {
        let plain = try SealedPages.open(pages.map(\.sealed), with: sealed)
        return try pages.indices.map { number in
            let sealed = pages[number]
            guard let page = DatasetPage(first: sealed.first, count: sealed.count, commitments: sealed.commitments, plain[number]) else {
                throw Self.malformed(sealed.first, of: name)
            }
            return page
        }
    }

    private static func malformed(_ position: Int, of name: String) -> StoreError {
        StoreError.corrupt(path: "", reason: "row \(position) of \(name) is malformed")
    }

    private static let select = "SELECT id, name, count, manifest, source, key_columns, subject_column FROM datasets "

    static func find(_ db: Database, _ name: String) throws -> (id: Int64, dataset: Dataset) {
        guard let row = try Row.fetchOne(db, sql: select + "WHERE name = ?", arguments: [name]) else {
            throw StoreError.unknownDataset(name: name)
        }
        let found = try dataset(row)
        // The count is not authenticated, and memory is taken for it before the pages are read.
        let pages = try Int.fetchOne(db, sql: "SELECT count(*) FROM pages WHERE dataset = ?", arguments: [found.id]) ?? 0
        guard (1...DatasetPage.countLimit * max(1, pages)).contains(found.dataset.count) else {
            throw StoreError.corrupt(path: "", reason: "\(name) has not as many rows as it says")
        }
        return found
    }

    private static func dataset(_ row: Row) throws -> (id: Int64, dataset: Dataset) {
        guard let keyColumns = try? JSONDecoder().decode([String].self, from: Data(row.text(5).utf8)) else {
            throw StoreError.corrupt(path: "", reason: "a dataset's description is malformed")
        }
        let dataset = Dataset(
            name: try row.text(1), count: try row.count(2), manifest: try row.bytes(3), source: try row.text(4), keyColumns: keyColumns,
            subjectColumn: try row.optionalText(6))
        return (Int64(try row.integer(0)), dataset)
    }
}
