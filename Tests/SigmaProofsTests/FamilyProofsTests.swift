// SPDX-License-Identifier: Apache-2.0

import Groups
import Provers
import Secrets
import SigmaProofs
import TestSupport
import Testing
import Transcripts

/// Openings `C = m G + r H` in which only `C` is the statement's own.
struct OpeningColumns {
    typealias G = Ristretto255

    static let h = G.points(uniformBytes: [UInt8](repeating: 9, count: 64).span)[0]
    static let session = SessionID(tag: "openings")

    let family: RelationFamily<G>
    var statements: [UInt8] = []
    var proofs: [UInt8] = []

    init(count: Int) throws {
        var samples: [Sample<G>] = []
        for index in 0..<count {
            let (m, r) = (G.Scalar(UInt64(index + 1)), G.Scalar(UInt64(7 * index + 5)))
            samples.append(try Sample<G>.pedersen(m: m, r: r, h: Self.h))
        }
        let template = try samples.first?.relation ?? Sample<G>.pedersen(m: .one, r: .one, h: Self.h).relation
        family = try RelationFamily<G>(template: template, ownElements: [2])
        for sample in samples {
            statements += G.encode([sample.relation.elements[2]])
            proofs += try LinearProver.batchableProof(of: sample.relation, witness: sample.secret, session: Self.session).bytes
        }
    }

    func parsed() throws -> FamilyProofs<G> {
        try FamilyProofs(family, statements: statements.span, proofs: proofs.span, session: Self.session)
    }

    /// What a verifier that looks at one statement at a time finds.
    func failuresOneByOne() -> [Int] {
        let width = BatchableProof<G>.byteCount(for: family.template)
        return (0..<statements.count / 32).filter { index in
            let statement = Array(statements[32 * index..<32 * (index + 1)])
            let bytes = Array(proofs[width * index..<width * (index + 1)])
            guard let own = try? G.decode(canonical: statement.span), let relation = try? family.relation(own: own),
                let proof = try? BatchableProof(parsing: bytes.span, for: relation)
            else { return true }
            return (try? proof.verify(relation, session: Self.session)) == nil
        }
    }

    func failuresInBatch() throws -> [Int] {
        var batch = VerificationBatch<G>()
        batch.append(try parsed())
        return batch.failures().map(\.statement)
    }
}

@Suite struct FamilyProofsTests {
    typealias G = Ristretto255

    @Test(arguments: [0, 1, 2, 7, 8, 9, 33])
    func validProofsHold(count: Int) throws {
        let columns = try OpeningColumns(count: count)
        let proofs = try columns.parsed()
        #expect(proofs.statementCount == count)
        #expect(proofs.malformed.isEmpty)
        #expect(try columns.failuresInBatch().isEmpty)
    }

    /// The challenges of many statements, which cores share, are those of each by itself.
    @Test(arguments: [1, 7, 8, 9, 255, 256, 257, 1_031, 5_003])
    func challengesOfMany(count: Int) throws {
        let family = try OpeningColumns(count: 0).family
        let statements = (0..<32 * count).map { UInt8(truncatingIfNeeded: ($0 / 32) >> (8 * ($0 % 4)) ^ ($0 % 32 / 4) * 41) }
        let announcements = statements.reversed().map { $0 ^ 0x5a }
        let all = family.challenges(statements: statements.span, announcements: announcements.span, session: OpeningColumns.session)
        #expect(all.count == count && Set(all.map(\.limbs)).count == count)
        for index in 0..<count {
            let statement = Array(statements[32 * index..<32 * index + 32])
            let announcement = Array(announcements[32 * index..<32 * index + 32])
            let one = family.challenges(statements: statement.span, announcements: announcement.span, session: OpeningColumns.session)
            #expect(one == [all[index]])
        }
    }

    /// So many that cores share every step: each bad one is named.
    @Test func badOnesAmongMany() throws {
        var columns = try OpeningColumns(count: 40)
        let width = columns.proofs.count / 40
        columns.statements = Array(repeatElement(columns.statements, count: 410).joined())
        columns.proofs = Array(repeatElement(columns.proofs, count: 410).joined())
        #expect(try columns.parsed().malformed.isEmpty && columns.failuresInBatch().isEmpty)
        let identity = [UInt8](repeating: 0, count: 32)
        columns.statements.replaceSubrange(32 * 9_001..<32 * 9_002, with: identity)
        columns.proofs.replaceSubrange(width * 12_345..<width * 12_345 + 32, with: identity)
        columns.proofs[width * 16_399 + 40] ^= 1
        #expect(try columns.parsed().malformed == [9_001, 12_345])
        #expect(try columns.failuresInBatch() == [9_001, 12_345, 16_399])
    }

