// SPDX-License-Identifier: Apache-2.0

/// A relation without vectors, families and sizes: every name has its index, every equation its terms in their final order.
/// Coefficients are not evaluated yet, so that it belongs to no group.
///
/// | index | of |
/// |---|---|
/// | element | 0 the generator `G`, then the upper-case parameters in the order declared |
/// | scalar | the names under `Witness:` in the order declared |
/// | equation | the order written, families unrolled in index order |
public struct UnrolledRelation: Sendable {
    /// One term: an element, its coefficient, and the witness scalar that multiplies it, if any.
    struct Term: Sendable, Hashable {
        var scalar: Int?
        var element: Int
        var coefficient: PublicValue
    }

    /// `image = terms`.
    struct Equation: Sendable, Hashable {
        var image: [Term]
        var terms: [Term]
        /// Where it was written.
        var line: Int
    }

    /// A declared name or vector, as the values file names it.
    struct Slot: Sendable {
        enum Kind: Sendable { case element, scalar, witness }
        let kind: Kind
        /// `X`, or `X[1]` for a single name with an index.
        let key: String
        /// The number of values in each dimension; empty for a single name.
        let shape: [Int]
        /// The unrolled names, the last index fastest.
        let names: [String]
    }

    /// The relation's name.
    public let name: String
    /// The names of the elements; `G` first.
    public internal(set) var elementNames = ["G"]
    /// The names of the public scalars.
    public internal(set) var scalarNames: [String] = []
    /// The names of the witness.
    public internal(set) var witnessNames: [String] = []
    var slots: [Slot] = []
    /// Constants that do not fit an `Int`, each over those before it.
    var constants: [(name: String, value: PublicValue)] = []
    var equations: [Equation] = []
    /// The sizes used.
    public internal(set) var sizes: [String: Int] = [:]

    init(name: String) {
        self.name = name
    }

    /// The number of equations.
    public var equationCount: Int { equations.count }
    /// The number of terms of the linear map, over all equations.
    public var termCount: Int { equations.reduce(0) { $0 + $1.terms.count } }
    /// The number of terms of the image, over all equations.
    public var imageTermCount: Int { equations.reduce(0) { $0 + $1.image.count } }

    /// The length in bytes of a proof for elements and scalars of these lengths.
    public func proofByteCount(batchable: Bool, element: Int, scalar: Int) -> Int {
        (batchable ? equations.count * element : scalar) + witnessNames.count * scalar
    }
}
