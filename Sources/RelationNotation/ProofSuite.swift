// SPDX-License-Identifier: Apache-2.0

public import Groups

/// The groups over which relations are proved, by the names of `--suite`. The toy group is not among them.
public enum ProofSuite: String, CaseIterable, Sendable {
    /// RFC 9496.
    case ristretto255

    /// The group. A generic function called with it is opened: `run(suite.group)` calls `run<G: Group>(_: G.Type)`.
    public var group: any Group.Type {
        switch self {
        case .ristretto255: Ristretto255.self
        }
    }

    /// The suite of a name.
    ///
    /// - Parameter name: Letter case does not matter.
    public init?(named name: String) {
        guard let suite = Self.allCases.first(where: { $0.rawValue.lowercased() == name.lowercased() }) else { return nil }
        self = suite
    }
}
