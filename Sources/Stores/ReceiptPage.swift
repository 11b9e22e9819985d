// SPDX-License-Identifier: Apache-2.0
public import ConsentModel
internal import Foundation
internal import GRDB
internal import Primitives
internal import Secrets

/// Where a receipt is in a page.
public struct PagePlace: Equatable, Sendable {
    /// The number of the page.
    public let page: Int64
    /// The slot in it, from 0.
    public let slot: Int
}

/// The public part of a page, to which its sealed words are bound.
struct PageHeader {
    let number: Int64
    let origin: String
    let schemaID: [UInt8]
    let layout: OpeningPageLayout

    /// What the box is bound to.
    var context: [UInt8] {
        var context = lengthPrefixed("zkconsent/v1/store/openings") + lengthPrefixed(origin) + lengthPrefixed(schemaID)
        for number in [number, Int64(layout.attributeCount), Int64(layout.flagWords), Int64(layout.count)] {
            context.appendLE64(UInt64(bitPattern: number))
        }
        return context
    }

    /// For errors.
    var name: String { "page \(number) of openings" }
}

/// A page of openings in the clear, wiped at the end of life.
public final class ReceiptPage: Sendable {
    /// The origin of the consents log.
    public let origin: String
    /// The first 16 bytes of the digest of the entries' schema.
    public let schemaID: [UInt8]
    /// Where everything is.
    public let layout: OpeningPageLayout
    /// The leaf index of the first slot if those of the others follow it. Not authenticated: to be compared with the ledger.
    public let firstIndex: Int?
    private let plain: SealedPages.Plain

    init(_ header: PageHeader, firstIndex: Int?, _ plain: SealedPages.Plain) {
        origin = header.origin
        schemaID = header.schemaID
        layout = header.layout
        self.firstIndex = firstIndex
        self.plain = plain
    }

    /// The words of the page.
    public func withWords<R, E: Error>(_ body: (Span<UInt64>) throws(E) -> R) throws(E) -> R {
        try plain.words.withSpan(body)
    }

    /// The entries, 118 bytes each.
    public var entries: [UInt8] { plain.words.withBytes { layout.entries(of: $0) } }
}

extension ReceiptStore {
    static let selectPage = "SELECT number, origin, schema, attributes, words, count, first_index, box FROM pages "
    static let pageBoxColumn = 7

    /// The header of a row of ``selectPage``, and its hint.
    static func pageHeader(_ row: Row) throws -> (PageHeader, firstIndex: Int?) {
        let layout = OpeningPageLayout(count: try row.count(5), attributeCount: try row.count(3), flagWords: try row.count(4))
        guard let layout else { throw StoreError.corrupt(path: "", reason: "a page of openings is malformed") }
        let header = PageHeader(number: Int64(try row.integer(0)), origin: try row.text(1), schemaID: try row.bytes(2), layout: layout)
        return (header, try row.optionalCount(6))
    }

    /// Decrypts all pages in the order in which they were written, some at a time on all cores, and shows each to `body`.
    ///
    /// - Throws: ``StoreError/unsealable(path:row:)`` and the rest of ``StoreError``, or what `body` throws.
    public func forEachPage(_ body: (ReceiptPage) throws -> Void) throws {
        try forEachPage(in: sealed.file, body)
    }

    func forEachPage(in file: DatabaseFile, _ body: (ReceiptPage) throws -> Void) throws {
        try file.rethrowingRead { db in
            let rows = try Row.fetchCursor(db, sql: Self.selectPage + "ORDER BY number")
            var group: [(header: PageHeader, firstIndex: Int?, sealed: SealedPages.Sealed)] = []
            func flush() throws {
                let plain = try SealedPages.open(group.map(\.sealed), with: sealed)
                for position in group.indices {
                    try body(ReceiptPage(group[position].header, firstIndex: group[position].firstIndex, plain[position]))
                }
                group.removeAll()
            }
            while let row = try rows.next() {
                let (header, firstIndex) = try Self.pageHeader(row)
                let page = SealedPages.Sealed(
                    box: try row.bytes(Self.pageBoxColumn), context: header.context, wordCount: header.layout.wordCount, name: header.name)
                group.append((header, firstIndex, page))
                if group.count == SealedPages.groupCount { try flush() }
            }
            try flush()
        }
    }
}
