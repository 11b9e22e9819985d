// SPDX-License-Identifier: Apache-2.0

internal import Cores
internal import FaultInjection
internal import Groups
internal import Transcripts

/// What the equations of many statements with one list of own elements are made of, in columns.
///
/// A linear relation is one part; a disjunction has a part for each branch, all of them about the same own elements.
struct FamilyColumns<G: Group>: Sendable {
    /// One relation of each statement.
    struct Part: Sendable {
        let family: RelationFamily<G>
        /// The number of its first equation among those of a statement.
        let firstEquation: Int
        /// Where its responses begin in a proof.
        let responseOffset: Int
        /// One for each statement.
        let challenges: [G.Scalar]
    }

    /// The number of equations of one statement.
    let equationCount: Int
    /// For each own element those of all statements; the identity where one is refused.
    private let own: [[G.Point]]
    /// Statement by statement, part by part.
    private let announcements: [G.Point]
    /// The proofs, in which responses are read where they are.
    private let proofs: ProofRecords
    /// The relations.
    var parts: [Part] = []
    /// Whether a statement is refused before any equation. Its equations then weigh nothing, so that the others' verdict does not depend on it.
    private(set) var isMalformed: [Bool]

    /// Decodes columns.
    ///
    /// - Parameters:
    ///   - statements: the own elements of each statement.
    ///   - announced: `equationCount` elements for each.
    ///   - proofs: one for each statement; they end with scalars from byte `scalarOffset` on.
    @specialized(where G == Ristretto255)
    init(
        ownCount: Int, statements: Span<UInt8>, announced: Span<UInt8>, equationCount: Int, proofs: ProofRecords, scalarOffset: Int
    ) {
        let width = G.pointByteCount
        self.equationCount = equationCount
        self.proofs = proofs
        var isMalformed = [Bool](repeating: false, count: proofs.count)
        let parts = (0..<ownCount).map { $0 * width..<($0 + 1) * width }
        let (own, refusedStatements) = decodedColumns(G.self, statements, width: ownCount * width, parts: parts)
        for statement in refusedStatements { isMalformed[statement] = true }
        if !Fault.isRemoved(.familyElementIdentity) {
            for points in own {
                for statement in identities(G.self, points) { isMalformed[statement] = true }
            }
        }
        self.own = own
        let (announcements, refused) = G.decodeEach(canonical: announced)
        for index in refused { isMalformed[index / equationCount] = true }
        if !Fault.isRemoved(.familyAnnouncementIdentity) {
            for index in identities(G.self, announcements) { isMalformed[index / equationCount] = true }
        }
        self.announcements = announcements
        let scalarCount = (proofs.byteCount - scalarOffset) / G.Scalar.byteCount
        let refusedRecords = proofs.withSpan {
            G.Scalar.refusedRecords($0, recordByteCount: proofs.byteCount, offset: scalarOffset, count: scalarCount)
        }
        if !Fault.isRemoved(.familyResponses) { for statement in refusedRecords { isMalformed[statement] = true } }
        self.isMalformed = isMalformed
    }

    /// Refuses the statements that make an image the identity (check 9 of the draft).
    @specialized(where G == Ristretto255)
    mutating func refuseIdentityImages(_ statements: Span<UInt8>) {
        guard !Fault.isRemoved(.familyImageIdentity) else { return }
        let width = G.pointByteCount
        for part in parts {
            for (place, encoding) in part.family.forbiddenEncodings {
                for statement in isMalformed.indices {
                    let start = statement * own.count * width + place * width
                    if isEqual(statements, start, encoding) { isMalformed[statement] = true }
                }
            }
        }
    }

    /// Refuses a statement.
    mutating func refuse(_ statement: Int) { isMalformed[statement] = true }

    /// The statements that are refused, ascending.
    var malformed: [Int] { isMalformed.indices.filter { isMalformed[$0] } }

    // MARK: Equations

