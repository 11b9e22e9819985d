// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel

/// A moment in seconds since 1970-01-01 UTC, and its RFC 3339 form.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Seconds since 1970.
    public let seconds: UInt64

    /// The last moment that has a form: 2199-12-31T23:59:59Z.
    private static let limit = (UInt64(Day.numbers.upperBound) + 1) * 86_400

    /// A moment.
    public init(seconds: UInt64) {
        self.seconds = seconds
    }

    /// Reads `2026-06-30T12:00:00Z`, `2026-06-30T14:00:00+02:00` (fractions of a second are dropped) or decimal seconds since 1970; `nil` for anything
    /// else and for moments outside 1970 to 2199.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        if !bytes.isEmpty, bytes.count <= 12, let seconds = Self.decimal(bytes[...]) {
            guard seconds < Self.limit else { return nil }
            self.seconds = seconds
            return
        }
        guard bytes.count >= 20, let day = Day(iso8601: String(decoding: bytes[..<10], as: UTF8.self)),
            bytes[10] | 0x20 == UInt8(ascii: "t"),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"), let hour = Self.decimal(bytes[11..<13], below: 24),
            let minute = Self.decimal(bytes[14..<16], below: 60), let second = Self.decimal(bytes[17..<19], below: 60)
        else { return nil }
        var rest = bytes[19...]
        if rest.first == UInt8(ascii: ".") {
            let fraction = rest.dropFirst().prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            guard !fraction.isEmpty else { return nil }
            rest = rest[fraction.endIndex...]
        }
        guard let offset = Self.offset(rest) else { return nil }
        let total = Int(day.number) * 86_400 + Int(hour * 3_600 + minute * 60 + second) - offset
        guard total >= 0, total < Int(Self.limit) else { return nil }
        seconds = UInt64(total)
    }

    /// `2026-06-30T12:00:00Z`; the decimal seconds where the year is beyond 2199.
    public var rfc3339: String {
        guard let day = Day(number: Int(clamping: seconds / 86_400)) else { return "\(seconds)" }
        let time = seconds % 86_400
        return "\(day.iso8601)T\(Self.two(time / 3_600)):\(Self.two(time / 60 % 60)):\(Self.two(time % 60))Z"
    }

    /// Orders by time.
    public static func < (a: Timestamp, b: Timestamp) -> Bool { a.seconds < b.seconds }

    private static func two(_ value: UInt64) -> String { (value < 10 ? "0" : "") + String(value) }

    private static func decimal(_ digits: ArraySlice<UInt8>, below limit: UInt64 = .max) -> UInt64? {
        var value: UInt64 = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            value = value * 10 + UInt64(digit - UInt8(ascii: "0"))
        }
        return value < limit ? value : nil
    }

    /// The seconds by which `Z` or `+hh:mm` is ahead of UTC.
    private static func offset(_ text: ArraySlice<UInt8>) -> Int? {
        let bytes = Array(text)
        if bytes.count == 1 { return bytes[0] | 0x20 == UInt8(ascii: "z") ? 0 : nil }
        guard bytes.count == 6, bytes[3] == UInt8(ascii: ":"), let hours = decimal(bytes[1..<3], below: 24),
            let minutes = decimal(bytes[4..<6], below: 60)
        else { return nil }
        let value = Int(hours * 3_600 + minutes * 60)
        switch bytes[0] {
        case UInt8(ascii: "+"): return value
        case UInt8(ascii: "-"): return -value
        default: return nil
        }
    }
}
