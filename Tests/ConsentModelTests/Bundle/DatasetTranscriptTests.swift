// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import SigmaProofs
import Testing

/// docs/protocol.md section 4.1, item 1.
@Suite struct DatasetTranscriptTests {
    private static let context = DatasetContext(
        statementDigest: pattern(32, 1), schemaDigest: pattern(32, 2), holder: "holder", context: "why", dataPoints: 7, manifestOrigin: "a",
        manifestRoot: pattern(32, 3),
        ledgers: [
            .init(
                number: 0, origin: "a", consentsSize: 10, consentsRoot: pattern(32, 4), revocationsSize: 11, revocationsRoot: pattern(32, 5)
            ),
            .init(
                number: 1, origin: "b", consentsSize: 12, consentsRoot: pattern(32, 6), revocationsSize: 13, revocationsRoot: pattern(32, 7)
            ),
        ],
        distinctConsents: 4, rowsDigest: pattern(32, 8))

    private static func le64(_ value: UInt64) -> [UInt8] { [UInt8(value), 0, 0, 0, 0, 0, 0, 0] }

    @Test func itemsAreThoseOfTheDocument() {
        let expected: [[UInt8]] = [
            Array("ristretto255".utf8), Array("dataset/1".utf8), pattern(32, 1), pattern(32, 2), Array("holder".utf8),
            Array("why".utf8), Self.le64(7), Array("a".utf8), pattern(32, 3), Self.le64(2),
            Self.le64(0), Array("a".utf8), Self.le64(10), pattern(32, 4), Self.le64(11), pattern(32, 5),
            Self.le64(1), Array("b".utf8), Self.le64(12), pattern(32, 6), Self.le64(13), pattern(32, 7),
            Self.le64(4), pattern(32, 8),
        ]
        #expect(DatasetTranscript.items(Self.context) == expected)
        #expect(DatasetTranscript.sessionTag == "zkconsent/v1/dataset/ristretto255")
    }

    /// Each field of the context, changed alone, changes the items.
    @Test func everyFieldIsAbsorbed() {
        let changes: [(inout DatasetContext) -> Void] = [
            { _ in }, { $0.suite = "P256" }, { $0.form = "dataset/2" }, { $0.statementDigest[31] ^= 1 }, { $0.schemaDigest[0] ^= 1 },
            { $0.holder = "holdes" }, { $0.context = "" }, { $0.dataPoints = 8 }, { $0.manifestOrigin = "b" }, { $0.manifestRoot[5] ^= 1 },
            { $0.ledgers[0].number = 2 }, { $0.ledgers[0].origin = "aa" }, { $0.ledgers[0].consentsSize = 1 << 40 },
            { $0.ledgers[0].consentsRoot[0] ^= 1 }, { $0.ledgers[0].revocationsSize = 0 }, { $0.ledgers[0].revocationsRoot[0] ^= 1 },
            { $0.ledgers[1].number = 3 }, { $0.ledgers[1].origin = "c" }, { $0.ledgers[1].consentsSize = 9 },
            { $0.ledgers[1].consentsRoot[0] ^= 1 }, { $0.ledgers[1].revocationsSize = 0 }, { $0.ledgers[1].revocationsRoot[0] ^= 1 },
            { $0.ledgers.swapAt(0, 1) }, { $0.ledgers.removeLast() }, { $0.ledgers = [] }, { $0.distinctConsents = 5 },
            { $0.rowsDigest[0] ^= 1 },
        ]
        var seen: Set<[[UInt8]]> = []
        for change in changes {
            var context = Self.context
            change(&context)
            #expect(seen.insert(DatasetTranscript.items(context)).inserted)
        }
        #expect(seen.count == changes.count)
    }

    @Test func theWeightsFollowTheContext() {
        func weights(_ change: (inout DatasetContext) -> Void) -> [UInt8] {
            var context = Self.context
            change(&context)
            let transcript = DatasetTranscript.begin(context).weighted()
            return transcript.weights.seed
        }
        #expect(weights { _ in } == weights { _ in })
        #expect(weights { _ in } != weights { $0.holder = "another" })
        #expect(weights { _ in }.count == 32)
    }
}
