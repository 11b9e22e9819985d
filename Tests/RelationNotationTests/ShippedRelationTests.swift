// SPDX-License-Identifier: Apache-2.0

import Circuits
import ConsentModel
import Groups
import RelationNotation
import SigmaProofs
import TestSupport
import Testing

/// The files in `circuits/`.
@Suite struct ShippedRelationTests {
    /// All that have no default are 2.
    static func unrolledFile(_ text: [UInt8]) throws -> UnrolledRelation {
        let declaration = try RelationDeclaration(parsing: text)
        do {
            return try declaration.unrolled()
        } catch {
            guard error.code == "relation-size" else { throw error }
            return try declaration.unrolled(sizes: Dictionary(uniqueKeysWithValues: declaration.sizeNames.map { ($0, 2) }))
        }
    }

    @Test func everyFileIsBuiltInAndNamedAsItsRelation() throws {
        let files = try shippedRelations()
        #expect(files.count >= 15)
        #expect(files.map(\.name) == Circuits.relationNames)
        for (name, text) in files {
            #expect(Circuits.relation(named: name) == text)
            #expect(try RelationDeclaration(parsing: text).name == name)
        }
        #expect(Circuits.relation(named: "absent") == nil)
    }

    /// Printing and parsing again gives the same indices and the same canonical bytes.
    @Test func roundTrip() throws {
        for (name, text) in try shippedRelations() {
            let relation = try Self.unrolledFile(text)
            let again = try unrolled(relation.notation)
            #expect(again.indexNotation == relation.indexNotation, "\(name)")
            #expect(again.elementNames == relation.elementNames && again.witnessNames == relation.witnessNames)
            #expect(again.notation == relation.notation)
            let points = (1..<relation.elementNames.count).map {
                Ristretto255.vartimeMultiScalarMul([.init(UInt64($0 + 5))], [Ristretto255.generator])
            }
            let scalars = relation.scalarNames.indices.map { Ristretto255.Scalar(UInt64($0 + 3)) }
            #expect(
                try again.compiled(Ristretto255.self, elements: points, scalars: scalars).serialized
                    == relation.compiled(Ristretto255.self, elements: points, scalars: scalars).serialized, "\(name)")
        }
    }

    /// Coefficients are evaluated in the scalar field.
    @Test func coefficients() throws {
        typealias Scalar = Ristretto255.Scalar
        let text = """
            Relation r(a, b, X, Y):
              Constants: big = 2^300 - 1, huge = 7237005577332262213973186563042994240857116359379907606001950938285454250990, h = 0xff
              Witness: x
              Equations:
                X = (a + 3 * b - 4) * x * G + (-a) * (b - 1)^3 * x * G + huge * x * G
                Y = big * x * G - h * x * G + 2^64 * (a * b)^2 * G
            """
        let (a, b) = (Scalar(UInt64(11)), Scalar(UInt64(13)))
        let relation = try unrolled(text)
        for relation in [relation, try unrolled(relation.notation)] {
            let compiled = try relation.compiled(
                Ristretto255.self,
                elements: [5, 6].map { Ristretto255.vartimeMultiScalarMul([Scalar(UInt64($0))], [Ristretto255.generator]) },
                scalars: [a, b])
            var power = Scalar.one
            for _ in 0..<300 { power = power + power }
            let terms = compiled.equations.map { $0.terms.map(\.coefficient) }
            #expect(terms[0] == [Scalar(UInt64(46)), -a * Scalar(UInt64(1_728)), Scalar.one])
            #expect(terms[1] == [power - .one, -Scalar(UInt64(255))])
            #expect(compiled.equations[1].image.map(\.coefficient) == [.one, -(Scalar(UInt128(1) << 64) * Scalar(UInt64(143 * 143)))])
        }
    }

    struct Record: Decodable {
        let Ciphersuite, Instance: String
        let Relation: String?
    }

    /// The instances of the vectors are the shipped files compiled for their elements, byte for byte.
    static func checkInstances<G: Group>(_ group: G.Type, _ file: String) throws {
        let names = Set(try shippedRelations().map(\.name))
        var matched = 0
        for record in try vectorJSON(file, as: [Record].self) {
            guard let name = record.Relation, names.contains(name) else { continue }
            let instance = try #require(bytes(hex: record.Instance))
            let relation = try unrolledFile(try #require(Circuits.relation(named: name)))
            let elements = Array(try LinearRelation<G>(parsing: instance).elements.dropFirst())
            #expect(try relation.compiled(G.self, elements: elements, scalars: []).serialized == instance, "\(name)")
            matched += 1
        }
        #expect(matched >= 9)
    }

    @Test func instancesOfRistretto255() throws {
        try Self.checkInstances(Ristretto255.self, "01c-sigma-ristretto255/sigma-proofs_Shake128_ristretto255.json")
    }

    @Test func instancesOfP256() throws {
        try Self.checkInstances(P256.self, "01-cfrg-sigma-fiat-shamir/sigma-proofs_Shake128_P256.json")
    }

    @Test func instancesOfBLS12381() throws {
        try Self.checkInstances(BLS12381G1.self, "01-cfrg-sigma-fiat-shamir/sigma-proofs_Shake128_BLS12381.json")
    }
}
