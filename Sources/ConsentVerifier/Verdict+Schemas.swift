// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel

extension Verdict {
    /// How much of a bundle is under one of a policy's schemas, as its entries say.
    public struct SchemaFacts: Sendable, Hashable {
        /// The name of the schema, in words that tell it apart.
        public let label: String
        /// The digest, 32 bytes.
        public let digest: [UInt8]
        /// The number of entries.
        public let consents: Int
        /// The number of data points that they cover.
        public let dataPoints: Int
    }

    /// Sets ``schemas`` if the policy has several.
    mutating func countSchemas(_ bundle: Bundle, _ statements: Statements) {
        guard !statements.isSingle else { return }
        let schemaOf = SchemaAssignment(bundle.entries, schemas: statements.schemas)
        var counts = [(consents: Int, dataPoints: Int)](repeating: (0, 0), count: statements.parts.count)
        // Entries of none of the schemas are refused elsewhere.
        let foreign = Set(Entry.faults(in: bundle.entries, schemas: statements.schemas).foreign)
        for entry in 0..<bundle.entries.count where !foreign.contains(entry) { counts[schemaOf(entry)].consents += 1 }
        bundle.positions.withSpan { positions in
            for row in positions.indices where !foreign.contains(Int(positions[row])) {
                counts[schemaOf(Int(positions[row]))].dataPoints += 1
            }
        }
        let labels = statements.labels
        schemas = counts.indices.map { number in
            SchemaFacts(
                label: labels[number], digest: statements.schemas[number].digest, consents: counts[number].consents,
                dataPoints: counts[number].dataPoints)
        }
    }
}
