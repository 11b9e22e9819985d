// SPDX-License-Identifier: Apache-2.0

/// The value of one attribute of a consent.
public enum ConsentValue: Hashable, Sendable {
    /// The canonical bytes of an identifier: UTF-8 text, or 32 bytes for a record (docs/protocol.md section 1.2).
    case id([UInt8])
    /// An integer.
    case uint(UInt64)
}

/// One consent in the clear: what a data subject agreed to, for which record, on which days.
///
/// It is personal data: it never leaves the issuer, the holder and the subject.
public struct Consent: Hashable, Sendable {
    /// The identifier of the request, unique within an import. Not committed.
    public var id: String
    /// The values by attribute name; every attribute of the schema has one.
    public var values: [String: ConsentValue]
    /// The flags that are 1, by group.
    public var flags: [String: Set<String>]
    /// The calendar days that are 1.
    public var inForce: DayInterval

    /// A consent with these contents; nothing is checked against a schema.
    public init(id: String, values: [String: ConsentValue], flags: [String: Set<String>], inForce: DayInterval) {
        self.id = id
        self.values = values
        self.flags = flags
        self.inForce = inForce
    }

    /// Whether the flag is 1.
    public func has(_ flag: String, in group: String) -> Bool {
        flags[group]?.contains(flag) ?? false
    }
}
