// SPDX-License-Identifier: Apache-2.0

/// One of the three logs of a ledger. The raw value is the last part of its origin and the name of its table.
public enum LedgerLog: String, CaseIterable, Hashable, Sendable {
    /// Entries of 118 bytes.
    case consents
    /// Revocation entries of 34 bytes.
    case revocations
    /// Lines of canonical JSON: manifests and the like.
    case registry

    /// The number under which checkpoints and frontiers are stored.
    var number: Int {
        switch self {
        case .consents: 0
        case .revocations: 1
        case .registry: 2
        }
    }

    /// The origin of this log in the ledger named `ledger`, for example `hospital.example/consent/registry`.
    public func origin(ledger: String) -> String { "\(ledger)/\(rawValue)" }

    /// The longest registry leaf accepted, in bytes.
    public static let maximumRegistryLeafByteCount = 65_536
}
