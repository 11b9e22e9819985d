// SPDX-License-Identifier: Apache-2.0

public import Groups
public import Transcripts

/// Batchable proofs of many statements of one family, parsed from columns of bytes; the verdict on each equals that of
/// ``BatchableProof/verify(_:session:)`` on the statement's ``LinearRelation``.
///
/// All of it is done in bulk: one decoding, transcripts that continue a common prefix in lockstep, weights and responses in the scalar field.
public struct FamilyProofs<G: Group>: BatchMember {
    private let family: RelationFamily<G>
    /// The number of statements of the family.
    public let statementCount: Int
    /// Binds the relation, the statements and all bytes of the proofs.
    public let digest: [UInt8]
    /// The statements that are refused before any equation: bad encodings, the identity, an image that is the identity. Ascending.
    public let malformed: [Int]

    /// For each own element those of all statements. Those of malformed statements are the identity, and their responses and challenges zero.
    private let own: [[G.Point]]
    /// Announcements, statement by statement.
    private let announcements: [G.Point]
    /// One for each secret scalar, statement by statement.
    private let responses: [G.Scalar]
    private let challenges: [G.Scalar]

    /// The number of equations of the relation.
    public var equationCount: Int { family.template.equations.count }

    /// Parses columns and derives the challenges.
    ///
    /// - Parameters:
    ///   - statements: `n * family.statementByteCount` bytes.
    ///   - proofs: `n` NARG strings of ``BatchableProof``, end to end.
    ///   - session: The session of all of them, as the verifier itself derives it.
    /// - Throws: when the columns are not of one number of statements.
    public init(
        _ family: RelationFamily<G>, statements: Span<UInt8>, proofs: Span<UInt8>, session: SessionID
    ) throws(ProofRejected) {
        let equations = family.template.equations.count
        let proofByteCount = BatchableProof<G>.byteCount(for: family.template)
        let count = statements.count / family.statementByteCount
        guard statements.count == count * family.statementByteCount, proofs.count == count * proofByteCount
        else { throw ProofRejected(.shape) }
        self.family = family
        statementCount = count

        let announcementByteCount = equations * G.pointByteCount
        let announced = column(proofs, width: proofByteCount, part: 0..<announcementByteCount)
        var isMalformed = [Bool](repeating: false, count: count)

        let places = family.ownElements.count
        var own: [[G.Point]] = []
        for place in 0..<places {
            var (points, refused) = ([G.Point](), [Int]())
            if places == 1 {
                (points, refused) = G.decodeEach(canonical: statements)
            } else {
                let width = G.pointByteCount
                let encodings = column(statements, width: family.statementByteCount, part: place * width..<(place + 1) * width)
                (points, refused) = G.decodeEach(canonical: encodings.span)
            }
            for statement in refused { isMalformed[statement] = true }
            for statement in points.indices where G.isIdentity(points[statement]) { isMalformed[statement] = true }
            own.append(points)
        }
        var (announcements, refusedAnnouncements) = G.decodeEach(canonical: announced.span)
        for index in refusedAnnouncements { isMalformed[index / equations] = true }
        for index in announcements.indices where G.isIdentity(announcements[index]) { isMalformed[index / equations] = true }
        for (place, encoding) in family.forbiddenEncodings {
            for statement in 0..<count {
                let start = statement * family.statementByteCount + place * G.pointByteCount
                if isEqual(statements, start, encoding) { isMalformed[statement] = true }
            }
        }

        let scalarCount = family.template.scalarCount
        var (responses, refusedResponses) = G.Scalar.decodeRows(
            canonical: proofs, recordByteCount: proofByteCount, offset: announcementByteCount, width: scalarCount)
        for statement in refusedResponses { isMalformed[statement] = true }

        let wide = Self.transcripts(family, statements, announced.span, session)
        var challenges = G.Scalar.scalars(reducingWide: wide.span)

        let malformed = isMalformed.indices.filter { isMalformed[$0] }
        for statement in malformed {
            // 0 == 0, so that the others' verdict does not depend on it.
            for place in own.indices { own[place][statement] = G.identity }
            for index in statement * equations..<(statement + 1) * equations { announcements[index] = G.identity }
            for index in statement * scalarCount..<(statement + 1) * scalarCount { responses[index] = .zero }
            challenges[statement] = .zero
        }
        self.malformed = malformed
        self.own = own
        self.announcements = announcements
        self.responses = responses
        self.challenges = challenges
        digest = Self.digest(family, statements, proofs, proofByteCount, session)
    }

