// SPDX-License-Identifier: Apache-2.0

import ConsentModel

/// The whole UTC days of a FHIR `Period`: never more than the period says.
struct FHIRPeriod {
    /// The first whole day; may lie before 1970.
    let first: Int
    /// The last whole day, included; `nil` if the period has no end.
    let last: Int?

    /// - Throws: `period-start-missing`, `period-date` (also for dates without a day), `period-reversed`, `period-no-whole-day`.
    init(_ element: FHIRElement) throws(ModelError) {
        try element.allow(["start", "end"])
        guard let start = try element.text("start") else {
            throw ModelError("period-start-missing", "\(element.path) has no start, so that its days are not known")
        }
        let from = try Self.instant(start, isEnd: false, path: element.path)
        first = from.startsDay ? from.day : from.day + 1
        guard let end = try element.text("end") else {
            last = nil
            return
        }
        let to = try Self.instant(end, isEnd: true, path: element.path)
        guard (from.day, from.second) <= (to.day, to.second) else {
            throw ModelError("period-reversed", "\(element.path) ends before it starts")
        }
        let last = to.endsDay ? to.day : to.day - 1
        guard first <= last else { throw ModelError("period-no-whole-day", "\(element.path) covers no whole day in UTC") }
        self.last = last
    }

    /// A FHIR date or dateTime in UTC.
    private struct Instant {
        /// Days since 1970-01-01.
        let day: Int
        /// Seconds of the day, for a date the last one as `end` and the first one as `start`.
        let second: Int
        /// Whether the day has nothing before the instant.
        let startsDay: Bool
        /// Whether the day has nothing after the instant, which is itself included.
        let endsDay: Bool
    }

    private static func instant(_ text: String, isEnd: Bool, path: String) throws(ModelError) -> Instant {
        let bytes = Array(text.utf8)
        guard let day = day(bytes.prefix(10)) else { throw date(path) }
        if bytes.count == 10 { return Instant(day: day, second: isEnd ? 86_399 : 0, startsDay: true, endsDay: true) }

        // YYYY-MM-DDThh:mm:ss[.fff](Z|+hh:mm|-hh:mm)
        guard bytes.count >= 20, bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let hour = number(bytes[11..<13], below: 24), let minute = number(bytes[14..<16], below: 60),
            let second = number(bytes[17..<19], below: 60)
        else { throw date(path) }
        var zone = bytes[19...]
        var fraction = zone.prefix(0)
        if zone.first == UInt8(ascii: ".") {
            zone = zone.dropFirst()
            fraction = zone.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            guard !fraction.isEmpty else { throw date(path) }
            zone = zone.dropFirst(fraction.count)
        }
        var total = day * 86_400 + hour * 3_600 + minute * 60 + second
        if Array(zone) != [UInt8(ascii: "Z")] {
            let digits = Array(zone)
            guard digits.count == 6, digits[3] == UInt8(ascii: ":"), digits[0] == UInt8(ascii: "+") || digits[0] == UInt8(ascii: "-"),
                let hours = number(digits[1..<3], below: 15), let minutes = number(digits[4..<6], below: 60)
            else { throw date(path) }
            let offset = hours * 3_600 + minutes * 60
            total += digits[0] == UInt8(ascii: "+") ? -offset : offset
        }
        let utcDay = total >= 0 ? total / 86_400 : -((-total + 86_399) / 86_400)
        let utcSecond = total - utcDay * 86_400
        return Instant(
            day: utcDay, second: utcSecond, startsDay: utcSecond == 0 && fraction.allSatisfy { $0 == UInt8(ascii: "0") },
            endsDay: utcSecond == 86_399 && fraction.allSatisfy { $0 == UInt8(ascii: "9") })
    }

    /// Days since 1970-01-01 of `YYYY-MM-DD` in any year from 1: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
    private static func day(_ bytes: ArraySlice<UInt8>) -> Int? {
        let text = Array(bytes)
        guard text.count == 10, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"), let year = number(text[0..<4], below: 10_000),
            let month = number(text[5..<7], below: 13), let day = number(text[8..<10], below: 32), year >= 1, month >= 1, day >= 1
        else { return nil }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        guard day <= [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] else { return nil }
        let shifted = month <= 2 ? year - 1 : year
        let yearOfEra = shifted % 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return shifted / 400 * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func number(_ digits: some Collection<UInt8>, below limit: Int) -> Int? {
        var value = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            value = value * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return value < limit ? value : nil
    }

    private static func date(_ path: String) -> ModelError {
        ModelError(
            "period-date", "\(path) has a date that is not YYYY-MM-DD or YYYY-MM-DDThh:mm:ss with a time zone", hint: "name the day")
    }
}
