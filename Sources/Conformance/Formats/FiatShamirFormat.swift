// SPDX-License-Identifier: Apache-2.0
internal import Transcripts

/// The vectors of draft-irtf-cfrg-fiat-shamir-03: sponges, session ids, codecs and the example protocol.
enum FiatShamirFormat {
    static let format = VectorFormat(
        "Fiat-Shamir sponges and codecs", standard: "draft-irtf-cfrg-fiat-shamir-03", marker: "fiat-shamir/",
        records: { record in
            guard let function = record["Function"]?.text else { return false }
            return function != "SigmaProof" && record["Id"] != nil
        }, case: { $0["Id"]?.text },
        check: { (record) throws(CaseFailure) in
            if let hash = record["Hash"] {
                try require(hash.text.map { SpongeHash(rawValue: $0) != nil } ?? false, "an unknown hash function")
            }
            switch try record.text("Function") {
            case "DuplexSponge": try record.match("Output", replay(record))
            case "DeriveSessionID": try record.match("Output", hash(record).sessionID(tag: record.bytes("Tag")))
            case "DecodeUint": try decodeInteger(record)
            case "SerializeVarLenString": try variableLength(record)
            case "DeserializeVarLenString":
                var reader = ByteReader(try record.bytes("Input"))
                let isAccepted = (try? reader.readVarLenString()) != nil && reader.remaining == 0
                try requireVerdict(isAccepted, expected: isExpected(record))
            case "SerializeField", "SerializeUint":
                let order = record["ByteOrder"]?.text
                try require(order == nil || order == "big-endian" || order == "little-endian", "an unknown byte order")
                let codec = try codec(record, order == "big-endian" ? .bigEndian : .littleEndian)
                let value = try littleEndianInteger(record, "Value")
                try record.match("Output", attempt("Value") { try codec.serialize(value) })
            case "DeserializeUint":
                var reader = ByteReader(try record.bytes("Input"))
                let codec = try codec(record)
                let isAccepted = (try? codec.deserialize(&reader)) != nil && reader.remaining == 0
                try requireVerdict(isAccepted, expected: isExpected(record))
            case "DeserializeField": try deserializeField(record)
            case "Sumcheck": try SumcheckExample(record).check(record)
            default: throw CaseFailure("an unknown function")
            }
        })

    /// Whether the record says that its input is accepted: it says nothing or `accept`.
    static func isExpected(_ record: VectorValue) throws(CaseFailure) -> Bool {
        guard record["Expected"] != nil else { return true }
        switch try record.text("Expected") {
        case "accept": return true
        case "reject": return false
        default: throw CaseFailure("Expected is neither accept nor reject")
        }
    }

    /// The sponge's hash function: SHAKE128 where the record names none.
    static func hash(_ record: VectorValue) throws(CaseFailure) -> SpongeHash {
        guard record["Hash"] != nil else { return .shake }
        return try unwrap(SpongeHash(rawValue: try record.text("Hash")), "an unknown hash function")
    }

    /// The concatenated outputs of the record's operations.
    private static func replay(_ record: VectorValue) throws(CaseFailure) -> [UInt8] {
        let session = try record.bytes("SessionId")
        try require(session.count == SessionID.byteCount, "a session id of \(session.count) bytes")
        var operations: [SpongeOperation] = []
        for operation in try record.list("Operations") {
            switch try operation.text("type") {
            case "absorb": operations.append(.absorb(try operation.bytes("data")))
            case "squeeze": operations.append(.squeeze(try operation.integer("length", in: 0...1 << 20)))
            default: throw CaseFailure("an unknown operation")
            }
        }
        try require(operations.count <= 10_000, "more operations than are run")
        return try hash(record).replay(session: session, operations)
    }

