// SPDX-License-Identifier: Apache-2.0

/// Where the tails of several schemas are in their common tail (docs/protocol.md section 4.6).
///
/// The order is: the attributes of every schema, the flags of every schema, the days of any calendar ascending, the blinding factor. Days and blinding
/// factors of all schemas share their places. With one schema it is that schema's own order.
public struct TailPlaces: Hashable, Sendable {
    /// For each schema the places of its own tail, in the order of its ``TailLayout``.
    public let ofPart: [[Int]]
    /// The length of the common tail.
    public let count: Int

    /// The places of tails of schemas.
    init(_ parts: [(tail: TailLayout, schema: Schema)]) {
        func days(_ part: (tail: TailLayout, schema: Schema)) -> [Int] {
            let first = Int(part.schema.calendar.first.number)
            return part.tail.days.map { first + $0 }
        }
        let attributes = parts.reduce(0) { $0 + $1.tail.attributes.count }
        let flags = parts.reduce(0) { $0 + $1.tail.flags.count }
        let allDays = parts.count == 1 ? days(parts[0]) : Set(parts.flatMap(days)).sorted()
        let placeOfDay = Dictionary(uniqueKeysWithValues: allDays.enumerated().map { ($1, attributes + flags + $0) })
        count = attributes + flags + allDays.count + 1
        var (nextAttribute, nextFlag) = (0, attributes)
        var places: [[Int]] = []
        for part in parts {
            let own = part.tail
            places.append(
                Array(nextAttribute..<nextAttribute + own.attributes.count) + Array(nextFlag..<nextFlag + own.flags.count)
                    + days(part).compactMap { placeOfDay[$0] } + [count - 1])
            nextAttribute += own.attributes.count
            nextFlag += own.flags.count
        }
        ofPart = places
    }
}
