// SPDX-License-Identifier: Apache-2.0

import Circuits
import ConsentModel
import ConsentProver
import Groups
import Provers
import RelationNotation
import Secrets
import SigmaProofs
import Testing
import Transcripts

/// The relations that consent uses hold for real commitments: those that the issuer's and the holder's committers make.
@Suite struct ConsentRelationTests {
    typealias Scalar = Ristretto255.Scalar
    typealias Point = Ristretto255.Point

    /// A consent of the small schema and two data points of its subject, one of them of its record.
    struct Sample {
        let generators: GeneratorTable
        let k, c, d, other: Point
        let attributes, flags: [Scalar]
        let kBlinding, cBlinding, dBlinding, otherBlinding, otherRecord: Scalar
        let inForce: Range<Int>

        init() throws {
            let schema = try Schema.builtIn(named: "test-small")
            generators = try GeneratorTable(schema)
            let record = [UInt8](repeating: 7, count: 32)
            let otherRecord = [UInt8](repeating: 8, count: 32)
            let subject = Array("subject-1".utf8)
            let first = schema.calendar.first
            let last = try #require(Day(number: Int(first.number) + 4))
            let days = try #require(DayInterval(first: first, last: last))
            let consent = Consent(
                id: "1",
                values: [
                    "record": .id(record), "subject": .id(subject), "controller": .id(Array("c".utf8)), "notice": .id(Array("n".utf8)),
                    "age": .uint(40),
                ],
                flags: ["purposes": ["ScientificResearch"], "data_categories": ["Health", "Location"]], inForce: days)
            let committed = try ConsentCommitter(generators).commit([consent])
            let points = DataPointCommitter().commit(records: [record, otherRecord], subjects: [subject, subject])
            let encoded = committed.consents + committed.calendars + points.dataPoints
            let decoded = try Ristretto255.decode(canonical: encoded.span)
            (k, c, d, other) = (decoded[0], decoded[1], decoded[2], decoded[3])
            kBlinding = committed.consentBlindings.declassified(at: 0, as: .response)
            cBlinding = kBlinding + committed.calendarBlindings.declassified(at: 0, as: .response)
            dBlinding = points.blindings.declassified(at: 0, as: .response)
            otherBlinding = points.blindings.declassified(at: 1, as: .response)
            attributes = [
                Identifier.scalar(type: "record", bytes: record), Identifier.scalar(type: "subject", bytes: subject),
                Identifier.scalar(type: "controller", bytes: Array("c".utf8)), Identifier.scalar(type: "notice", bytes: Array("n".utf8)),
                Scalar(UInt64(40)),
            ]
            self.otherRecord = Identifier.scalar(type: "record", bytes: otherRecord)
            flags = schema.flags.map { consent.has($0.name, in: $0.group) ? .one : .zero }
            inForce = 0..<5
        }
    }

    /// Proves with the right witness, in both forms, and is refused with each scalar of it changed.
    static func check(_ name: String, sizes: [String: Int], elements: [Point], scalars: [Scalar] = [], witness: [Scalar]) throws {
        let text = try #require(Circuits.relation(named: name))
        let unrolled = try RelationDeclaration(parsing: text).unrolled(sizes: sizes)
        let relation = try unrolled.compiled(Ristretto255.self, elements: elements, scalars: scalars)
        let session = SigmaTag(application: name, flavor: .batchable, group: Ristretto255.self).session
        _ = try LinearProver.batchableProof(of: relation, witness: SecretScalars(copying: witness), session: session)
        for index in witness.indices {
            var wrong = witness
            wrong[index] = wrong[index] + .one
            #expect(throws: ProverError.witnessDoesNotSatisfy, "\(name): \(unrolled.witnessNames[index])") {
                try LinearProver.batchableProof(of: relation, witness: SecretScalars(copying: wrong), session: session)
            }
        }
    }

    @Test func openings() throws {
        let s = try Sample()
        let g = s.generators
        try Self.check(
            "consent_opening", sizes: ["m": 5, "n": 4], elements: [g.blinding] + g.attributes + g.flags + [s.k],
            witness: s.attributes + s.flags + [s.kBlinding])
        try Self.check(
            "data_point", sizes: [:], elements: g.dataBases + [s.d], witness: [s.attributes[0], s.attributes[1], s.dBlinding])
        try Self.check(
            "same_subject", sizes: [:], elements: g.dataBases + [s.d, s.other],
            witness: [s.attributes[1], s.attributes[0], s.otherRecord, s.dBlinding, s.otherBlinding])
        // The age is revealed; the rest is the tail.
        let tail: [Point] = Array(g.attributes.prefix(4)) + g.flags
        let hidden: [Scalar] = Array(s.attributes.prefix(4)) + s.flags
        try Self.check(
            "revealed_attribute", sizes: ["t": 8], elements: [g.attributes[4]] + tail + [g.blinding, s.k],
            scalars: [s.attributes[4]], witness: hidden + [s.kBlinding])
    }

    /// Equations (1) of docs/protocol.md, section 3: research required, two days, the controller constant, linked.
    @Test func rows() throws {
        let s = try Sample()
        let g = s.generators
        let days: [Scalar] = g.days.indices.map { s.inForce.contains($0) ? .one : .zero }
        let sizes = ["k": 1, "f": 1, "d": 2]
        let tail: [Point] = [g.attributes[3], g.attributes[4]] + Array(g.flags.dropFirst()) + Array(g.days.dropFirst(2))
        let hidden: [Scalar] = [s.attributes[3], s.attributes[4]] + Array(s.flags.dropFirst()) + Array(days.dropFirst(2))
        let constrained = [g.attributes[2], g.flags[0], g.days[0], g.days[1]]
        let head: [Point] = g.dataBases + [s.d, s.c, g.attributes[0]]
        let secrets: [Scalar] = [s.attributes[0], s.attributes[1], s.dBlinding]
        try Self.check(
            "consent_point_subject", sizes: sizes.merging(["t": tail.count]) { $1 },
            elements: head + [g.attributes[1]] + constrained + tail, scalars: [s.attributes[2]],
            witness: secrets + hidden + [s.cBlinding])
        // Linked by record only: the subject is hidden in the tail.
        try Self.check(
            "consent_point", sizes: sizes.merging(["t": tail.count + 1]) { $1 },
            elements: head + constrained + [g.attributes[1]] + tail, scalars: [s.attributes[2]],
            witness: secrets + [s.attributes[1]] + hidden + [s.cBlinding])
    }
}
