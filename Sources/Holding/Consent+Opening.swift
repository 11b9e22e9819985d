// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel

extension Consent {
    /// The consent in an opening, whose layout was read from the same bytes. Its id is not part of an opening.
    init(_ layout: ConsentOpeningLayout, in bytes: Span<UInt8>, schema: Schema) {
        var values: [String: ConsentValue] = [:]
        for (index, attribute) in schema.attributes.enumerated() { values[attribute.name] = layout.value(index, in: bytes) }
        var flags: [String: Set<String>] = [:]
        for (index, flag) in schema.flags.enumerated() where layout.flag(index, in: bytes) == 1 {
            flags[flag.group, default: []].insert(flag.name)
        }
        self.init(id: "", values: values, flags: flags, inForce: layout.inForce)
    }
}
