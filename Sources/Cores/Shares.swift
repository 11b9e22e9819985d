// SPDX-License-Identifier: Apache-2.0

/// How `0..<elements` is divided among workers that take the next share when they are done with their last.
///
/// Shares of one length, and at the end shares that halve: every worker has one of half a length, one of a quarter and so on, so that all of them are done at
/// about the same time without many small shares (factoring: Hummel, Schonberg and Flynn, Communications of the ACM 35 (8), 1992).
package struct Shares {
    private let elements: Int
    private let granule: Int
    private let workers: Int
    /// Shares of one whole length.
    private let whole: Int
    /// How often the last length of each worker is halved.
    private let halvings: Int
    /// The number of shares; 0 for no elements.
    package let count: Int

    /// Most halvings: what one core does alone at the end is at most a thirty-second of its part.
    private static let mostHalvings = 5
    /// Most halvings where short shares cost more for each element.
    private static let mostPieceHalvings = 3

    /// One length for each worker.
    ///
    /// - Parameters:
    ///   - minimum: Fewest elements of a share, but for less than a granule; with fewer of them than cores there are fewer workers.
    ///   - granule: Shares begin at multiples of it where they are of two granules or more.
    package init(blocksOf elements: Int, minimum: Int, granule: Int, cores: Int) {
        let most = elements / max(1, minimum)
        let workers = max(1, min(cores, most))
        self.init(elements, workers: workers, rounds: 1, shortest: max(1, minimum), granule: granule, mostHalvings: Self.mostHalvings)
    }

    /// The blocks on this machine; the cores are not asked for where one is enough.
    init(blocksOf elements: Int, minimum: Int, granule: Int) {
        self.init(blocksOf: elements, minimum: minimum, granule: granule, cores: elements / 2 < minimum ? 1 : Parallel.coreCount)
    }

    /// Lengths of at most `most` elements, shorter ones on more than four cores; see ``Parallel/pieces(_:minimum:most:granule:_:)``.
    package init(piecesOf elements: Int, minimum: Int, most: Int, granule: Int, cores: Int) {
        let minimum = max(1, minimum)
        let workers = max(1, min(cores, elements / minimum))
        let longest = max(minimum, min(most, 4 * most / max(1, cores)))
        let rounds = (elements + workers * longest - 1) / (workers * longest)
        self.init(elements, workers: workers, rounds: rounds, shortest: minimum, granule: granule, mostHalvings: Self.mostPieceHalvings)
    }

    private init(_ elements: Int, workers: Int, rounds: Int, shortest: Int, granule: Int, mostHalvings: Int) {
        // Fewer elements than shares: one for each.
        let (workers, rounds) = elements < workers * rounds ? (1, elements) : (workers, rounds)
        let length = elements / max(1, workers * rounds)
        let granule = max(1, granule)
        self.elements = elements
        self.granule = length >= 2 * granule ? granule : 1
        self.workers = workers
        let shortest = max(shortest, self.granule == 1 ? 1 : 2 * granule)
        var halvings = 0
        while workers > 1 && halvings < mostHalvings && length >> (halvings + 1) >= shortest { halvings += 1 }
        self.halvings = halvings
        whole = max(0, rounds - 1) * workers
        count = elements == 0 ? 0 : whole + workers * (halvings + 1)
    }

    /// Share `index` of `0..<count`.
    package subscript(index: Int) -> Range<Int> { bound(index)..<bound(index + 1) }

    /// Where share `index` begins: the shares before it in units of the shortest one.
    private func bound(_ index: Int) -> Int {
        guard index < count else { return elements }
        let (round, place) = max(0, index - whole).quotientAndRemainder(dividingBy: workers)
        var units = min(index, whole) << halvings
        if index > whole {
            // Rounds before this one took all but 2^-round of the last length; the very last one repeats the length of the one before.
            units += workers * ((1 << halvings) - (1 << (halvings - round)))
            units += place << max(0, halvings - round - 1)
        }
        return elements * units / ((whole + workers) << halvings) / granule * granule
    }
}
