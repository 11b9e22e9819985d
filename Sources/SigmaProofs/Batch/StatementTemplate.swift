// SPDX-License-Identifier: Apache-2.0

internal import Cores
package import Groups
package import Transcripts

/// The serialisation of the statements of one form: the same bytes in all of them, except for own elements.
///
/// Everything before the first own element is hashed once; the rest of each statement and its announcements are hashed eight statements at a time.
struct StatementTemplate: Sendable {
    /// The serialisation up to the first own element.
    private let prefix: [UInt8]
    /// The serialisation from there on, of any of the statements.
    private let rest: [UInt8]
    /// Where own elements stand in ``rest``, and which of the statement's own they are.
    private let places: [(offset: Int, own: Int)]
    /// The length of one element, and of the own elements of one statement.
    private let pointByteCount: Int
    private let statementByteCount: Int
    /// About this many bytes of messages a core makes at a time.
    private static let blockByteCount = 1 << 19

    /// - Parameters:
    ///   - serialized: the serialisation of any of the statements.
    ///   - places: the offset of each own element in it, ascending; at least one.
    init(serialized: [UInt8], places: [(offset: Int, own: Int)], ownCount: Int, pointByteCount: Int) {
        let first = places.first?.offset ?? serialized.count
        prefix = Array(serialized[..<first])
        rest = Array(serialized[first...])
        self.places = places.map { ($0.offset - first, $0.own) }
        self.pointByteCount = pointByteCount
        statementByteCount = ownCount * pointByteCount
    }

    /// The challenge after each statement and its announcements; nothing is checked.
    ///
    /// - Parameters:
    ///   - statements: the own elements, statement by statement.
    ///   - announcements: `announcementByteCount` bytes for each.
    func challenges<G: Group>(
        _ group: G.Type, statements: Span<UInt8>, announcements: Span<UInt8>, announcementByteCount: Int, session: SessionID
    ) -> [G.Scalar] {
        let count = statementByteCount == 0 ? 0 : statements.count / statementByteCount
        let width = rest.count + announcementByteCount
        var common = SHAKE128()
        common.absorb(DuplexSponge.header(session))
        common.absorb(prefix)
        return statements.withUnsafeBytes { statements in
            announcements.withUnsafeBytes { announcements in
                // Each core makes messages, hashes and reduces by itself.
                Parallel.pieces(count, minimum: 128, most: max(128, Self.blockByteCount / width)) { range in
                    let messages = [UInt8](unsafeUninitializedCapacity: range.count * width) { messages, initialized in
                        let messages = UnsafeMutableRawBufferPointer(messages)
                        for statement in range {
                            let place = (statement - range.lowerBound) * width
                            let message = UnsafeMutableRawBufferPointer(rebasing: messages[place..<place + width])
                            fill(message, statements, announcements, statement: statement, announcementByteCount)
                        }
                        initialized = range.count * width
                    }
                    let wide = common.hashEach(messages.span, messageByteCount: width, byteCount: G.Scalar.wideByteCount)
                    return G.Scalar.scalars(reducingWide: wide.span)
                }.flatMap { $0 }
            }
        }
    }

    /// Writes a statement, from its first own element on, and its announcements.
    private func fill(
        _ message: UnsafeMutableRawBufferPointer, _ statements: UnsafeRawBufferPointer, _ announcements: UnsafeRawBufferPointer,
        statement: Int, _ announcementByteCount: Int
    ) {
        rest.withUnsafeBytes { message.copyMemory(from: $0) }
        for (offset, own) in places {
            let start = statement * statementByteCount + own * pointByteCount
            UnsafeMutableRawBufferPointer(rebasing: message[offset..<offset + pointByteCount])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: statements[start..<start + pointByteCount]))
        }
        let start = statement * announcementByteCount
        UnsafeMutableRawBufferPointer(rebasing: message[rest.count...])
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: announcements[start..<start + announcementByteCount]))
    }
}

extension RelationFamily {
    /// The offsets of own elements in the serialisation of a statement, which ends with the elements 1, 2, ...
    var ownOffsets: [Int] {
        let width = G.pointByteCount
        let elements = template.serialized.count - (template.elements.count - 1) * width
        return ownElements.map { elements + ($0 - 1) * width }
    }

    /// Its statements as bytes.
    var statementTemplate: StatementTemplate {
        StatementTemplate(
            serialized: template.serialized, places: ownOffsets.enumerated().map { ($0.element, $0.offset) }, ownCount: ownElements.count,
            pointByteCount: G.pointByteCount)
    }

    /// The challenges of proofs whose statements and announcements are given as columns; nothing is checked.
    ///
    /// - Parameters:
    ///   - statements: `n * statementByteCount` bytes.
    ///   - announcements: `n` times one element for each equation.
    package func challenges(statements: Span<UInt8>, announcements: Span<UInt8>, session: SessionID) -> [G.Scalar] {
        statementTemplate.challenges(
            G.self, statements: statements, announcements: announcements,
            announcementByteCount: template.equations.count * G.pointByteCount, session: session)
    }
}
