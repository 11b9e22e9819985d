// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel

/// The entries that `prove --range` names: `FIRST..LAST`, both included.
struct EntryRange {
    /// The leaf indices.
    let indices: Range<UInt64>

    /// - Throws: `invalid-value`.
    init(_ argument: String) throws(ModelError) {
        let parts = argument.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[1].isEmpty, argument.utf8.allSatisfy({ $0 == UInt8(ascii: ".") || (0x30...0x39).contains($0) }),
            let first = UInt64(parts[0]), let last = UInt64(parts[2]), first <= last,
            last < UInt64(JSONValue.largestInteger)
        else {
            throw ModelError(
                "invalid-value", "--range \(argument) is no range of entries",
                hint: "write 0..65535; the first entry of a ledger is entry 0")
        }
        indices = first..<last + 1
    }
}
