// SPDX-License-Identifier: Apache-2.0
internal import MerkleLog
internal import Primitives

/// One point proof with everything public that an auditor needs except the policy: the file `*.zkp` (docs/formats.md, Point proof).
///
/// Nothing is verified. As a ``PointBundle`` of one row it is verified like any other.
public struct PointFile: Sendable, Hashable {
    /// In the JSON.
    static let version = FormatVersion(1, of: "a point proof")
    /// The largest file that is read, in bytes; nearly all of it may be withdrawals.
    public static let byteCountLimit = 1 << 30
    /// The kind.
    public static let kind = "point"

    /// Who made the proof.
    public var holder: String
    /// What the proof was made for; may be empty.
    public var context: String
    /// The schema digest, 32 bytes.
    public var schema: [UInt8]
    /// The statement digest, 32 bytes.
    public var statement: [UInt8]
    /// `D`, 32 bytes.
    public var dataPoint: [UInt8]
    /// The entry, 118 bytes.
    public var entry: [UInt8]
    /// The ledger with its checkpoints.
    public var ledger: BundleHeader.Ledger
    /// The leaf index of the entry in the consents log.
    public var index: UInt64
    /// The audit path from the leaf upwards, 32 bytes each.
    public var path: [[UInt8]]
    /// The revocations log up to its checkpoint, 34 bytes each, end to end.
    public var revocations: [UInt8]
    /// The revealed values by attribute name, in the forms of a consent file.
    public var revealed: [String: JSONValue]
    /// The linear part.
    public var sigma: [UInt8]
    /// `V_1 ... V_r`; empty without range clauses.
    public var rangeCommitments: [UInt8]
    /// The range part; empty without range clauses.
    public var range: [UInt8]

    // MARK: Bundles

    /// The only row of a bundle.
    ///
    /// - Throws: `point-rows` for a bundle of another size; `point-member` for evidence that a file cannot hold.
    public init(_ bundle: PointBundle, schema definition: Schema) throws(ModelError) {
        guard bundle.header.dataPoints == 1, bundle.header.ledgers.count == 1 else {
            throw ModelError("point-rows", "the bundle has \(bundle.header.dataPoints) rows, and a point proof is of one")
        }
        let path = bundle.inclusions[0]
        self.init(bundle, row: 0, path: (0..<path.count).map { path[$0] }, schema: definition)
    }

    /// A row of a bundle.
    ///
    /// - Parameter path: the audit path of its entry.
    public init(_ bundle: PointBundle, row: Int, path: [[UInt8]], schema definition: Schema) {
        let header = bundle.header
        let position = Int(bundle.positions[row])
        let number = Int(bundle.entryLedgers[position])
        (holder, context, schema, statement) = (header.holder, header.context, header.schema, header.statement)
        dataPoint = bundle.dataPoints[row]
        entry = bundle.entries[position]
        ledger = header.ledgers[number]
        index = bundle.entryIndices[position]
        self.path = path
        revocations = bundle.revocations[number].bytes
        revealed = [:]
        for column in bundle.revealed {
            let attribute = definition.attribute(named: column.attribute.name)
            revealed[column.attribute.name] = attribute?.json(of: column[position]) ?? .null
        }
        sigma = bundle.sigma[row]
        rangeCommitments = bundle.ranges?.commitments[row] ?? []
        range = bundle.ranges?.proofs[row] ?? []
    }

    /// The bundle of this row alone.
    ///
    /// - Parameter relation: what the auditor's policy reveals; the file does not choose.
    /// - Throws: `point-revealed`, and structural errors.
    public func bundle(_ relation: PointRelation) throws(ModelError) -> PointBundle {
        try PointBundle(packing: [self], relation)
    }

    /// The values of the attributes that a policy reveals, in schema order.
    ///
    /// - Throws: `point-revealed`.
    func values(_ relation: PointRelation) throws(ModelError) -> [ConsentValue] {
        let attributes = relation.statement.revealed.map { relation.statement.schema.attributes[$0] }
        // By their bytes: strings are equal to others that Unicode holds equivalent.
        guard Set(attributes.map { Array($0.name.utf8) }) == Set(revealed.keys.map { Array($0.utf8) }) else {
            throw ModelError("point-revealed", "the proof reveals other attributes than the policy demands")
        }
        var values: [ConsentValue] = []
        for attribute in attributes {
            guard let json = revealed[attribute.name] else { continue }
            let value = try attribute.value(json: json)
            // One form for each value.
            guard attribute.json(of: value) == json else {
                throw ModelError("point-revealed", "the value of \(attribute.name) is not in its normal form")
            }
            values.append(value)
        }
        return values
    }
}
