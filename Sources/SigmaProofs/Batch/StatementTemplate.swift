// SPDX-License-Identifier: Apache-2.0

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
    /// About this many bytes of messages are made at a time.
    private static let blockByteCount = 1 << 21

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

    /// The first `byteCount` bytes that the sponge gives after each statement and its announcements.
    ///
    /// - Parameters:
    ///   - statements: the own elements, statement by statement.
    ///   - announcements: `announcementByteCount` bytes for each.
    func squeezed(
        _ statements: Span<UInt8>, _ announcements: Span<UInt8>, announcementByteCount: Int, session: SessionID, byteCount: Int
    ) -> [UInt8] {
        let count = statementByteCount == 0 ? 0 : statements.count / statementByteCount
        let width = rest.count + announcementByteCount
        var common = SHAKE128()
        common.absorb(DuplexSponge.header(session))
        common.absorb(prefix)
        var squeezed: [UInt8] = []
        squeezed.reserveCapacity(count * byteCount)
        // What is the same in all messages is written once, for blocks of statements follow each other in one buffer.
        let block = max(128, Self.blockByteCount / width)
        var messages: [UInt8] = []
        messages.reserveCapacity(min(block, count) * width)
        for _ in 0..<min(block, count) {
            messages += rest
            messages.append(contentsOf: repeatElement(0, count: announcementByteCount))
        }
        for first in stride(from: 0, to: count, by: block) {
            let size = min(block, count - first)
            messages.withUnsafeMutableBytes { messages in
                for index in 0..<size {
                    let message = UnsafeMutableRawBufferPointer(rebasing: messages[index * width..<(index + 1) * width])
                    fill(message, statements, announcements, statement: first + index, announcementByteCount)
                }
            }
            squeezed += common.hashEach(messages.span.extracting(0..<size * width), messageByteCount: width, byteCount: byteCount)
        }
        return squeezed
    }

    /// Writes what is a statement's own.
    private func fill(
        _ message: UnsafeMutableRawBufferPointer, _ statements: Span<UInt8>, _ announcements: Span<UInt8>, statement: Int,
        _ announcementByteCount: Int
    ) {
        statements.withUnsafeBytes { statements in
            for (offset, own) in places {
                let start = statement * statementByteCount + own * pointByteCount
                UnsafeMutableRawBufferPointer(rebasing: message[offset..<offset + pointByteCount])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: statements[start..<start + pointByteCount]))
            }
        }
        announcements.withUnsafeBytes { announcements in
            let start = statement * announcementByteCount
            UnsafeMutableRawBufferPointer(rebasing: message[rest.count...])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: announcements[start..<start + announcementByteCount]))
        }
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
        let wide = statementTemplate.squeezed(
            statements, announcements, announcementByteCount: template.equations.count * G.pointByteCount, session: session,
            byteCount: G.Scalar.wideByteCount)
        return G.Scalar.scalars(reducingWide: wide.span)
    }
}
