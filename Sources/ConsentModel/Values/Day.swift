// SPDX-License-Identifier: Apache-2.0

/// A day of the proleptic Gregorian calendar in UTC, from 1970-01-01 (number 0) to 2199-12-31.
public struct Day: Hashable, Comparable, Sendable {
    /// Days since 1970-01-01, in ``numbers``.
    public let number: Int32

    /// The numbers of 1970-01-01 and 2199-12-31.
    public static let numbers: ClosedRange<Int32> = 0...84_005

    /// The day of this number; `nil` outside ``numbers``.
    public init?(number: Int) {
        guard let number = Int32(exactly: number), Self.numbers.contains(number) else { return nil }
        self.number = number
    }

    /// A date written `YYYY-MM-DD` and in no other way, from 1970 to 2199.
    public init?(iso8601 text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-") else { return nil }
        func value(_ range: Range<Int>) -> Int? {
            var value = 0
            for byte in bytes[range] {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                value = value * 10 + Int(byte - UInt8(ascii: "0"))
            }
            return value
        }
        guard let year = value(0..<4), let month = value(5..<7), let day = value(8..<10), (1970...2199).contains(year),
            (1...12).contains(month), day >= 1, day <= Self.dayCount(year: year, month: month)
        else { return nil }
        self.init(number: Self.number(year: year, month: month, day: day))
    }

    /// `YYYY-MM-DD`.
    public var iso8601: String {
        // Years from March, eras of 400 years (146,097 days): Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
        let shifted = Int(number) + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        func padded(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "\(year)-\(padded(month))-\(padded(day))"
    }

    /// The day `days` later (earlier if negative); `nil` outside ``numbers``.
    public func advanced(by days: Int) -> Day? {
        let (sum, overflow) = Int(number).addingReportingOverflow(days)
        return overflow ? nil : Day(number: sum)
    }

    /// Orders by time.
    public static func < (a: Day, b: Day) -> Bool { a.number < b.number }

    private static func dayCount(year: Int, month: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func number(year: Int, month: Int, day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let yearOfEra = year % 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return year / 400 * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

extension Day: CustomStringConvertible {
    /// `YYYY-MM-DD`.
    public var description: String { iso8601 }
}

/// The days from `first` to `last`, both included.
public struct DayInterval: Hashable, Sendable {
    /// The first day.
    public let first: Day
    /// The last day, `>= first`.
    public let last: Day

    /// The days from `first` to `last`; `nil` if `last` is earlier.
    public init?(first: Day, last: Day) {
        guard first <= last else { return nil }
        self.first = first
        self.last = last
    }

    /// One day.
    public init(on day: Day) {
        first = day
        last = day
    }

    /// The number of days, at least 1.
    public var count: Int { Int(last.number - first.number) + 1 }

    /// Whether `day` is one of the days.
    public func contains(_ day: Day) -> Bool { first <= day && day <= last }

    /// Whether every day of `other` is one of the days.
    public func contains(_ other: DayInterval) -> Bool { first <= other.first && other.last <= last }
}
