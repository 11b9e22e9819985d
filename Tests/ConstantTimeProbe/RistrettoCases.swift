// SPDX-License-Identifier: Apache-2.0
import Groups
import Secrets

/// What only ristretto255 does with secrets: sums chosen by secret bits and indices, and the map to the group.
var ristrettoCases: [ProbeCase] {
    [
        ProbeCase("ristretto255/subsetSums") { evidence in
            let table = Ristretto255.selectionTable(bases(Ristretto255.self, 5))
            let bits = SecretLimbs(count: 3)
            bits.classify()
            evidence.result(Ristretto255.encode(bits.withSpan { Ristretto255.subsetSums(rows: 3, bits: $0, wordsPerRow: 1, of: table) }))
        },
        ProbeCase("ristretto255/selected") { evidence in
            let table = Ristretto255.selectionTable(bases(Ristretto255.self, 5))
            let indices = SecretCell<UInt32>(count: 3)
            indices.classify()
            evidence.result(Ristretto255.encode(indices.withSpan { Ristretto255.selected($0, from: table) }))
        },
        ProbeCase("ristretto255/fixed bases with a spaced comb, rows in blocks", isLong: true) { evidence in
            let count = 100
            let table = Ristretto255.fixedBases(bases(Ristretto255.self, count))
            let scalars = SecretScalars<Ristretto255>.random(count: 40 * count)
            evidence.result(Ristretto255.encode(scalars.withSpan { Ristretto255.multiScalarMul(rows: 40, $0, table) }))
        },
        ProbeCase("ristretto255/group law on secret points") { evidence in
            // Sums of chosen points are added up before they are encoded.
            let p = SecretScalars<Ristretto255>.random(count: 1).multiScalarMul([Ristretto255.generator])
            let q = SecretScalars<Ristretto255>.random(count: 1).multiScalarMul([Ristretto255.generator])
            evidence.result(
                Ristretto255.encode([
                    Ristretto255.add(p, q), Ristretto255.negate(p), Ristretto255.add(p, Ristretto255.generator), Ristretto255.add(p, p),
                ]))
        },
        ProbeCase("ristretto255/points(uniformBytes:)") { evidence in
            let uniform = SecretBytes.random(count: 2 * Ristretto255.uniformByteCount)
            evidence.result(Ristretto255.encode(uniform.withSpan { Ristretto255.points(uniformBytes: $0) }))
        },
    ]
}
