// SPDX-License-Identifier: Apache-2.0
public import ConsentProver
public import ConsentVerifier

/// Why the holder's own side refuses to hand out a bundle. Inputs that cannot be used are `ModelError` and `StoreError`.
public enum HoldingError: Error, Sendable {
    /// Rows that cannot be proved: at least one, in the order of the source.
    case rows([RowRefusal])
    /// Rows of the file, by number from 1, that were never committed: at least one.
    case uncommitted([Int])
    /// The bundle was made, and the policy refuses it.
    case findings([Finding])
}
