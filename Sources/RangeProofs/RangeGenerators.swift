// SPDX-License-Identifier: Apache-2.0

public import Groups
internal import Primitives
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
        product = Self.derive([[Array("range".utf8), Array("product".utf8)]])[0]
    }

    /// `G_0 ..< G_width`, then `H_0 ..< H_width`.
    public func vectors(width: Int) -> SharedBases<G> {
        known.withLock { known in
            if let vectors = known[width] { return vectors }
            let labels = ["left", "right"].flatMap { side in
                (0..<width).map { index in
                    var number: [UInt8] = []
                    number.appendLE32(UInt32(index))
                    return [Array("range".utf8), Array(side.utf8), number]
                }
            }
            let vectors = SharedBases<G>(Self.derive(labels))
            known[width] = vectors
            return vectors
        }
    }

    /// `gen(p1, ..., pk)` for each list of parts, with the group's name in the tag.
    private static func derive(_ labels: [[[UInt8]]]) -> [G.Point] {
        let tag = Array("zkconsent/v1/generator/\(G.name)".utf8)
        var uniform: [UInt8] = []
        for parts in labels {
            var message: [UInt8] = []
            for part in parts { message.appendLengthPrefixed(part) }
            // Within the limits of the function, so it does not throw.
            uniform += (try? expandMessageXMD(message: message, dst: tag, count: G.uniformByteCount)) ?? []
        }
        return G.points(uniformBytes: uniform.span)
    }
}

/// Generators shared by everything in the process.
public enum StandardRangeGenerators {
    /// Those of ristretto255.
    public static let ristretto255 = RangeGenerators<Ristretto255>()
}
