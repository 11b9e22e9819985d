// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentProver
import ConsentVerifier
import Foundation
import TestSupport
import Testing

/// Files of point proofs and of unlinkable ones under a policy, judged by our verifiers and by those in Python.
struct PeerCases {
    /// A file by the name of what was done to it.
    struct Case {
        let name: String
        let bytes: [UInt8]
    }

    let policy: String
    private(set) var cases: [Case] = []

    init(policy: String) {
        self.policy = policy
    }

    mutating func add(_ name: String, _ bytes: [UInt8]) { cases.append(Case(name: name, bytes: bytes)) }

    /// Adds what an edited file encodes to.
    mutating func add(_ name: String, _ make: () throws -> [UInt8]) {
        #expect(throws: Never.self, "\(name) cannot be encoded") { add(name, try make()) }
    }

    /// `count` random bits of a file, each in a file of its own.
    mutating func addFlips(of bytes: [UInt8], count: Int, using random: inout SplitMix) {
        for _ in 0..<count {
            var spoiled = bytes
            let position = Int.random(in: bytes.indices, using: &random)
            spoiled[position] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            add("bit in byte \(position)", spoiled)
        }
    }

    /// Expects the same verdict of the program `script` and of `ours`, and that exactly the cases in `holding` hold.
    func expectAgreement(_ script: String, holding: Set<String>, _ ours: (Policy, [UInt8]) throws -> Verdict) throws {
        try Peer.require()
        let policy = try Policy(yaml: Array(policy.utf8))
        try Peer.inFolder { folder in
            let policyFile = folder.appending(path: "policy.yaml")
            try Data(self.policy.utf8).write(to: policyFile)
            let files = try cases.indices.map { index in
                let file = folder.appending(path: "\(index)")
                try Data(cases[index].bytes).write(to: file)
                return file.path
            }
            let result = try Peer.python([script, policyFile.path] + files + ["--at", "\(TestWorld.now)"])
            let lines = result.text.split(separator: "\n").map(String.init)
            try #require(lines.count == cases.count, "\(result.errorText)")
            for (index, item) in cases.enumerated() {
                let found = codes { try ours(policy, item.bytes) }
                let comment = Comment(rawValue: "\(item.name): \(lines[index]), ours \(found)\n\(self.policy)")
                if let code = Peer.code(lines[index]) {
                    #expect(found.contains(code) && !holding.contains(item.name), comment)
                } else {
                    #expect(lines[index] == "holds" && found.isEmpty && holding.contains(item.name), comment)
                }
            }
        }
    }

    private func codes(_ judge: () throws -> Verdict) -> [String] {
        do {
            return try judge().findings.map(\.code.rawValue)
        } catch {
            return error is ModelError ? ["malformed"] : ["\(error)"]
        }
    }
}

/// A world with random consents of the full schema, and clauses that the consents of its rows satisfy.
struct RandomPointWorld {
    var world: TestWorld
    var clauses = PointClauses.linear

    /// - Parameter linked: by record, so that unlinkable proofs can serve it.
    init(seed: UInt64, rows: Int, linked: Bool) throws {
        var random = SplitMix(state: seed)
        func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
        world = try TestWorld(.full)
        world.context = chance(50) ? "audit-\(seed)" : ""
        let day = 20_400
        let consents = (0..<rows + 3).map { number in
            var consent = world.kit.consent(number)
            consent.values["not_before"] = .uint(UInt64(day - Int.random(in: 0..<200, using: &random)))
            consent.values["expires"] = .uint(UInt64(day + 60 + Int.random(in: 0..<200, using: &random)))
            consent.values["age"] = .uint(UInt64.random(in: 18...90, using: &random))
            consent.values["recipient"] = .id(Array("the lab".utf8))
            return consent
        }
        try world.issue(consents)
        try world.commitRows((0..<rows).map { (TestKit.record($0), TestKit.subject($0)) })
        world.revoke(rows)

        if chance(50) { clauses.inForce = DayInterval(first: try Self.day(day), last: try Self.day(day + 54)) }
        if chance(70) { clauses.ranges["age"] = .init(minimum: UInt64.random(in: 0...18, using: &random), maximum: chance(50) ? 90 : nil) }
        if chance(30) { clauses.ranges["expires"] = .init(minimum: UInt64(day + 30), maximum: chance(50) ? UInt64(day + 300) : nil) }
        if chance(30) { clauses.ranges["not_before"] = .init(minimum: UInt64(day - 300), maximum: chance(50) ? UInt64(day + 200) : nil) }
        if chance(12), !clauses.ranges.isEmpty || clauses.inForce != nil { clauses.rangeBits = 64 }
        if clauses.inForce == nil, Set(clauses.ranges.keys) == ["age"] { clauses.rangeBits = 8 }
        if chance(40) { clauses.constants["recipient"] = .id(Array("the lab".utf8)) }
        clauses.reveal = ["notice", "collection"].filter { _ in chance(30) }
        if clauses.ranges["age"] == nil, chance(60) { clauses.reveal.append("age") }
        if chance(60) {
            clauses.anyOf = PointClauses.alternatives.anyOf
            if chance(50) { clauses.anyOf.append(.init(require: ["purposes": ["DataAltruism"]], constants: ["legal_basis": .id([97])])) }
        }
        clauses.links = linked ? [.record] : [.subject]
        if chance(50) { clauses.links = [.record, .subject] }
    }

    private static func day(_ number: Int) throws -> Day { try #require(Day(number: number)) }

    /// Another policy that the consents satisfy too.
    var other: PointClauses {
        var other = clauses
        other.forbid["purposes"] = ["Marketing", "SellDataToThirdParties"]
        return other
    }
}

extension [[UInt8]] {
    /// A random bit of a random row.
    mutating func flip(_ random: inout SplitMix) {
        guard let row = indices.randomElement(using: &random) else { return }
        let position = Int.random(in: self[row].indices, using: &random)
        self[row][position] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    }
}
