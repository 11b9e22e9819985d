// SPDX-License-Identifier: Apache-2.0

internal import Groups
internal import Transcripts

extension LinearRelation {
    /// What a parser accepts at most. Every party usually builds a statement itself; parsing is for tools and test vectors.
    public struct ParsingLimits: Sendable {
        /// The number of bytes.
        public let byteCount: Int
        /// The default: one mebibyte.
        public static var standard: ParsingLimits { ParsingLimits(byteCount: 1 << 20) }

        /// Limits.
        public init(byteCount: Int) {
            self.byteCount = byteCount
        }
    }

    /// `SerializeLinearRelation`: unambiguous and prefix-free.
    ///
    ///     LE32 equations, for each: LE32 image terms, (LE32 element, coefficient)*,
    ///                               LE32 terms, (LE32 scalar, LE32 element, coefficient)*
    ///     elements 1...
    public var serialized: [UInt8] {
        var out = littleEndian(UInt32(equations.count))
        for equation in equations {
            out += littleEndian(UInt32(equation.image.count))
            for term in equation.image { out += littleEndian(term.element) + term.coefficient.bytes }
            out += littleEndian(UInt32(equation.terms.count))
            for term in equation.terms {
                out += littleEndian(term.scalar) + littleEndian(term.element) + term.coefficient.bytes
            }
        }
        return out + G.encode(Array(elements.dropFirst()))
    }

    /// Parses a serialisation and validates the instance. Nothing is allocated beyond a constant multiple of the input.
    public init(parsing bytes: [UInt8], limits: ParsingLimits = .standard) throws(LinearRelationError) {
        guard bytes.count <= limits.byteCount else { throw .length }
        var reader = ByteReader(bytes)
        let equations: [Equation]
        do throws(CodecError) {
            equations = try Self.readEquations(&reader)
        } catch {
            throw error == .notReduced ? .coefficientEncoding : .length
        }
        guard !equations.isEmpty else { throw .noEquations }
        var largest: UInt32 = 0
        for equation in equations {
            guard !equation.image.isEmpty, !equation.terms.isEmpty else { throw .emptyEquation }
            for term in equation.image { largest = max(largest, term.element) }
            for term in equation.terms { largest = max(largest, term.element) }
        }
        let (expected, overflow) = Int(largest).multipliedReportingOverflow(by: G.pointByteCount)
        guard !overflow, reader.remaining == expected else { throw .length }
        let elements = try Self.readElements(&reader, byteCount: expected)
        try self.init(elements: [G.generator] + elements, equations: equations)
    }

    private static func readEquations(_ reader: inout ByteReader) throws(CodecError) -> [Equation] {
        var equations: [Equation] = []
        for _ in 0..<(try reader.readUInt32()) {
            var image: [ImageTerm] = []
            for _ in 0..<(try reader.readUInt32()) {
                image.append(ImageTerm(element: try reader.readUInt32(), coefficient: try readScalar(&reader)))
            }
            var terms: [Term] = []
            for _ in 0..<(try reader.readUInt32()) {
                terms.append(
                    Term(scalar: try reader.readUInt32(), element: try reader.readUInt32(), coefficient: try readScalar(&reader)))
            }
            equations.append(Equation(image: image, terms: terms))
        }
        return equations
    }

    private static func readElements(_ reader: inout ByteReader, byteCount: Int) throws(LinearRelationError) -> [G.Point] {
        let bytes: [UInt8]
        do throws(CodecError) {
            bytes = try reader.read(byteCount)
        } catch {
            throw .length
        }
        do throws(PointDecodingError) {
            return try G.decode(canonical: bytes.span)
        } catch {
            throw .elementEncoding
        }
    }

    private static func readScalar(_ reader: inout ByteReader) throws(CodecError) -> G.Scalar {
        let bytes = try reader.read(G.Scalar.byteCount)
        do throws(ScalarDecodingError) {
            return try G.Scalar(canonical: bytes.span)
        } catch {
            throw .notReduced
        }
    }
}
