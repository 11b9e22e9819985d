// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import Transcripts

/// What the vectors of draft-irtf-cfrg-sigma-protocols-03 say about transcripts, without their groups: session ids, seeded nonces,
/// challenges over the given instance and announcement, and the responses `nonce + challenge * witness`, byte for byte.
@Suite struct SigmaVectorScalarTests {
    struct Record: Decodable {
        let Id, Ciphersuite, Tag: String
        let Flavor, Instance, NargString: String
        let Relation, SessionId, Witness, Expected: String?
    }

    struct Field: Sendable {
        let codec: ModularCodec

        /// Big-endian hexadecimal order.
        init(order: String) throws {
            let modulus: [UInt8] = try #require(bytes(hex: order)).reversed()
            codec = try #require(ModularCodec(modulus: modulus, byteOrder: .bigEndian))
        }

        /// `a + b * c`, little-endian.
        func multiplyAdd(_ a: [UInt8], _ b: [UInt8], _ c: [UInt8]) -> [UInt8] {
            var columns = [Int](repeating: 0, count: b.count + c.count + 2)
            for (i, x) in a.enumerated() { columns[i] += Int(x) }
            for (i, x) in b.enumerated() { for (j, y) in c.enumerated() { columns[i + j] += Int(x) * Int(y) } }
            var carry = 0
            let digits = columns.map { column in
                carry += column
                defer { carry >>= 8 }
                return UInt8(carry & 255)
            }
            return codec.decode(digits)
        }

        /// Concatenated scalars, each little-endian.
        func scalars(_ encoded: [UInt8]) throws -> [[UInt8]] {
            var reader = ByteReader(encoded)
            var scalars: [[UInt8]] = []
            while reader.remaining > 0 { scalars.append(try codec.deserialize(&reader)) }
            return scalars
        }
    }

    static let orders = [
        "sigma-proofs_Shake128_P256": "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
        "sigma-proofs_Shake128_BLS12381": "73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001",
    ]

    @Test(arguments: orders.keys.sorted())
    func validProofsAreReproduced(_ suite: String) throws {
        let field = try Field(order: Self.orders[suite] ?? "")
        let name = suite.dropFirst("sigma-proofs".count)
        let records = try vectorJSON("01-cfrg-sigma-fiat-shamir/sigma-proofs\(name).json", as: [Record].self)
        #expect(records.count == 9)
        for record in records {
            let session = SessionID(tag: record.Tag)
            #expect(hex(session.bytes) == record.SessionId, "\(record.Id)")
            let flavor = record.Flavor == "batchable" ? "DSFS" : "CMPT"
            #expect(record.Tag.contains("-\(flavor)-with-\(suite)"))
            let encodedWitness = try #require(bytes(hex: record.Witness ?? ""))
            let witness = try field.scalars(encodedWitness)
            let narg = try #require(bytes(hex: record.NargString))

            var generator = DuplexSponge(
                SessionID(tag: "TestDRNG-SIGMA-PROOFS-\(flavor)-\(suite)-\(try #require(record.Relation))"))
            let nonces = witness.map { _ in field.codec.decode(generator.squeeze(field.codec.wideByteCount)) }

            let head = Array(narg.dropLast(encodedWitness.count))
            let challenge: [UInt8]
            if flavor == "DSFS" {
                var sponge = DuplexSponge(session)
                sponge.absorb(try #require(bytes(hex: record.Instance)))
                sponge.absorb(head)
                challenge = field.codec.decode(sponge.squeeze(field.codec.wideByteCount))
            } else {
                challenge = try field.scalars(head)[0]
            }
            let responses = try witness.indices.flatMap { i in
                try field.codec.serialize(field.multiplyAdd(nonces[i], challenge, witness[i]))
            }
            #expect(head + responses == narg, "\(record.Id)")
        }
    }

    @Test(arguments: orders.keys.sorted())
    func sessionsOfInvalidProofs(_ suite: String) throws {
        let name = suite.dropFirst("sigma-proofs".count)
        let records = try vectorJSON("01-cfrg-sigma-fiat-shamir/sigma-proofs-invalid\(name).json", as: [Record].self)
        #expect(records.contains { $0.Expected == "accept" } && records.contains { $0.Expected == "reject" })
        for record in records {
            guard let expected = record.SessionId else { continue }
            #expect(hex(SessionID(tag: record.Tag).bytes) == expected, "\(record.Id)")
        }
    }
}
