// SPDX-License-Identifier: Apache-2.0
import Cores
import Foundation
import Synchronization
import Testing

@Suite struct ParallelTests {
    static let counts = [0, 1, 2, 3, 7, 24, 95, 96, 480, 481, 959, 960, 3_840, 100_003]

    /// Blocks follow one another without gaps, are never below the minimum by more than a granule, and none is empty.
    @Test(arguments: counts, [1, 2, 3, 64])
    func blocksCoverEverything(_ count: Int, _ cores: Int) {
        for (minimum, granule) in [(1, 1), (480, 1), (480, 24), (1, 24), (16, 32), (Int.max, 1), (0, 0)] {
            let blocks = Shares(blocksOf: count, minimum: minimum, granule: granule, cores: cores)
            #expect((blocks.count == 0) == (count == 0))
            #expect(blocks.count <= 6 * cores)
            var end = 0
            for index in 0..<blocks.count {
                let block = blocks[index]
                #expect(block.lowerBound == end && !block.isEmpty)
                if blocks.count > 1 { #expect(block.count > max(0, minimum - max(1, granule))) }
                if count >= 4 * granule * cores && blocks.count > 1 && granule > 0 { #expect(block.lowerBound % granule == 0) }
                end = block.upperBound
            }
            #expect(end == count)
        }
    }

    @Test func fewElementsAreOneBlockAndManyAreAsManyForEachCore() {
        #expect(Shares(blocksOf: 959, minimum: 480, granule: 24, cores: 2).count == 1)
        #expect(Shares(blocksOf: 960, minimum: 480, granule: 24, cores: 2).count == 2)
        #expect(Shares(blocksOf: 1_440, minimum: 480, granule: 24, cores: 2).count == 2)
        #expect(Shares(blocksOf: 100_000, minimum: 480, granule: 24, cores: 2).count == 12)
        #expect(Shares(blocksOf: 100_000, minimum: 480, granule: 24, cores: 1).count == 1)
        #expect(Shares(blocksOf: 100_000, minimum: .max, granule: 1, cores: 64).count == 1)
    }

    /// Each worker has a half of its part, then a quarter and so on; the last two are of one length.
    @Test func sharesHalveAtTheEnd() {
        func lengths(_ shares: Shares) -> [Int] { (0..<shares.count).map { shares[$0].count } }
        let halved = lengths(Shares(blocksOf: 640, minimum: 1, granule: 1, cores: 2))
        #expect(halved == [160, 160, 80, 80, 40, 40, 20, 20, 10, 10, 10, 10])
        #expect(lengths(Shares(blocksOf: 640, minimum: 100, granule: 1, cores: 2)) == [160, 160, 160, 160])
        #expect(lengths(Shares(blocksOf: 640, minimum: 1, granule: 16, cores: 2)) == [160, 160, 80, 80, 32, 48, 32, 48])
        #expect(lengths(Shares(blocksOf: 9, minimum: 1, granule: 1, cores: 3)) == [1, 2, 1, 2, 1, 2])
        let pieces = lengths(Shares(piecesOf: 4_000, minimum: 100, most: 1_000, granule: 1, cores: 2))
        #expect(pieces == [1_000, 1_000, 500, 500, 250, 250, 125, 125, 125, 125])
        #expect(lengths(Shares(piecesOf: 4_000, minimum: 400, most: 1_000, granule: 1, cores: 2)) == [1_000, 1_000, 500, 500, 500, 500])
        #expect(lengths(Shares(piecesOf: 4_000, minimum: 100, most: 1_000, granule: 1, cores: 1)) == [1_000, 1_000, 1_000, 1_000])
        #expect(lengths(Shares(piecesOf: 3, minimum: 1, most: 1, granule: 1, cores: 2)) == [1, 1, 1])
    }

    @Test(arguments: counts)
    func everyElementIsVisitedOnce(_ count: Int) {
        for minimum in [1, 100] {
            let filled: [Int] = Parallel.array(count, minimum: minimum, granule: 8) { out, range in
                for index in range { (out + index).initialize(to: index) }
            }
            #expect(filled == Array(0..<count))
            let mapped = Parallel.map(count, minimum: minimum) { Array($0) }
            #expect(mapped.flatMap { $0 } == filled)
            let sum = Atomic<Int>(0)
            Parallel.chunks(count, minimum: minimum) { range in for index in range { sum.add(index + 1, ordering: .relaxed) } }
            #expect(sum.load(ordering: .relaxed) == count * (count + 1) / 2)
        }
        for parallel in [false, true] {
            let sum = Atomic<Int>(0)
            Parallel.each(count, parallel: parallel) { sum.add($0 + 1, ordering: .relaxed) }
            #expect(sum.load(ordering: .relaxed) == count * (count + 1) / 2)
        }
    }

    @Test(arguments: [1, 2, 5])
    func tasksAreTakenOnce(_ workers: Int) {
        let sum = Atomic<Int>(0)
        let started = Atomic<Int>(0)
        Parallel.tasks(1_000, workers: workers) { next in
            started.add(1, ordering: .relaxed)
            while let task = next() { sum.add(task + 1, ordering: .relaxed) }
        }
        #expect(sum.load(ordering: .relaxed) == 500_500)
        #expect((1...workers).contains(started.load(ordering: .relaxed)))
    }

    /// No task begins before everything is prepared, and each thing is prepared once.
    @Test(arguments: [0, 1, 3, 100], [1, 2, 5])
    func tasksComeAfterPreparation(_ preparations: Int, _ workers: Int) {
        let prepared = Mutex([Int](repeating: 0, count: preparations))
        let taken = Mutex([Int](repeating: 0, count: 20))
        let early = Atomic<Int>(0)
        Parallel.tasks(20, workers: workers, after: preparations) { number in
            // The last ones take longest.
            if number > 90 { usleep(1_000) }
            prepared.withLock { $0[number] += 1 }
        } then: { next in
            if prepared.withLock({ $0.contains { $0 != 1 } }) { early.add(1, ordering: .relaxed) }
            while let task = next() { taken.withLock { $0[task] += 1 } }
        }
        #expect(early.load(ordering: .relaxed) == 0)
        #expect(taken.withLock { $0 } == [Int](repeating: 1, count: 20))

        let alone = Atomic<Int>(0)
        Parallel.tasks(0, workers: workers, after: preparations) { _ in
            alone.add(1, ordering: .relaxed)
        } then: { next in
            #expect(next() == nil)
        }
        #expect(alone.load(ordering: .relaxed) == preparations)
    }

    /// Every element is in one of the values, of which there is at most one for each core.
    @Test(arguments: counts)
    func coresGather(_ count: Int) {
        for minimum in [1, 100] {
            let values = Parallel.gather(count, minimum: minimum, { [Int]() }, { $0 += $1 })
            #expect(values.flatMap { $0 }.sorted() == Array(0..<count))
            #expect(values.count <= Parallel.coreCount && values.allSatisfy { !$0.isEmpty })
        }
    }

    /// A body may use all cores again.
    @Test func callsMayNest() {
        let sums = Parallel.map(64, minimum: 1) { range in
            range.map { row in Parallel.map(100, minimum: 1) { $0.reduce(0, +) + $0.count * row }.reduce(0, +) }
        }
        #expect(sums.flatMap { $0 } == (0..<64).map { 4_950 + 100 * $0 })
    }

    /// Pieces follow one another without gaps, are as many for each core, seldom below the minimum and never below its half, and as short as memory
    /// wants on many cores.
    @Test(arguments: counts + [8_192, 16_384, 65_536, 65_537, 1_000_000], [1, 2, 3, 64])
    func piecesCoverEverything(_ count: Int, _ cores: Int) {
        for (minimum, most, granule) in [(8_192, 65_536, 8), (1, 10, 1), (1, 1, 8), (100, 10, 8), (0, 1, 0)] {
            let pieces = Shares(piecesOf: count, minimum: minimum, most: most, granule: granule, cores: cores)
            #expect((pieces.count == 0) == (count == 0))
            let workers = max(1, min(cores, count / max(1, minimum)))
            #expect(pieces.count % workers == 0 || pieces.count == count)
            var end = 0
            for index in 0..<pieces.count {
                let piece = pieces[index]
                #expect(piece.lowerBound == end && !piece.isEmpty)
                #expect(piece.count < max(minimum, most) + max(1, granule))
                if pieces.count > 1 && workers > 1 { #expect(piece.count > min(minimum, most) / 2 - max(1, granule)) }
                if cores > 4 { #expect(piece.count * cores < 4 * most + cores * (max(1, minimum) + granule)) }
                end = piece.upperBound
            }
            #expect(end == count)
        }
    }

    @Test func aPieceHasItsShareOfTheCores() {
        let cores = Parallel.coreCount
        let counts = Parallel.pieces(4_096 * cores, minimum: 1_024, most: 1_024) { range in (range, Parallel.coreCount) }
        #expect(counts.flatMap { Array($0.0) } == Array(0..<4_096 * cores))
        if cores > 1 { #expect(counts.allSatisfy { $0.1 == 1 }) }
        #expect(Parallel.coreCount == cores)
        // Too few for two: one piece, whose loops use all cores.
        #expect(Parallel.pieces(1_500, minimum: 1_024, most: 4_096) { _ in Parallel.coreCount } == [cores])
        for minimum in [0, 1] { #expect(Parallel.pieces(0, minimum: minimum, most: 1) { _ in 0 }.isEmpty) }
    }

    @Test func thereIsACore() { #expect(Parallel.coreCount >= 1) }
}