    // MARK: Transcripts

    /// `DeriveChallenge` for every statement: `Ns + 16` bytes each.
    static func transcripts(
        _ family: RelationFamily<G>, _ statements: Span<UInt8>, _ announcements: Span<UInt8>, _ session: SessionID
    ) -> [UInt8] {
        // The serialised relation ends with the elements 1, 2, ...; everything before the first own element is one prefix.
        let template = family.template
        let width = G.pointByteCount
        let serialized = template.serialized
        let elements = serialized.count - (template.elements.count - 1) * width
        let firstOwn = elements + (family.ownElements[0] - 1) * width
        let tail = serialized[firstOwn...]
        var prefix = SHAKE128()
        prefix.absorb(DuplexSponge.header(session))
        prefix.absorb(Array(serialized[..<firstOwn]))

        let announcementByteCount = template.equations.count * width
        let messageByteCount = tail.count + announcementByteCount
        let count = announcements.count / announcementByteCount
        let offsets = family.ownElements.map { ($0 - family.ownElements[0]) * width }
        let messages = [UInt8](unsafeUninitializedCapacity: count * messageByteCount) { buffer, initialized in
            let out = UnsafeMutableRawBufferPointer(buffer)
            statements.withUnsafeBytes { statements in
                announcements.withUnsafeBytes { announcements in
                    tail.withUnsafeBytes { tail in
                        for statement in 0..<count {
                            let message = UnsafeMutableRawBufferPointer(
                                rebasing: out[statement * messageByteCount..<(statement + 1) * messageByteCount])
                            message.copyMemory(from: tail)
                            for (place, offset) in offsets.enumerated() {
                                let start = statement * family.statementByteCount + place * width
                                UnsafeMutableRawBufferPointer(rebasing: message[offset..<offset + width])
                                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: statements[start..<start + width]))
                            }
                            UnsafeMutableRawBufferPointer(rebasing: message[tail.count...]).copyMemory(
                                from: UnsafeRawBufferPointer(
                                    rebasing: announcements[statement * announcementByteCount..<(statement + 1) * announcementByteCount]))
                        }
                    }
                }
            }
            initialized = count * messageByteCount
        }
        return prefix.hashEach(messages.span, messageByteCount: messageByteCount, byteCount: G.Scalar.wideByteCount)
    }

    /// Binds statements and proofs: a tree of SHAKE128 outputs of 32 bytes, 128 to a node, so that the work is done eight at a time.
    private static func digest(
        _ family: RelationFamily<G>, _ statements: Span<UInt8>, _ proofs: Span<UInt8>, _ proofByteCount: Int, _ session: SessionID
    ) -> [UInt8] {
        var xof = SHAKE128()
        xof.absorb(lengthPrefixed(Array("zkconsent/v1/batch/family".utf8)))
        xof.absorb(session.bytes)
        xof.absorb(lengthPrefixed(family.template.serialized))
        xof.absorb(lengthPrefixed(family.ownElements.flatMap { littleEndian(UInt64($0)) }))
        xof.absorb(lengthPrefixed(treeLevel(statements, width: family.statementByteCount)))
        xof.absorb(lengthPrefixed(treeLevel(proofs, width: proofByteCount)))
        var reader = xof.finished()
        return reader.read(32)
    }

    /// The first level of the tree over the records that has at most 128 nodes.
    private static func treeLevel(_ records: Span<UInt8>, width: Int) -> [UInt8] {
        var leaf = SHAKE128()
        leaf.absorb([0])
        var level = leaf.hashEach(records, messageByteCount: width, byteCount: 32)
        var height: UInt8 = 1
        while level.count > nodeByteCount {
            var node = SHAKE128()
            node.absorb([height])
            let whole = level.count / nodeByteCount * nodeByteCount
            let parents = node.hashEach(level.span.extracting(0..<whole), messageByteCount: nodeByteCount, byteCount: 32)
            level = parents + level[whole...]
            height += 1
        }
        return level
    }

    /// 128 children of 32 bytes.
    private static var nodeByteCount: Int { 4_096 }

    // MARK: Equations

    /// For each equation `announcement + c * image - map(responses) == 0`, times its weight.
    public func add(_ statements: Range<Int>, weights: [G.Scalar], to sum: inout WeightedEquations<G>) {
        let equations = family.template.equations
        sum.addShort(weights, announcements[statements.lowerBound * equations.count..<statements.upperBound * equations.count])
        var ownScalars = [[G.Scalar]?](repeating: nil, count: family.ownElements.count)
        var sharedScalars = [G.Scalar](repeating: .zero, count: family.sharedElements.count)
        let challenges = Array(challenges[statements])
        for (number, equation) in equations.enumerated() {
            let own = equations.count == 1 ? weights : stride(from: number, to: weights.count, by: equations.count).map { weights[$0] }
            for term in equation.image {
                add(term.element, term.coefficient, own, challenges, &ownScalars, &sharedScalars)
            }
            // Responses that multiply shared elements are summed over all statements at once.
            let width = family.template.scalarCount
            let slots = equation.terms.map { Int($0.scalar) }
            let columns = (slots.min() ?? 0)..<(slots.max() ?? -1) + 1
            let sums = G.Scalar.weightedSums(own, rows: responses, width: width, first: statements.lowerBound, columns: columns)
            for term in equation.terms {
                let slot = Int(term.scalar)
                if let place = family.placeAmongShared[Int(term.element)] {
                    sharedScalars[place] = sharedScalars[place] - term.coefficient * sums[slot - columns.lowerBound]
                } else {
                    add(
                        term.element, -term.coefficient, own, statements.map { responses[$0 * width + slot] }, &ownScalars, &sharedScalars)
                }
            }
        }
        sum.add(sharedScalars, sharing: family.sharedBases)
        for (place, scalars) in ownScalars.enumerated() {
            guard let scalars else { continue }
            sum.add(scalars, own[place][statements])
        }
    }

    /// Adds `coefficient * weights[i] * factors[i]` to what element `element` is multiplied with.
    private func add(
        _ element: UInt32, _ coefficient: G.Scalar, _ weights: [G.Scalar], _ factors: [G.Scalar], _ own: inout [[G.Scalar]?],
        _ shared: inout [G.Scalar]
    ) {
        if let place = family.placeAmongShared[Int(element)] {
            shared[place] = shared[place] + coefficient * G.Scalar.innerProduct(weights, factors)
        } else if let place = family.placeAmongOwn[Int(element)] {
            var products = G.Scalar.products(weights, factors)
            if coefficient != .one { products = products.map { $0 * coefficient } }
            if let sum = own[place] { products = products.indices.map { products[$0] + sum[$0] } }
            own[place] = products
        }
    }
}

