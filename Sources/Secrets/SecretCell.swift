// SPDX-License-Identifier: Apache-2.0
internal import CKernels
internal import Glibc

/// Secret integers in one heap allocation with a stable address, zero at first, wiped and freed at the end of their life.
///
/// Security: not copyable, not printable and without `==`. Moving the value moves a pointer; the secret itself stays where it is,
/// so that the wipe in `deinit` erases the only copy. Code that reads the cell through ``withSpan(_:)`` must wipe what it derives.
/// Timing: nothing here depends on the contents.
public struct SecretCell<Element: FixedWidthInteger & BitwiseCopyable & Sendable>: ~Copyable, @unchecked Sendable {
    // `@unchecked Sendable`: the pointer is owned by this value alone and is written under exclusive access only.
    private let base: UnsafeMutablePointer<Element>
    /// The number of elements.
    public let count: Int
    /// Test hook: sees the wiped memory just before it is freed.
    private let beforeFree: (@Sendable (UnsafeRawBufferPointer) -> Void)?

    /// `count` zeros, `count >= 0`.
    public init(count: Int) {
        self.init(count: count, beforeFree: nil)
    }

    /// `count` zeros; `beforeFree` is shown the memory after the wipe and before it is freed. For tests.
    package init(count: Int, beforeFree: (@Sendable (UnsafeRawBufferPointer) -> Void)?) {
        precondition(count >= 0, "a cell has no negative count")
        self.count = count
        self.beforeFree = beforeFree
        // Zeroed by the system where it can: a loop of this generic type over hundreds of megabytes is slow.
        guard let memory = calloc(max(count, 1), MemoryLayout<Element>.stride) else { fatalError("there is no memory for a secret") }
        base = memory.assumingMemoryBound(to: Element.self)
    }

    /// A copy of `elements`. The caller wipes the original.
    public init(copying elements: Span<Element>) {
        self.init(count: elements.count)
        elements.withUnsafeBytes { elements in
            if let source = elements.baseAddress { UnsafeMutableRawPointer(base).copyMemory(from: source, byteCount: elements.count) }
        }
    }

    deinit {
        zk_wipe(base, max(count, 1) * MemoryLayout<Element>.stride)
        beforeFree?(UnsafeRawBufferPointer(start: base, count: count * MemoryLayout<Element>.stride))
        free(base)
    }

    /// Reads the elements in place.
    public borrowing func withSpan<R: ~Copyable, E: Error>(_ body: (Span<Element>) throws(E) -> R) throws(E) -> R {
        try body(UnsafeBufferPointer(start: base, count: count).span)
    }

    /// Reads the elements in place as bytes, in the order of memory (little-endian limbs).
    public borrowing func withBytes<R: ~Copyable, E: Error>(_ body: (Span<UInt8>) throws(E) -> R) throws(E) -> R {
        let bytes = UnsafeRawPointer(base).assumingMemoryBound(to: UInt8.self)
        return try body(UnsafeBufferPointer(start: bytes, count: count * MemoryLayout<Element>.stride).span)
    }

    /// Writes the elements in place.
    public mutating func withMutableSpan<R: ~Copyable, E: Error>(
        _ body: (inout MutableSpan<Element>) throws(E) -> R
    ) throws(E) -> R {
        let buffer = UnsafeMutableBufferPointer(start: base, count: count)
        var span = buffer.mutableSpan
        return try body(&span)
    }

    /// Writes the elements in place as bytes, in the order of memory (little-endian limbs).
    package mutating func withMutableBytes<R: ~Copyable, E: Error>(
        _ body: (inout MutableSpan<UInt8>) throws(E) -> R
    ) throws(E) -> R {
        let bytes = UnsafeMutableRawPointer(base).assumingMemoryBound(to: UInt8.self)
        let buffer = UnsafeMutableBufferPointer(start: bytes, count: count * MemoryLayout<Element>.stride)
        var span = buffer.mutableSpan
        return try body(&span)
    }

    /// Overwrites every element with zero. Happens by itself at the end of life.
    public mutating func wipe() {
        zk_wipe(base, count * MemoryLayout<Element>.stride)
    }

    /// Says that the contents are secret from here on: see ``Declassification``. Done by itself for random cells.
    package borrowing func classify() {
        zk_classify(base, count * MemoryLayout<Element>.stride)
    }

    /// Says that the contents are public from here on, for a reason.
    package borrowing func declassify(as reason: Declassification) {
        zk_declassify(base, count * MemoryLayout<Element>.stride, reason.rawValue)
    }

    /// A second cell with the same contents, to be wiped on its own.
    public borrowing func copy() -> SecretCell<Element> {
        withSpan { SecretCell(copying: $0) }
    }
}

/// Secret 64-bit limbs, little-endian.
public typealias SecretLimbs = SecretCell<UInt64>

/// Secret bytes.
public typealias SecretBytes = SecretCell<UInt8>
