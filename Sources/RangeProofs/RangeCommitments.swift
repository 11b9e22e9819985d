// SPDX-License-Identifier: Apache-2.0

public import Groups
internal import SigmaProofs

/// The commitments of many statements of one shape, encoded as transcripts need them and decoded as equations do.
public struct RangeCommitments<G: Group>: Sendable {
    /// `V_0 ... V_(m-1)` of each statement, encoded, statement by statement.
    let bytes: [UInt8]
    /// `V_0`, ..., each a column over the statements.
    let points: [[G.Point]]
    /// The statements of which one does not decode; they are refused.
    let refused: [Int]

    /// Decodes `m` encodings for each statement.
    ///
    /// - Precondition: whole statements.
    init(decoding bytes: Span<UInt8>, _ parameters: RangeParameters<G>) {
        let width = parameters.statementByteCount
        precondition(bytes.count % width == 0, "whole statements")
        let parts = (0..<parameters.count).map { $0 * G.pointByteCount..<($0 + 1) * G.pointByteCount }
        (points, refused) = decodedColumns(G.self, bytes, width: width, parts: parts)
        self.bytes = bytes.withUnsafeBufferPointer { Array($0) }
    }

    /// Elements that the caller has computed; they are encoded.
    ///
    /// - Parameters:
    ///   - points: `m` columns of equal length; the last are repeated until there are `parameters.count`.
    ///   - refused: statements whose elements could not be computed. Their encodings are those of other elements, and they are refused.
    /// - Precondition: at least one column.
    package init(_ points: [[G.Point]], refused: [Int], _ parameters: RangeParameters<G>) {
        let width = G.pointByteCount
        let encoded = points.map { G.encode($0) }
        let count = points[0].count
        let missing = parameters.count - points.count
        self.points = points + [[G.Point]](repeating: points[points.count - 1], count: missing)
        self.refused = refused
        let columns = encoded + [[UInt8]](repeating: encoded[points.count - 1], count: missing)
        bytes = [UInt8](unsafeUninitializedCapacity: count * columns.count * width) { buffer, initialized in
            let out = UnsafeMutableRawBufferPointer(buffer)
            for (value, column) in columns.enumerated() {
                column.withUnsafeBytes { column in
                    for statement in 0..<count {
                        let start = (statement * columns.count + value) * width
                        UnsafeMutableRawBufferPointer(rebasing: out[start..<start + width])
                            .copyMemory(from: UnsafeRawBufferPointer(rebasing: column[statement * width..<(statement + 1) * width]))
                    }
                }
            }
            initialized = count * columns.count * width
        }
    }

    /// The encodings, statement by statement.
    package var encodings: [UInt8] { bytes }
    /// The number of statements.
    var count: Int { points[0].count }
}