    /// For each equation `announcement + c * image - map(responses) == 0`, times its weight.
    @specialized(where G == Ristretto255)
    func add(_ statements: Range<Int>, weights: [G.Scalar], to sum: inout WeightedEquations<G>) {
        var weights = weights
        for statement in statements where isMalformed[statement] {
            let first = (statement - statements.lowerBound) * equationCount
            for equation in first..<first + equationCount { weights[equation] = .zero }
        }
        sum.addShort(weights, announcements[statements.lowerBound * equationCount..<statements.upperBound * equationCount])
        var ownScalars = [[G.Scalar]?](repeating: nil, count: own.count)
        for part in parts {
            var shared = [G.Scalar](repeating: .zero, count: part.family.sharedElements.count)
            add(part, statements, weights, &ownScalars, &shared)
            sum.add(shared, sharing: part.family.sharedBases)
        }
        for (place, scalars) in ownScalars.enumerated() {
            guard let scalars else { continue }
            sum.add(scalars, own[place][statements])
        }
    }

    /// The coefficients of one part.
    @specialized(where G == Ristretto255)
    private func add(
        _ part: Part, _ statements: Range<Int>, _ weights: [G.Scalar], _ own: inout [[G.Scalar]?], _ shared: inout [G.Scalar]
    ) {
        let challenges = Array(part.challenges[statements])
        for (number, equation) in part.family.template.equations.enumerated() {
            let place = part.firstEquation + number
            let weights =
                equationCount == 1 ? weights : stride(from: place, to: weights.count, by: equationCount).map { weights[$0] }
            for term in equation.image {
                add(part.family, term.element, term.coefficient, weights, challenges, &own, &shared)
            }
            // Responses that multiply shared elements are summed over all statements at once.
            let slots = equation.terms.map { Int($0.scalar) }
            let columns = (slots.min() ?? 0)..<(slots.max() ?? -1) + 1
            let sums = sums(part, statements, weights, columns)
            for term in equation.terms {
                let slot = Int(term.scalar)
                if let place = part.family.placeAmongShared[Int(term.element)] {
                    shared[place] = shared[place] - term.coefficient * sums[slot - columns.lowerBound]
                } else {
                    let responses = responses(part, statements, slot)
                    add(part.family, term.element, -term.coefficient, weights, responses, &own, &shared)
                }
            }
        }
    }

    /// For each of some scalars of a part the weighted sum of its responses.
    private func sums(_ part: Part, _ statements: Range<Int>, _ weights: [G.Scalar], _ scalars: Range<Int>) -> [G.Scalar] {
        proofs.withSpan(of: statements) {
            G.Scalar.weightedSums(
                weights, records: $0, recordByteCount: proofs.byteCount,
                offset: part.responseOffset + scalars.lowerBound * G.Scalar.byteCount, count: scalars.count)
        }
    }

    /// The responses for one scalar of a part.
    private func responses(_ part: Part, _ statements: Range<Int>, _ scalar: Int) -> [G.Scalar] {
        let start = part.responseOffset + scalar * G.Scalar.byteCount
        return scalars(at: start, of: statements).scalars
    }

    /// The scalars at byte `offset` of some proofs, and the proofs in which they are refused.
    func scalars(at offset: Int, of statements: Range<Int>) -> (scalars: [G.Scalar], refused: [Int]) {
        let bytes = proofs.withSpan(of: statements) {
            columnBytes($0, width: proofs.byteCount, part: offset..<offset + G.Scalar.byteCount)
        }
        return G.Scalar.decodeEach(canonical: bytes.span)
    }

    /// Adds `coefficient * weights[i] * factors[i]` to what element `element` is multiplied with.
    @specialized(where G == Ristretto255)
    private func add(
        _ family: RelationFamily<G>, _ element: UInt32, _ coefficient: G.Scalar, _ weights: [G.Scalar], _ factors: [G.Scalar],
        _ own: inout [[G.Scalar]?], _ shared: inout [G.Scalar]
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

/// Whether `bytes` has `other` at `start`.
private func isEqual(_ bytes: Span<UInt8>, _ start: Int, _ other: [UInt8]) -> Bool {
    other.indices.allSatisfy { bytes[start + $0] == other[$0] }
}

/// Where the identity is.
@specialized(where G == Ristretto255)
private func identities<G: Group>(_: G.Type, _ points: [G.Point]) -> [Int] {
    Parallel.map(points.count, minimum: 4_096) { range in range.filter { G.isIdentity(points[$0]) } }.flatMap { $0 }
}
