// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentProver
import Groups

/// One way in which one row does not satisfy the policy.
enum Fraud: String, CaseIterable, Sendable {
    case requiredFlagMissing, forbiddenFlag, firstDayMissing, middleDayMissing, lastDayMissing, otherConstant
    case otherRecord, otherSubject, otherRevealedID, otherRevealedUint, otherDataPoint

    /// The equation that refuses it.
    var reason: String { self == .otherDataPoint ? "dataEquation" : "consentEquation" }

    /// An honest world in which the fraud can be committed.
    func world(_ honest: TestWorld) -> TestWorld {
        var world = honest
        world.clauses.reveal = ["notice", "age"]
        if self == .otherSubject { world.clauses.links = [.subject] }
        return world
    }

    /// Commits the fraud at a row; everything that authenticates follows.
    func commit(_ world: inout TestWorld, at row: Int) throws {
        var consent = world.receipts[row].consent
        switch self {
        case .requiredFlagMissing: consent.flags["purposes"] = []
        case .forbiddenFlag: consent.flags["purposes"]?.insert("Marketing")
        case .firstDayMissing: consent.inForce = try interval("2026-01-04", "2026-01-07")
        case .lastDayMissing: consent.inForce = try interval("2026-01-02", "2026-01-04")
        case .otherConstant: consent.values["controller"] = .id(Array("https://other.example".utf8))
        case .otherRecord: consent.values["record"] = .id(TestKit.record(1_000_000))
        case .otherSubject: consent.values["subject"] = .id(TestKit.subject(1_000_000))
        case .middleDayMissing:
            // No interval has a hole; an issuer's commitment may.
            let day = try interval("2026-01-04", "2026-01-04")
            guard let generator = world.kit.generators.sum(of: day) else { throw TestMistake() }
            let range = Entry.calendarRange
            let calendar = Array(world.receipts[row].entry[range])
            let point = try Suite.decode(canonical: calendar.span)[0]
            try world.spoilEntry(row) { $0.replaceSubrange(range, with: Suite.encode([Suite.add(point, Suite.negate(generator))])) }
            return
        case .otherDataPoint:
            var other = world
            other.rows = []
            try other.commitRows([(TestKit.record(1_000_000), world.rows[row].subject)])
            world.rows[row].dataPoint = other.rows[0].dataPoint
            return
        case .otherRevealedID, .otherRevealedUint: return
        }
        try world.reissue(row, consent)
    }

    /// Changes the columns that the dishonest holder absorbs.
    func edit(_ draft: inout BundleDraft, row: Int) {
        let entry = Int(draft.positions[row])
        switch self {
        case .otherRevealedID: draft.revealed[0] = draft.revealed[0].replacing(entry, by: .id(Array("notice-9".utf8)))
        case .otherRevealedUint: draft.revealed[1] = draft.revealed[1].replacing(entry, by: .uint(99))
        default: break
        }
    }
}

extension RevealedColumn {
    /// The column with one value changed.
    func replacing(_ entry: Int, by value: ConsentValue) -> RevealedColumn {
        var values = (0..<count).map { self[$0] }
        values[entry] = value
        return replacing(values)
    }

    /// The column with other values of its kind.
    func replacing(_ values: [ConsentValue]) -> RevealedColumn {
        if attribute.kind == .uint {
            return RevealedColumn(
                uint: attribute.name,
                values.map {
                    if case .uint(let value) = $0 { value } else { 0 }
                })
        }
        return RevealedColumn(
            id: attribute.name, isDigest: attribute.kind == .digest,
            values.map {
                if case .id(let bytes) = $0 { bytes } else { [] }
            })
    }
}
