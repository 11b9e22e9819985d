// SPDX-License-Identifier: Apache-2.0
import AuditReport
import Testing

@Suite struct TimestampTests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2026-06-30T12:00:00Z", 1_782_820_800), ("2026-06-30t12:00:00z", 1_782_820_800),
            ("2026-06-30T14:00:00+02:00", 1_782_820_800), ("2026-06-30T06:30:00-05:30", 1_782_820_800),
            ("2026-06-30T12:00:00.999Z", 1_782_820_800),
            ("1782820800", 1_782_820_800), ("0", 0), ("2199-12-31T23:59:59Z", 7_258_118_399),
        ] as [(String, UInt64)]) func readsMoments(text: String, seconds: UInt64)
    {
        #expect(Timestamp(text)?.seconds == seconds)
    }

    @Test(arguments: [
        "", "now", "2026-06-30", "2026-06-30T12:00:00", "2026-06-30 12:00:00Z", "2026-06-31T12:00:00Z", "2026-06-30T24:00:00Z",
        "2026-06-30T12:60:00Z",
        "2026-06-30T12:00:60Z", "2026-06-30T12:00:00.Z", "2026-06-30T12:00:00+0200", "2026-06-30T12:00:00+24:00", "2026-06-30T12:00:00ZZ",
        "-1", "+1",
        "1e9", "1970-01-01T00:00:00+00:01", "7258118400", "99999999999999999999", "2026-06-30T12:00:00Z\n", "１", "2026-6-30T12:00:00Z0000",
    ]) func refusesEverythingElse(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test func writesWhatItReads() {
        for seconds in stride(from: UInt64(0), to: 7_258_118_400, by: 86_399_999) {
            let moment = Timestamp(seconds: seconds)
            #expect(Timestamp(moment.rfc3339) == moment)
        }
        #expect(Timestamp(seconds: .max).rfc3339 == "18446744073709551615")
    }
}