    /// One flipped bit anywhere: the batch and the verifier of single proofs name the same statement.
    @Test func everyByteOfOneStatement() throws {
        let columns = try OpeningColumns(count: 5)
        for position in 2 * 32..<3 * 32 {
            var changed = columns
            changed.statements[position] ^= 1 << UInt8(position % 8)
            #expect(try changed.failuresInBatch() == [2], "statement byte \(position)")
            #expect(changed.failuresOneByOne() == [2])
        }
        for position in 2 * 96..<3 * 96 {
            var changed = columns
            changed.proofs[position] ^= 1 << UInt8(position % 8)
            #expect(try changed.failuresInBatch() == [2], "proof byte \(position)")
            #expect(changed.failuresOneByOne() == [2])
        }
    }

    /// Any set of bad statements is found exactly, malformed or merely false.
    @Test func everySubsetOfBadStatementsIsNamed() throws {
        let columns = try OpeningColumns(count: 6)
        for mask in 0..<64 {
            var changed = columns
            for index in 0..<6 where mask >> index & 1 == 1 {
                // A response one off; for odd statements one that is not reduced.
                if index % 2 == 0 {
                    changed.proofs[96 * index + 32] ^= 1
                } else {
                    for byte in 64..<96 { changed.proofs[96 * index + byte] = 0xff }
                }
            }
            let expected = (0..<6).filter { mask >> $0 & 1 == 1 }
            #expect(try changed.failuresInBatch() == expected)
        }
    }

    @Test(arguments: 0..<40)
    func oneBadAmongManyAtEveryPosition(position: Int) throws {
        var columns = try OpeningColumns(count: 40)
        columns.proofs[96 * position + 33] ^= 4
        #expect(try columns.failuresInBatch() == [position])
    }

    /// Identity and foreign encodings are refused without touching the others.
    @Test func malformedElementsAreNamed() throws {
        let columns = try OpeningColumns(count: 4)
        let cases: [[UInt8]] = [
            [UInt8](repeating: 0, count: 32), [UInt8](repeating: 0xff, count: 32), [1] + [UInt8](repeating: 0, count: 31),
        ]
        for bytes in cases {
            var changed = columns
            changed.statements.replaceSubrange(32..<64, with: bytes)
            #expect(try changed.parsed().malformed == [1])
            #expect(try changed.failuresInBatch() == [1])
            #expect(changed.failuresOneByOne() == [1])
            changed = columns
            changed.proofs.replaceSubrange(3 * 96..<3 * 96 + 32, with: bytes)
            #expect(try changed.parsed().malformed == [3])
            #expect(try changed.failuresInBatch() == [3])
        }
    }

    /// Malformed statements have no equation that could fail: the batch itself must refuse them, whoever asks it.
    @Test func batchOfMalformedStatementsOnlyDoesNotHold() throws {
        let columns = try OpeningColumns(count: 2)
        let garbage = [UInt8](repeating: 0xff, count: columns.statements.count)
        let parsed = try FamilyProofs(
            columns.family, statements: garbage.span, proofs: columns.proofs.span, session: OpeningColumns.session)
        var batch = VerificationBatch<G>()
        batch.append(try columns.parsed())
        batch.append(parsed)
        #expect(batch.failures() == [.init(member: 1, statement: 0), .init(member: 1, statement: 1)])
    }