    private static func decodeInteger(_ record: VectorValue) throws(CaseFailure) {
        // The bytes are given, or squeezed.
        let isGiven = record["Operations"] == nil
        let squeezed = isGiven ? try record.bytes("Input") : try replay(record)
        if !isGiven { try record.match("Output", squeezed) }
        let codec = try codec(record)
        try require(squeezed.count == codec.wideByteCount, "\(squeezed.count) bytes for one integer")
        let expected = try littleEndianInteger(record, "Challenge")
        try require(trimmed(codec.decode(squeezed)) == trimmed(expected), "Challenge differs")
    }

    private static func variableLength(_ record: VectorValue) throws(CaseFailure) {
        let payload = try record.bytes("Input")
        try record.match("Output", lengthPrefixed(payload))
        var reader = ByteReader(try record.bytes("Output"))
        let read = try attempt("Output") { try reader.readVarLenString() }
        try require(read == payload && reader.remaining == 0, "Output does not read back")
    }

    private static func deserializeField(_ record: VectorValue) throws(CaseFailure) {
        var reader = ByteReader(try record.bytes("Input"))
        let codec = try codec(record)
        let degree = try record.integer("ExtensionDegree", in: 1...64)
        let coordinates = try? codec.deserialize(&reader, degree: degree)
        let isAccepted = coordinates != nil && reader.remaining == 0
        try requireVerdict(isAccepted, expected: isExpected(record))
        guard isAccepted, let coordinates else { return }
        var expected: [[UInt8]] = []
        for coordinate in try record.list("Coordinates") {
            expected.append(trimmed(try littleEndianInteger(coordinate, named: "Coordinates")))
        }
        try require(coordinates.map(trimmed) == expected, "Coordinates differ")
    }

    // MARK: Integers

    static func codec(_ record: VectorValue, _ order: ModularCodec.ByteOrder = .littleEndian) throws(CaseFailure) -> ModularCodec {
        let modulus = try littleEndianInteger(record, "Modulus")
        try require(modulus.count <= 1024, "a modulus of \(modulus.count) bytes")
        return try unwrap(ModularCodec(modulus: modulus, byteOrder: order), "Modulus")
    }

    static func trimmed(_ value: [UInt8]) -> [UInt8] {
        Array(value.prefix((value.lastIndex { $0 != 0 } ?? -1) + 1))
    }

    static func littleEndianInteger(_ record: VectorValue, _ name: String) throws(CaseFailure) -> [UInt8] {
        try littleEndianInteger(record.member(name), named: name)
    }

    /// A number, or text with hexadecimal digits after `0x`, of any number of digits.
    static func littleEndianInteger(_ value: VectorValue, named name: String) throws(CaseFailure) -> [UInt8] {
        if case .number = value { return littleEndian(try unwrap(value.unsigned, name)) }
        guard let text = value.text, text.hasPrefix("0x") else { throw CaseFailure("\(name) is no integer") }
        let digits = text.dropFirst(2)
        return try VectorValue.bytes(hex: (digits.count % 2 == 1 ? "0" : "") + digits).reversed()
    }
}

/// One operation on a sponge.
enum SpongeOperation {
    case absorb([UInt8])
    case squeeze(Int)
}

/// The hash functions of the draft's sponges.
enum SpongeHash: String {
    case shake = "SHAKE128"
    case turboShake = "TurboSHAKE128"

    /// DeriveSessionID.
    func sessionID(tag: [UInt8]) -> [UInt8] {
        SessionID(tag: tag, function: function).bytes
    }

    /// The engine's function.
    private var function: KeccakFunction { self == .shake ? .shake128 : .turboSHAKE128 }

    /// The concatenated outputs of a sponge of this session.
    func replay(session: [UInt8], _ operations: [SpongeOperation]) throws(CaseFailure) -> [UInt8] {
        var sponge = DuplexSponge(try unwrap(SessionID(session), "the session id"), function: function)
        var output: [UInt8] = []
        for operation in operations {
            switch operation {
            case .absorb(let bytes): sponge.absorb(bytes)
            case .squeeze(let count): output += sponge.squeeze(count)
            }
        }
        return output
    }
}
