// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentVerifier
import Groups
import TestSupport
import Testing

/// Decoding advice never changes a verdict, whatever it is.
@Suite struct DecodingAdviceTests {
    static let honest = Result {
        var world = try TestWorld.honest(30)
        return (world: world, bundle: try world.prove())
    }

    /// p = 2^255 - 19, little-endian.
    private static let modulus: [UInt8] = [0xed] + [UInt8](repeating: 0xff, count: 30) + [0x7f]

    /// p - value, or value + p; values are below p.
    private static func negated(_ value: [UInt8]) -> [UInt8] {
        var borrow = 0
        return value.indices.map { index in
            let difference = Int(modulus[index]) - Int(value[index]) - borrow
            borrow = difference < 0 ? 1 : 0
            return UInt8(truncatingIfNeeded: difference)
        }
    }

    private static func notReduced(_ value: [UInt8]) -> [UInt8] {
        var carry = 0
        return value.indices.map { index in
            let sum = Int(modulus[index]) + Int(value[index]) + carry
            carry = sum >> 8
            return UInt8(truncatingIfNeeded: sum)
        }
    }

    /// A square root of -1 (RFC 9496 section 4.1), little-endian.
    private static let rootOfMinusOne = bytes(hex: "b0a00e4a271beec478e42fad0618432fa7d7fb3d99004d2b0bdfc14f8024832b") ?? []

    enum Kind: String, CaseIterable, Sendable {
        case right, minus, rootOfMinusOne, minusRootOfMinusOne, zero, one, notReduced, allOnes, random, ofAnotherRow, oneBit
    }

    private static func advice(_ kind: Kind, _ right: [UInt8], _ all: BytesColumn, _ row: Int, _ random: inout SplitMix) -> [UInt8] {
        switch kind {
        case .right: return right
        case .minus: return negated(right)
        case .rootOfMinusOne: return rootOfMinusOne
        case .minusRootOfMinusOne: return negated(rootOfMinusOne)
        case .zero: return [UInt8](repeating: 0, count: 32)
        case .one: return [1] + [UInt8](repeating: 0, count: 31)
        case .notReduced: return notReduced(right)
        case .allOnes: return [UInt8](repeating: 0xff, count: 32)
        case .random: return (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
        case .ofAnotherRow: return all[(row + 1) % all.count]
        case .oneBit:
            var advice = right
            advice[Int.random(in: 0..<32, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            return advice
        }
    }

    /// Every row, or a row here and there, has advice of this kind: the bundle holds.
    @Test(arguments: Kind.allCases)
    func honestBundlesHold(_ kind: Kind) throws {
        let (world, bundle) = try Self.honest.get()
        let right = try #require(bundle.advised().advice)
        for period in [1, 3, 30] {
            let advised = try bundle.with(advice: Self.changed(right, kind, period: period))
            #expect(try world.reasons(advised) == [])
            let parsed = try DatasetVerifier(policy: world.policy()).parse(BundleWriter.encode(advised))
            #expect(parsed.advice?.dataPoints.bytes == advised.advice?.dataPoints.bytes)
            #expect(try world.reasons(parsed) == [])
        }
    }

    /// What is refused without advice is refused with it, for the same reason and in the same row.
    @Test(arguments: Kind.allCases)
    func badEncodingsAreRefused(_ kind: Kind) throws {
        let (world, bundle) = try Self.honest.get()
        let right = try #require(bundle.advised().advice)
        var random = SplitMix(state: 9)
        for row in [0, 7, 29] {
            for bytes in [
                [UInt8](repeating: 0, count: 32), [1] + [UInt8](repeating: 0, count: 31), Self.modulus,
                Self.negated(bundle.dataPoints[row]),
                (0..<32).map { _ in UInt8.random(in: 0...127, using: &random) & 0xfe },
            ] {
                var parts = BundleParts(bundle)
                parts.dataPoints[row] = bytes
                let spoiled = try parts.bundle()
                let advised = try spoiled.with(advice: Self.changed(right, kind, period: 1))
                #expect(try world.verify(advised).findings == world.verify(spoiled).findings)
                parts = BundleParts(bundle)
                parts.entries[row].replaceSubrange(Entry.calendarRange, with: bytes)
                let entry = try parts.bundle()
                let advisedEntry = try entry.with(advice: Self.changed(right, kind, period: 1))
                #expect(try world.verify(advisedEntry).findings == world.verify(entry).findings)
            }
        }
    }

    private static func changed(_ right: DecodingAdvice, _ kind: Kind, period: Int) -> DecodingAdvice {
        var random = SplitMix(state: UInt64(period))
        func column(_ column: BytesColumn) -> BytesColumn {
            bytesColumn(
                (0..<column.count).flatMap { row in
                    row % period == 0 ? advice(kind, column[row], column, row, &random) : column[row]
                }, 32)
        }
        return DecodingAdvice(dataPoints: column(right.dataPoints), entries: column(right.entries))
    }

    /// The column must be there for every row.
    @Test func wrongShapes() throws {
        let bundle = try Self.honest.get().bundle
        let right = try #require(bundle.advised().advice)
        let short = bytesColumn(Array(right.dataPoints.bytes.dropLast(32)), 32)
        let narrow = bytesColumn(Array(right.dataPoints.bytes.dropLast(30)), 31)
        for advice in [
            DecodingAdvice(dataPoints: short, entries: right.entries), DecodingAdvice(dataPoints: right.dataPoints, entries: short),
            DecodingAdvice(dataPoints: narrow, entries: right.entries),
        ] {
            #expect(code { _ = try bundle.with(advice: advice) } == "bundle-columns")
        }
    }
}