    @Test func columnsOfDifferentLengthsAreRefused() throws {
        let columns = try OpeningColumns(count: 3)
        for (statements, proofs) in [(64, 288), (96, 192), (95, 288), (96, 287), (0, 96)] {
            let (s, p) = (Array(columns.statements[..<statements]), Array(columns.proofs[..<proofs]))
            #expect(throws: ProofRejected.self) {
                try FamilyProofs(columns.family, statements: s.span, proofs: p.span, session: OpeningColumns.session)
            }
        }
    }

    /// The transcript is that of the single proof: another session, or a template with other shared elements, fails for all.
    @Test func sessionAndSharedElementsAreBound() throws {
        let columns = try OpeningColumns(count: 3)
        var batch = VerificationBatch<G>()
        batch.append(
            try FamilyProofs(
                columns.family, statements: columns.statements.span, proofs: columns.proofs.span, session: SessionID(tag: "another")))
        #expect(batch.failures().map(\.statement) == [0, 1, 2])
        let other = try RelationFamily(
            template: Sample<G>.pedersen(m: .one, r: .one, h: G.generator).relation, ownElements: [2])
        batch = VerificationBatch<G>()
        batch.append(
            try FamilyProofs(other, statements: columns.statements.span, proofs: columns.proofs.span, session: OpeningColumns.session))
        #expect(batch.failures().count == 3)
    }

    /// Errors that cancel each other under equal weights, in one member and across members.
    @Test func cancellingErrorsAreFound() throws {
        var columns = try OpeningColumns(count: 2)
        // z_r of one proof one more, of the other one less: the sum of both equations still holds.
        let width = 96
        func shift(_ statement: Int, _ by: G.Scalar) throws {
            let range = width * statement + 64..<width * statement + 96
            let z = try G.Scalar(canonical: Array(columns.proofs[range]).span)
            columns.proofs.replaceSubrange(range, with: (z + by).bytes)
        }
        try shift(0, .one)
        try shift(1, -.one)
        #expect(try columns.failuresInBatch() == [0, 1])
        let halves = try (0..<2).map { index in
            try FamilyProofs(
                columns.family, statements: Array(columns.statements[32 * index..<32 * (index + 1)]).span,
                proofs: Array(columns.proofs[96 * index..<96 * (index + 1)]).span, session: OpeningColumns.session)
        }
        var batch = VerificationBatch<G>()
        for half in halves { batch.append(half) }
        #expect(batch.failures() == [.init(member: 0, statement: 0), .init(member: 1, statement: 0)])
    }

    /// Changing any byte of any statement or proof changes the digest, from which the weights come.
    @Test func digestBindsEveryByte() throws {
        let columns = try OpeningColumns(count: 130)
        let digest = try columns.parsed().digest
        for position in stride(from: 0, to: columns.proofs.count, by: 97) {
            var changed = columns
            changed.proofs[position] ^= 0x10
            #expect(try changed.parsed().digest != digest)
        }
        for position in stride(from: 0, to: columns.statements.count, by: 61) {
            var changed = columns
            changed.statements[position] ^= 0x10
            #expect(try changed.parsed().digest != digest)
        }
    }

    @Test func aFalseStatementIsFoundWhateverTheRandomness() throws {
        var columns = try OpeningColumns(count: 3)
        columns.proofs[96 + 40] ^= 1
        var batch = VerificationBatch<G>()
        batch.append(try columns.parsed())
        for randomness in [[], [0], [1, 2, 3]] as [[UInt8]] {
            #expect(batch.failures(randomness: randomness) == [.init(member: 0, statement: 1)])
        }
    }
}

/// Families with several equations, own elements in terms, and coefficients, over a group whose arithmetic is plain.
@Suite struct RelationFamilyTests {
    typealias G = AdditiveGroup<OrderM61>

    @Test func chaumPedersenWithAnOwnBase() throws {
        let samples = try (1...5).map {
            try Sample<G>.chaumPedersen(x: G.Scalar(UInt64($0 * 3)), h: G.vartimeMultiScalarMul([G.Scalar(UInt64($0 + 40))], [G.generator]))
        }
        let family = try RelationFamily(template: samples[0].relation, ownElements: [1, 2, 3])
        let session = SessionID(tag: "dleq family")
        var (statements, proofs): ([UInt8], [UInt8]) = ([], [])
        for sample in samples {
            statements += G.encode(Array(sample.relation.elements[1...]))
            proofs += try LinearProver.batchableProof(of: sample.relation, witness: sample.secret, session: session).bytes
        }
        let parsed = try FamilyProofs(family, statements: statements.span, proofs: proofs.span, session: session)
        var batch = VerificationBatch<G>()
        batch.append(parsed)
        #expect(parsed.malformed.isEmpty && batch.failures().isEmpty)
        // Swapping the proofs of two statements makes both false.
        let width = proofs.count / 5
        let swapped = Array(proofs[width..<2 * width]) + proofs[..<width] + proofs[(2 * width)...]
        batch = VerificationBatch<G>()
        batch.append(try FamilyProofs(family, statements: statements.span, proofs: swapped.span, session: session))
        #expect(batch.failures().map(\.statement) == [0, 1])
    }

    /// `C - m G` with `C = m G` has the identity as its image; the encoding that makes it so is refused like the relation refuses it.
    @Test func identityImageIsMalformed() throws {
        let h = G.vartimeMultiScalarMul([G.Scalar(UInt64(77))], [G.generator])
        let m = G.Scalar(UInt64(6))
        let sample = try Sample<G>.opensTo(m: m, r: G.Scalar(UInt64(9)), h: h)
        let family = try RelationFamily(template: sample.relation, ownElements: [2])
        let session = SessionID(tag: "constant")
        let proof = try LinearProver.batchableProof(of: sample.relation, witness: sample.secret, session: session).bytes
        let forbidden = G.vartimeMultiScalarMul([m], [G.generator])
        #expect(throws: LinearRelationError.identityImage) { try family.relation(own: [forbidden]) }
        let statements = G.encode([sample.relation.elements[2], forbidden])
        let parsed = try FamilyProofs(family, statements: statements.span, proofs: (proof + proof).span, session: session)
        #expect(parsed.malformed == [1])
        var batch = VerificationBatch<G>()
        batch.append(parsed)
        #expect(batch.failures() == [.init(member: 0, statement: 1)])
    }

