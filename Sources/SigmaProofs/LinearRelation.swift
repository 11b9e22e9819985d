// SPDX-License-Identifier: Apache-2.0

public import Groups

/// A statement of draft-irtf-cfrg-sigma-protocols-03: a system of equations among group elements, linear in secret scalars.
///
/// | draft | here |
/// |---|---|
/// | instance | ``LinearRelation``: the linear map and its image |
/// | `elements` | ``elements``; index 0 is the generator and is never serialised |
/// | `Equation.image`, `(element_index, coeff)` | ``ImageTerm`` |
/// | `Equation.terms`, `(scalar_index, element_index, coeff)` | ``Term`` |
/// | `ValidateInstance`, checks 1 to 10 | ``init(elements:equations:)``, ``LinearRelationError`` |
///
/// Invariant: every check of the draft's "Instance validation" holds, so a value of this type needs no second validation. Every
/// element that the statement depends on has an index of its own; never a sum computed beforehand.
public struct LinearRelation<G: Group>: Sendable {
    /// `coefficient * elements[element]` on the left-hand side.
    public struct ImageTerm: Sendable, Hashable {
        /// The element's index.
        public let element: UInt32
        /// A public constant of the statement; may be zero.
        public let coefficient: G.Scalar

        /// A term of the image.
        public init(element: UInt32, coefficient: G.Scalar = .one) {
            self.element = element
            self.coefficient = coefficient
        }
    }

    /// `coefficient * witness[scalar] * elements[element]` on the right-hand side.
    public struct Term: Sendable, Hashable {
        /// The secret scalar's index.
        public let scalar: UInt32
        /// The element's index.
        public let element: UInt32
        /// A public constant of the statement; may be zero.
        public let coefficient: G.Scalar

        /// A term of the linear map.
        public init(scalar: UInt32, element: UInt32, coefficient: G.Scalar = .one) {
            self.scalar = scalar
            self.element = element
            self.coefficient = coefficient
        }
    }

    /// `sum of image == sum of terms`.
    public struct Equation: Sendable, Hashable {
        /// The left-hand side, not empty.
        public let image: [ImageTerm]
        /// The right-hand side, not empty.
        public let terms: [Term]

        /// One row of the system.
        public init(image: [ImageTerm], terms: [Term]) {
            self.image = image
            self.terms = terms
        }
    }

    /// All elements; index 0 is the generator.
    public let elements: [G.Point]
    /// The system, in the order written.
    public let equations: [Equation]
    /// The number of secret scalars: one more than the largest index.
    public let scalarCount: Int
    /// `image(instance)`: the left-hand side of each equation.
    public let image: [G.Point]

    /// Validates an instance.
    ///
    /// - Parameter elements: The generator first, then the elements of the statement.
    public init(elements: [G.Point], equations: [Equation]) throws(LinearRelationError) {
        scalarCount = try Self.validateShape(elements: elements, equations: equations)
        image = try Self.validateValues(elements: elements, equations: equations, scalarCount: scalarCount)
        self.elements = elements
        self.equations = equations
    }

    /// `map(instance, scalars)`: the right-hand side of each equation at public scalars, for example responses.
    ///
    /// - Precondition: `scalars.count == scalarCount`. Timing: variable.
    func vartimeMap(_ scalars: [G.Scalar]) -> [G.Point] {
        precondition(scalars.count == scalarCount, "one scalar for each index")
        return equations.map { equation in
            G.vartimeMultiScalarMul(
                equation.terms.map { $0.coefficient * scalars[Int($0.scalar)] },
                equation.terms.map { elements[Int($0.element)] })
        }
    }
}
