// SPDX-License-Identifier: Apache-2.0
import CMemcheck
import Secrets

/// One operation on secrets.
struct ProbeCase {
    /// `<what>/<operation>`.
    let name: String
    /// Whether it runs in `make test-long` only.
    let isLong: Bool
    /// Exactly the reasons for which the operation makes a value public.
    let declassifies: Set<Declassification>
    /// Runs the operation once and hands its results to the evidence.
    let body: (inout Evidence) throws -> Void

    /// A case named `name`.
    init(
        _ name: String, isLong: Bool = false, declassifies: Set<Declassification> = [],
        _ body: @escaping (inout Evidence) throws -> Void
    ) {
        self.name = name
        self.isLong = isLong
        self.declassifies = declassifies
        self.body = body
    }
}

/// That a case really worked on secrets: every word of its results is an undefined value before anything declassifies it.
struct Evidence {
    /// 8-byte words of results.
    private(set) var words = 0
    /// Words of which not one bit depends on a secret: the case checked nothing there.
    private(set) var knownWords = 0

    /// Looks at the memory of a result.
    private mutating func look(_ buffer: UnsafeRawBufferPointer) {
        words += (buffer.count + 7) / 8
        knownWords += memcheck_known_words(buffer.baseAddress, buffer.count)
    }

    /// A result in bytes or limbs.
    mutating func result<Element: BitwiseCopyable>(_ values: [Element]) {
        values.withUnsafeBytes { look($0) }
    }

    /// A result in a cell.
    mutating func result<Element>(_ cell: borrowing SecretCell<Element>) {
        cell.withBytes { bytes in bytes.withUnsafeBytes { look($0) } }
    }
}