    @Test func formsThatCannotBeValidatedOnceAreRefused() throws {
        let sample = try Sample<G>.pedersen(m: .one, r: .one, h: G.vartimeMultiScalarMul([G.Scalar(UInt64(5))], [G.generator]))
        for own in [[], [0], [3], [2, 2], [2, 1], [-1]] as [[Int]] {
            #expect(throws: RelationFamilyError.ownElements) { try RelationFamily(template: sample.relation, ownElements: own) }
        }
        let g = G.generator
        let points = (2...4).map { G.vartimeMultiScalarMul([G.Scalar(UInt64($0))], [g]) }
        let sumImage = try LinearRelation<G>(
            elements: [g] + points,
            equations: [
                .init(
                    image: [.init(element: 1), .init(element: 2)], terms: [.init(scalar: 0, element: 0), .init(scalar: 0, element: 3)])
            ])
        #expect(throws: RelationFamilyError.imageNotUniform) { try RelationFamily(template: sumImage, ownElements: [1, 2]) }
        #expect(throws: RelationFamilyError.scalarNotUniform) { try RelationFamily(template: sumImage, ownElements: [1, 3]) }
        #expect(throws: Never.self) { try RelationFamily(template: sumImage, ownElements: [1]) }
    }
}

/// Statements that are true or false by decree, and count how often they are asked.
private struct CountingMember: BatchMember {
    typealias G = AdditiveGroup<OrderM61>

    final class Counter: @unchecked Sendable {
        var sums = 0
        var statements = 0
    }

    let statementCount: Int
    let equationCount = 1
    let malformed: [Int] = []
    let digest: [UInt8] = []
    let bad: Set<Int>
    let counter = Counter()

    func add(_ statements: Range<Int>, weights: [G.Scalar], to sum: inout WeightedEquations<G>) {
        counter.sums += 1
        counter.statements += statements.count
        for (weight, statement) in zip(weights, statements) where bad.contains(statement) { sum.addShort([weight], [G.generator]) }
    }
}

@Suite struct BisectionTests {
    @Test(arguments: [0, 1, 511, 512, 700, 1_023])
    func oneBadStatementCostsTheLogarithm(position: Int) {
        let member = CountingMember(statementCount: 1_024, bad: [position])
        var batch = VerificationBatch<AdditiveGroup<OrderM61>>()
        batch.append(member)
        #expect(batch.failures() == [.init(member: 0, statement: position)])
        #expect(member.counter.sums <= 1 + 2 * 10)
        #expect(member.counter.statements <= 3 * 1_024)
    }

    /// However many statements are bad, a search with a limit names the first of them and looks at each path to one of them only.
    @Test(arguments: [1, 7, 90, 400])
    func aLimitBoundsTheWork(step: Int) {
        let bad = Array(stride(from: 0, to: 1_024, by: step))
        let member = CountingMember(statementCount: 1_024, bad: Set(bad))
        var batch = VerificationBatch<AdditiveGroup<OrderM61>>()
        batch.append(member)
        #expect(batch.failures(limit: 11).map(\.statement) == Array(bad.prefix(11)))
        #expect(member.counter.sums <= 1 + 11 * 2 * 10)
        #expect(member.counter.statements <= 1_024 + 11 * 2 * 1_024)
        #expect(batch.failures().map(\.statement) == bad)
    }

    @Test func placesAreFoundAcrossMembersOfAnySize() {
        let sizes = [0, 3, 1, 0, 0, 5, 2]
        let all = sizes.enumerated().flatMap { member, count in (0..<count).map { (member, $0) } }
        for mask in 0..<1 << all.count {
            var batch = VerificationBatch<AdditiveGroup<OrderM61>>()
            let bad = all.indices.filter { mask >> $0 & 1 == 1 }.map { all[$0] }
            for (member, size) in sizes.enumerated() {
                batch.append(CountingMember(statementCount: size, bad: Set(bad.filter { $0.0 == member }.map(\.1))))
            }
            #expect(batch.failures() == bad.map { .init(member: $0.0, statement: $0.1) })
        }
    }
}
