// SPDX-License-Identifier: Apache-2.0
internal import Cores
internal import Secrets

/// Boxes that are read together and opened on all cores.
struct SealedPages {
    /// The pages that are in memory in the clear at a time, for each core.
    static let perCore = 2
    /// The number of pages that are opened together.
    static var groupCount: Int { Parallel.coreCount * perCore }

    /// A page to be opened.
    struct Sealed {
        let box: [UInt8]
        let context: [UInt8]
        let wordCount: Int
        let name: String
    }

    /// A page in the clear.
    final class Plain: Sendable {
        let words: SecretLimbs

        init(_ words: consuming SecretLimbs) {
            self.words = words
        }
    }

    /// Opens pages.
    ///
    /// - Throws: the error of the first page that does not open.
    static func open(_ pages: [Sealed], with store: SealedDatabase) throws(StoreError) -> [Plain] {
        let opened = Parallel.map(pages.count, minimum: 1) { range in
            range.map { number -> Result<Plain, StoreError> in
                do throws(StoreError) {
                    var words = SecretLimbs(count: pages[number].wordCount)
                    try store.open(pages[number].box, context: pages[number].context, row: pages[number].name, into: &words)
                    return .success(Plain(words))
                } catch {
                    return .failure(error)
                }
            }
        }
        var plain: [Plain] = []
        for page in opened.joined() { plain.append(try page.get()) }
        return plain
    }
}
