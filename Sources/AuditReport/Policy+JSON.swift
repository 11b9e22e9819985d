// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
internal import MerkleLog

extension Policy.Acceptance {
    /// The member `acceptance` of reports (docs/formats.md, Audit report).
    var json: JSONValue {
        let freshness: JSONValue =
            switch freshness {
            case .current(let age): .object(["current_seconds": .count(age)])
            case .asOf: .object(["as_of": .bool(true)])
            }
        return .object([
            "context": context.map { .string($0) } ?? .null, "freshness": freshness,
            "ledgers": .array(
                ledgers.map { ledger in
                    .object([
                        "cosigners": .array(ledger.cosigners.map { .string($0.text) }), "key": .string(ledger.key.text),
                        "origin": .string(ledger.origin), "quorum": .count(UInt64(ledger.quorum)),
                    ])
                }),
            "logged_by": loggedBy.map { .string($0.iso8601) } ?? .null,
            "minimum_distinct_consents": minimumDistinctConsents.map { .count($0) } ?? .null, "one_to_one": .bool(isOneToOne),
        ])
    }
}
