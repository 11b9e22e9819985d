// SPDX-License-Identifier: Apache-2.0
import ConsentModel

/// A bundle taken apart, so that a test can spoil one thing and put it together again.
struct BundleParts {
    var header: BundleHeader
    var positions: [UInt64]
    var entryLedgers: [UInt64]
    var entryIndices: [UInt64]
    var entries: [[UInt8]]
    var dataPoints: [[UInt8]]
    var inclusions: [[UInt8]]
    var revocations: [[UInt8]]
    var revealed: [RevealedColumn]
    var proof: [UInt8]

    init(_ bundle: Bundle) {
        header = bundle.header
        positions = bundle.positions.values
        entryLedgers = bundle.entryLedgers.values
        entryIndices = bundle.entryIndices.values
        entries = (0..<bundle.entries.count).map { bundle.entries[$0] }
        dataPoints = (0..<bundle.dataPoints.count).map { bundle.dataPoints[$0] }
        inclusions = bundle.inclusions.map(\.bytes)
        revocations = bundle.revocations.map(\.bytes)
        revealed = bundle.revealed
        proof = bundle.proof.bytes
    }

    /// The bundle, with N and E of the header set to the columns' lengths.
    func bundle() throws(ModelError) -> Bundle {
        var header = header
        header.dataPoints = dataPoints.count
        header.distinctConsents = entries.count
        return try Bundle(
            header: header, positions: U64Column(positions), entryLedgers: U64Column(entryLedgers), entryIndices: U64Column(entryIndices),
            entries: bytesColumn(entries.flatMap { $0 }, Bundle.entryByteCount), dataPoints: bytesColumn(dataPoints.flatMap { $0 }, 32),
            inclusions: inclusions.map { bytesColumn($0, 32) },
            revocations: revocations.map { bytesColumn($0, Bundle.revocationByteCount) }, revealed: revealed,
            proof: BytesColumn(bytes: proof))
    }
}
