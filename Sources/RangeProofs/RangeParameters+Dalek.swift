// SPDX-License-Identifier: Apache-2.0

public import Groups
internal import SigmaProofs
internal import Transcripts

extension RangeParameters where G == Ristretto255 {
    /// The instance of dalek's `bulletproofs` (1.0 and later): with ``MerlinRangeTranscript`` its proofs verify.
    ///
    /// | dalek | derivation |
    /// |---|---|
    /// | `B`, and `Q = w B` | the base point |
    /// | `B_blinding` | the element derivation from SHA3-512 of the encoding of `B` |
    /// | `G_j,i`, `H_j,i` of party j | SHAKE256 of `GeneratorsChain`, `G` or `H`, `LE32(j)`, 64 bytes at a time |
    public static func dalek(bits: Int, count: Int) throws(RangeParametersError) -> RangeParameters<Ristretto255> {
        guard allowedBits.contains(bits) else { throw .bits }
        guard (1...largestCount).contains(count), count.nonzeroBitCount == 1 else { throw .count }
        var uniform: [UInt8] = []
        for side in [UInt8(ascii: "G"), UInt8(ascii: "H")] {
            for party in 0..<UInt32(count) {
                let input = Array("GeneratorsChain".utf8) + [side] + littleEndian(party)
                uniform += KeccakXOF.hash(.shake256, input, count: 64 * bits)
            }
        }
        let blinding = KeccakXOF.hash(.sha3_512, G.encode([G.generator]), count: 64)
        return try RangeParameters(
            bits: bits, count: count, valueBase: G.generator, blindingBase: G.points(uniformBytes: blinding.span)[0],
            productBase: G.generator, vectors: SharedBases(G.points(uniformBytes: uniform.span)))
    }
}
