// SPDX-License-Identifier: Apache-2.0
import CKernels
import Groups
import TestSupport
import Testing

/// The vector code that handles secrets takes the same time for all of them, as far as a statistical test sees (docs/security.md,
/// "Vector code that handles secrets"); and the test sees planted leaks.
///
/// A leak is what is seen in each of three runs, in the same direction: chance, or a busy machine, does that less than once in 2^40 runs.
@Suite(.serialized, .enabled(if: runsLongTests && Kernel.ifma.isAvailable)) struct TimingTests {
    /// One function under test. `fixed` lists the fixed secrets that are compared with random ones.
    struct Subject: CustomTestStringConvertible, Sendable {
        let name: String
        let calls: Int
        let fixed: @Sendable () -> [[UInt64]]
        let random: @Sendable (inout TestRandom) -> [UInt64]
        /// Makes the function, with its public inputs.
        let make: @Sendable () -> (UnsafeMutablePointer<UInt64>) -> Void
        var testDescription: String { name }
    }

    static let subjects = [
        comb(rows: 8), comb(rows: 32), straus(points: 1, leak: false), straus(points: 8, leak: false), straus(points: 40, leak: false),
        fold(sums: 8), fold(sums: 40),
        encode(points: 24), subsets(flags: 64, rows: 32, leak: false), selection(entries: 500, rows: 32),
    ]
    static let leaks = [straus(points: 8, leak: true), subsets(flags: 64, rows: 32, leak: true), earlyExit(entries: 500)]

    @Test(arguments: subjects) func secretsTakeTheSameTime(subject: Subject) {
        for (index, values) in measure(subject).enumerated() {
            print("timing: \(subject.name), fixed secret \(index): t = \(values.map { ($0 * 10).rounded() / 10 })")
            #expect(!isLeak(values), "\(subject.name), fixed secret \(index): t = \(values)")
        }
    }

    @Test(arguments: leaks) func plantedLeaksAreSeen(subject: Subject) {
        let all = measure(subject)
        print("timing: planted, \(subject.name): t = \(all.map { $0.map { ($0 * 10).rounded() / 10 } })")
        #expect(all.contains(where: isLeak), "\(subject.name): t = \(all)")
    }

    private func isLeak(_ values: [Double]) -> Bool {
        values.allSatisfy { $0 > WelchTest.suspicion } || values.allSatisfy { $0 < -WelchTest.suspicion }
    }

    /// Three t values for each fixed secret.
    private func measure(_ subject: Subject) -> [[Double]] {
        let body = subject.make()
        return subject.fixed().map { fixed in
            (0..<3).map { run in
                var random = TestRandom(UInt64(100 + run))
                return WelchTest(count: subject.calls, fixed: fixed, random: { subject.random(&random) }, seed: UInt64(run), body).t
            }
        }
    }

    // MARK: Subjects

    /// Memory that lives as long as the process: workspaces and outputs.
    private static func memory(_ bytes: Int) -> UnsafeMutableRawPointer { .allocate(byteCount: bytes, alignment: 64) }

    private static func words(_ points: [R255.Point]) -> [UInt64] { points.withUnsafeBytes { Array($0.bindMemory(to: UInt64.self)) } }

    /// Secrets of `count` scalars: all zero, all `q - 1`, all one random value.
    private static func fixedScalars(_ count: Int) -> [[UInt64]] {
        var random = TestRandom(7)
        return [R255.Scalar.zero, largestScalar, random.scalar()].map { scalar in (0..<count).flatMap { _ in scalar.limbs } }
    }

    private static func randomScalars(_ count: Int, _ random: inout TestRandom) -> [UInt64] {
        (0..<count).flatMap { _ in random.scalar().limbs }
    }

    private static func comb(rows: Int) -> Subject {
        Subject(
            name: "comb.c, \(rows) rows", calls: 30_000, fixed: { fixedScalars(rows) }, random: { randomScalars(rows, &$0) },
            make: {
                // One base without spacing: multiples of the generator.
                let table = memory(51 * 16 * 128).assumingMemoryBound(to: UInt64.self)
                var power = R255.generator
                for position in 0..<51 {
                    var multiples = [power]
                    for _ in 1..<16 { multiples.append(R255.add(multiples[multiples.count - 1], power)) }
                    zk_ifma_rows(words(multiples), 16, table + position * 16 * 16)
                    power = R255.add(multiples[15], multiples[15])
                }
                let (workspace, out) = (memory(zk_ifma_comb_bytes(1)), memory(128 * rows).assumingMemoryBound(to: UInt64.self))
                return { scalars in
                    var comb = zk_ifma_comb(table: table, bases: 1, spacing: 1, positions: 51)
                    zk_ifma_comb_sums(&comb, scalars, rows, workspace, out)
                }
            })
    }

    /// With the leak, fixed scalars are one digit shorter, and the number of digits is theirs.
    private static func straus(points count: Int, leak: Bool) -> Subject {
        Subject(
            name: "straus.c, \(count) points" + (leak ? ", digits of the longest scalar only" : ""), calls: 20_000,
            fixed: {
                leak ? [(0..<count).flatMap { _ -> [UInt64] in [1, 2, 3, 1 << 50] }] : fixedScalars(count)
            },
            random: { randomScalars(count, &$0) },
            make: {
                let points = words(Array(Ristretto255MultiScalarTests.points.prefix(count)))
                let (workspace, out) = (memory(zk_ifma_straus_bytes(count)), memory(1024).assumingMemoryBound(to: UInt64.self))
                return { scalars in
                    var bits = 253
                    if leak {
                        let top = (0..<count).reduce(0 as UInt64) { $0 | scalars[4 * $1 + 3] }
                        bits = 256 - top.leadingZeroBitCount
                    }
                    zk_ifma_straus(points, scalars, count, UInt32(bits), workspace, out)
                }
            })
    }

    /// Sums of four terms.
    private static func fold(sums: Int) -> Subject {
        Subject(
            name: "fold.c, \(sums) sums", calls: 20_000, fixed: { fixedScalars(3) }, random: { randomScalars(3, &$0) },
            make: {
                let points = words((0..<4 * sums).map { Ristretto255MultiScalarTests.points[$0 % 40] })
                let (workspace, out) = (memory(zk_ifma_fold_bytes(4)), memory(128 * sums).assumingMemoryBound(to: UInt64.self))
                return { scalars in zk_ifma_fold(points, 4, sums, scalars, workspace, out) }
            })
    }

    private static func encode(points count: Int) -> Subject {
        Subject(
            name: "encode.c, \(count) points", calls: 30_000,
            fixed: {
                let points = [R255.identity, R255.generator, Ristretto255MultiScalarTests.points[9]]
                return points.map { words([R255.Point](repeating: $0, count: count)) }
            },
            random: { words($0.points(count)) },
            make: {
                let out = memory(32 * count).assumingMemoryBound(to: UInt8.self)
                return { points in zk_ifma_encode(points, count, out) }
            })
    }

    /// Entries of the kernel's tables: any field elements, for time does not ask whether they are points.
    private static func entries(_ count: Int) -> [UInt64] {
        var random = TestRandom(3)
        return (0..<12 * count).map { _ in random.next() >> 1 }
    }

    /// With the leak, flags after the last one that is set are left out.
    private static func subsets(flags: Int, rows: Int, leak: Bool) -> Subject {
        Subject(
            name: "choose.c, subsets of \(flags), \(rows) rows" + (leak ? ", up to the last flag" : ""), calls: 20_000,
            fixed: {
                if leak { return [[UInt64](repeating: .max >> 1, count: rows)] }
                return [[UInt64](repeating: 0, count: rows), [UInt64](repeating: .max, count: rows)]
            },
            random: { random in (0..<rows).map { _ in random.next() } },
            make: {
                let (entries, out) = (entries(flags), memory(128 * rows).assumingMemoryBound(to: UInt64.self))
                return { bits in
                    let all = (0..<rows).reduce(0 as UInt64) { $0 | bits[$1] }
                    zk_ifma_subset_sums(entries, leak ? 64 - all.leadingZeroBitCount : flags, bits, 1, rows, out)
                }
            })
    }

    /// Two indices to a word.
    private static func pack(_ indices: [UInt32]) -> [UInt64] {
        (0..<indices.count / 2).map { UInt64(indices[2 * $0]) | UInt64(indices[2 * $0 + 1]) << 32 }
    }

    private static func selection(entries count: Int, rows: Int) -> Subject {
        Subject(
            name: "choose.c, \(rows) of \(count) entries", calls: 20_000,
            fixed: { [0, UInt32(count - 1)].map { pack([UInt32](repeating: $0, count: rows)) } },
            random: { random in pack((0..<rows).map { _ in UInt32(random.next() % UInt64(count)) }) },
            make: {
                let (entries, out) = (entries(count), memory(128 * rows).assumingMemoryBound(to: UInt64.self))
                return { secret in
                    secret.withMemoryRebound(to: UInt32.self, capacity: rows) { zk_ifma_selected(entries, count, $0, rows, out) }
                }
            })
    }

    /// A look-up that stops at the entry, always near the end: the leak is a hundredth of the time.
    private static func earlyExit(entries count: Int) -> Subject {
        Subject(
            name: "choose.c, up to the entry only", calls: 20_000, fixed: { [[UInt64](repeating: UInt64(count - 10), count: 16)] },
            random: { random in (0..<16).map { _ in UInt64(count - 10) + random.next() % 10 } },
            make: {
                let (entries, out) = (entries(count), memory(128 * 32).assumingMemoryBound(to: UInt64.self))
                return { secret in
                    let last = (0..<16).reduce(0 as UInt64) { max($0, secret[$1]) }
                    secret.withMemoryRebound(to: UInt32.self, capacity: 32) { zk_ifma_selected(entries, Int(last) + 1, $0, 32, out) }
                }
            })
    }
}
