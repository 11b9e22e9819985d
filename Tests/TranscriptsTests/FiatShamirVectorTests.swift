// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing
import Transcripts

/// The value, or a failed test.
private func required<T>(_ value: T?) throws -> T {
    try #require(value)
}

/// The bytes of a hexadecimal field that must be there.
private func data(_ string: String?) throws -> [UInt8] {
    try required(bytes(hex: required(string)))
}

/// The vectors of draft-irtf-cfrg-fiat-shamir-03; what each record means is in vectors/01-cfrg-sigma-fiat-shamir/SOURCE.md.
@Suite struct FiatShamirVectorTests {
    struct Operation: Decodable {
        let type: String
        let data: String?
        let length: Int?
    }

    /// A number or a hexadecimal string with prefix.
    struct Integer: Decodable {
        let littleEndian: [UInt8]
        var small: UInt64 { littleEndian.reversed().reduce(0) { $0 << 8 | UInt64($1) } }

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(UInt64.self) {
                littleEndian = Transcripts.littleEndian(number)
            } else {
                let digits = try container.decode(String.self).dropFirst(2)
                let padded = (digits.count % 2 == 1 ? "0" : "") + digits
                littleEndian = try data(padded).reversed()
            }
        }
    }

    struct Record: Decodable {
        let Id, Function: String
        let Hash, Tag, Input, Output, Narg, SessionId, Expected, ByteOrder: String?
        let Operations: [Operation]?
        let Modulus, Challenge, Value, ClaimedSum, FinalEvaluation: Integer?
        let Coordinates: [Integer]?
        let ExtensionDegree, NumVariables: Int?
        let Witness: [Integer]?
    }

    static func records(_ name: String) throws -> [Record] {
        try vectorJSON("01-cfrg-sigma-fiat-shamir/" + name, as: [Record].self)
    }

    @Test(arguments: ["fiatShamirShake128Vectors.json", "fiatShamirTurboShake128Vectors.json", "fiatShamirCodecVectors.json"])
    func file(_ name: String) throws {
        let records = try Self.records(name)
        #expect(records.count == 8)
        for record in records { try check(record) }
    }

    func check(_ record: Record) throws {
        let id = record.Id
        func codec(_ order: ModularCodec.ByteOrder = .littleEndian) throws -> ModularCodec {
            try required(ModularCodec(modulus: required(record.Modulus).littleEndian, byteOrder: order))
        }
        func trimmed(_ value: [UInt8]) -> [UInt8] { Array(value.reversed().drop { $0 == 0 }.reversed()) }

        switch record.Function {
        case "DuplexSponge":
            #expect(try replay(record) == data(record.Output), "\(id)")
        case "DeriveSessionID":
            #expect(try SessionID(tag: data(record.Tag), function: function(record)).bytes == data(record.Output), "\(id)")
        case "DecodeUint":
            let squeezed = try replay(record)
            #expect(try squeezed == data(record.Output), "\(id)")
            let codec = try codec()
            #expect(squeezed.count == codec.wideByteCount, "\(id)")
            #expect(trimmed(codec.decode(squeezed)) == trimmed(try required(record.Challenge).littleEndian), "\(id)")
        case "SerializeVarLenString":
            let payload = try data(record.Input)
            #expect(try lengthPrefixed(payload) == data(record.Output), "\(id)")
            var reader = ByteReader(try data(record.Output))
            #expect(try reader.readVarLenString() == payload)
            #expect(throws: Never.self) { try reader.finish() }
        case "DeserializeVarLenString":
            var reader = ByteReader(try data(record.Input))
            #expect(record.Expected == "reject")
            #expect(throws: CodecError.truncated, "\(id)") { try reader.readVarLenString() }
        case "SerializeField":
            #expect(record.ByteOrder == "big-endian")
            let output = try codec(.bigEndian).serialize(required(record.Value).littleEndian)
            #expect(try output == data(record.Output), "\(id)")
        case "DeserializeUint":
            #expect(record.Expected == "reject")
            var reader = ByteReader(try data(record.Input))
            let codec = try codec()
            #expect(throws: CodecError.self, "\(id)") { try codec.deserialize(&reader) }
        case "DeserializeField":
            var reader = ByteReader(try data(record.Input))
            let (codec, degree) = (try codec(), try required(record.ExtensionDegree))
            if record.Expected == "reject" {
                #expect(throws: CodecError.notReduced, "\(id)") { try codec.deserialize(&reader, degree: degree) }
            } else {
                let coordinates = try codec.deserialize(&reader, degree: degree)
                try #require(coordinates.count == record.Coordinates?.count)
                #expect(coordinates.map(trimmed) == record.Coordinates?.map { trimmed($0.littleEndian) }, "\(id)")
                try reader.finish()
            }
        case "Sumcheck":
            try checkSumcheck(record)
        default:
            Issue.record("unknown function \(record.Function)")
        }
    }

    /// The function that a record names; the codecs name none.
    func function(_ record: Record) throws -> KeccakFunction {
        switch record.Hash {
        case nil, "SHAKE128": return .shake128
        case "TurboSHAKE128": return .turboSHAKE128
        default: throw CodecError.notReduced
        }
    }

    func replay(_ record: Record) throws -> [UInt8] {
        let session = try required(SessionID(data(record.SessionId)))
        var sponge = DuplexSponge(session, function: try function(record))
        var output: [UInt8] = []
        for operation in try required(record.Operations) {
            switch operation.type {
            case "absorb": sponge.absorb(try data(operation.data))
            case "squeeze": output += sponge.squeeze(try required(operation.length))
            default: Issue.record("unknown operation \(operation.type)")
            }
        }
        return output
    }

    // MARK: The draft's example protocol over p = 2^31 - 1

    func checkSumcheck(_ record: Record) throws {
        let session = try required(SessionID(data(record.SessionId)))
        if let tag = record.Tag { #expect(session == SessionID(tag: try data(tag), function: try function(record))) }
        let narg = try data(record.Narg)
        let (v, sum) = (try required(record.NumVariables), try required(record.ClaimedSum).small)
        let final = try? sumcheck(DuplexSponge(session, function: function(record)), variables: v, claim: sum, narg)
        if record.Expected == "reject" {
            #expect(final == nil, "\(record.Id)")
        } else {
            #expect(final == record.FinalEvaluation?.small, "\(record.Id)")
        }
    }

    /// The final claim, or an error for a refused NARG string.
    func sumcheck(_ start: consuming DuplexSponge, variables: Int, claim: UInt64, _ narg: [UInt8]) throws -> UInt64 {
        let p: UInt64 = (1 << 31) - 1
        let codec = try required(ModularCodec(modulus: littleEndian(p)))
        func integer(_ bytes: [UInt8]) -> UInt64 { bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
        var sponge = start
        sponge.absorb(littleEndian(UInt32(variables)))
        sponge.absorb(try codec.serialize(littleEndian(claim)))
        var reader = ByteReader(narg)
        var current = claim
        for _ in 0..<variables {
            let pair = try codec.deserialize(&reader, degree: 2)
            let (a0, a1) = (integer(pair[0]), integer(pair[1]))
            guard (2 * a0 + a1) % p == current else { throw CodecError.notReduced }
            sponge.absorb(pair[0] + pair[1])
            current = (a0 + a1 * (integer(sponge.squeeze(4)) % p)) % p
        }
        try reader.finish()
        return current
    }
}
