// SPDX-License-Identifier: Apache-2.0

public import Groups
internal import SigmaProofs
internal import Synchronization

/// The generators of our range proofs: `G_i = gen("range", "left", LE32(i))`, `H_i = gen("range", "right", LE32(i))`,
/// `U = gen("range", "product")` (docs/protocol.md, sections 1.1 and 10). Sizes share them: those of 8 bits are the first ones of those of 64.
///
/// Vectors are derived when they are first asked for and kept. Make one object and share it: statements of equal width then share their
/// vectors in a batch.
public final class RangeGenerators<G: Group>: Sendable {
    /// `U`.
    public let product: G.Point
    private let known = Mutex<[Int: SharedBases<G>]>([:])

    /// The generators of the group.
    public init() {
        product = LabelledGenerators.derive(G.self, [[Array("range".utf8), Array("product".utf8)]])[0]
    }

    /// `G_0 ..< G_width`, then `H_0 ..< H_width`.
    public func vectors(width: Int) -> SharedBases<G> {
        known.withLock { known in
            if let vectors = known[width] { return vectors }
            let labels = ["left", "right"].flatMap { side in
                (0..<width).map { [Array("range".utf8), Array(side.utf8), LabelledGenerators.number($0)] }
            }
            let vectors = SharedBases<G>(LabelledGenerators.derive(G.self, labels))
            known[width] = vectors
            return vectors
        }
    }
}

/// Generators shared by everything in the process.
public enum StandardRangeGenerators {
    /// Those of ristretto255.
    public static let ristretto255 = RangeGenerators<Ristretto255>()
}