extension RelationFamily {
    /// The challenges of proofs whose statements and announcements are given as columns: for provers. Nothing is checked.
    ///
    /// - Parameters:
    ///   - statements: `n * statementByteCount` bytes.
    ///   - announcements: `n` times one element for each equation.
    package func challenges(statements: Span<UInt8>, announcements: Span<UInt8>, session: SessionID) -> [G.Scalar] {
        let wide = FamilyProofs.transcripts(self, statements, announcements, session)
        return G.Scalar.scalars(reducingWide: wide.span)
    }
}

/// Bytes `part` of each record of `width` bytes, end to end.
private func column(_ records: Span<UInt8>, width: Int, part: Range<Int>) -> [UInt8] {
    let count = width == 0 ? 0 : records.count / width
    return [UInt8](unsafeUninitializedCapacity: count * part.count) { buffer, initialized in
        let out = UnsafeMutableRawBufferPointer(buffer)
        records.withUnsafeBytes { records in
            for index in 0..<count {
                let source = records[index * width + part.lowerBound..<index * width + part.upperBound]
                UnsafeMutableRawBufferPointer(rebasing: out[index * part.count..<(index + 1) * part.count])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: source))
            }
        }
        initialized = count * part.count
    }
}

/// Whether `bytes` has `other` at `start`.
private func isEqual(_ bytes: Span<UInt8>, _ start: Int, _ other: [UInt8]) -> Bool {
    other.indices.allSatisfy { bytes[start + $0] == other[$0] }
}
