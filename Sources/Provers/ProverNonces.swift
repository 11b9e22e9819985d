// SPDX-License-Identifier: Apache-2.0

internal import Groups
internal import Secrets

/// The random scalars of one proof. They mask the witness once: making a response consumes them.
struct ProverNonces<G: Group>: ~Copyable, Sendable {
    /// The scalars, reduced and uniform.
    private let scalars: SecretScalars<G>

    /// Takes over scalars that nothing else will ever use.
    init(_ scalars: consuming SecretScalars<G>) {
        self.scalars = scalars
    }

    /// The number of scalars.
    var count: Int { scalars.count }

    /// `sum nonces[slot] * base` for each pair, constant time: part of an announcement.
    borrowing func multiScalarMul(_ slots: [Int], _ bases: [G.Point]) -> G.Point {
        scalars.selecting(slots).multiScalarMul(bases)
    }

    /// `nonces[i] + challenge * witness[i]`, public from here on.
    consuming func responses(challenge: G.Scalar, witness: borrowing SecretScalars<G>) -> [G.Scalar] {
        witness.responses(challenge: challenge, nonces: scalars).declassified(as: .response)
    }
}

extension SecretScalars {
    /// The scalars at public positions, which may repeat.
    borrowing func selecting(_ slots: [Int]) -> SecretScalars<G> {
        var selected = SecretScalars(zeros: slots.count)
        for (index, slot) in slots.enumerated() {
            withScalar(slot) { selected.set(limbs: $0, at: index) }
        }
        return selected
    }

    /// The scalars of this cell, then those of another.
    borrowing func appending(_ other: borrowing SecretScalars<G>) -> SecretScalars<G> {
        var all = SecretScalars(zeros: count + other.count)
        for index in 0..<count { withScalar(index) { all.set(limbs: $0, at: index) } }
        for index in 0..<other.count { other.withScalar(index) { all.set(limbs: $0, at: count + index) } }
        return all
    }
}
