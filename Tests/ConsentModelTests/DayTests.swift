// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Foundation
import Testing

@Suite struct DayTests {
    @Test(arguments: [
        ("1970-01-01", 0), ("1970-12-31", 364), ("2000-02-29", 11_016), ("2020-01-01", 18_262), ("2026-06-30", 20_634),
        ("2100-03-01", 47_541), ("2199-12-31", 84_005),
    ])
    func knownDays(text: String, number: Int) {
        #expect(Day(iso8601: text).map { Int($0.number) } == number)
        #expect(Day(number: number)?.iso8601 == text)
    }

    @Test func everyDayIsThatOfFoundation() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
        for number in Day.numbers {
            let day = try #require(Day(number: Int(number)))
            #expect(Day(iso8601: day.iso8601) == day)
            guard number % 61 == 0 else { continue }
            let parts = calendar.dateComponents([.year, .month, .day], from: Date(timeIntervalSince1970: Double(number) * 86_400))
            let expected = String(format: "%04d-%02d-%02d", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0)
            #expect(day.iso8601 == expected)
        }
    }

    @Test(arguments: [
        "", "2026-6-30", "2026-06-31", "2026-02-29", "2100-02-29", "2026-00-10", "2026-13-01", "2026-01-00", "1969-12-31", "2200-01-01",
        "2026/06/30", "2026-06-30 ", " 2026-06-30", "2026-06-30T00:00", "+026-06-30", "２０２６-06-30", "20260630", "-026-06-30",
    ])
    func refusedTexts(text: String) {
        #expect(Day(iso8601: text) == nil)
    }

    @Test func intervals() throws {
        let week = try days("2026-01-01", "2026-01-07")
        #expect(week.count == 7)
        #expect(week.contains(week.first) && week.contains(week.last))
        #expect(!week.contains(try day("2026-01-08")))
        #expect(DayInterval(first: week.last, last: week.first) == nil)
        #expect(week.contains(DayInterval(on: week.last)))
        #expect(!week.contains(try days("2026-01-07", "2026-01-08")))
        #expect(week.first.advanced(by: Int.max) == nil)
        #expect(week.first.advanced(by: Int.min) == nil)
        #expect(Day(number: -1) == nil)
        #expect(Day(number: 84_006) == nil)
    }
}
