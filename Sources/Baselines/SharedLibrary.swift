// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// A shared library that is opened at run time: peers of benchmarks are no dependencies of the product.
struct SharedLibrary: @unchecked Sendable {
    // Immutable and never closed: the handle is safe to use from any thread.
    private let handle: UnsafeMutableRawPointer

    /// Opens the first of `names` that the system has; `nil` if it has none.
    init?(_ names: [String]) {
        for name in names {
            if let handle = dlopen(name, RTLD_NOW | RTLD_LOCAL) {
                self.handle = handle
                return
            }
        }
        return nil
    }

    /// The function `name`, which the caller knows to have the C type `F`; `nil` if the library has none of that name.
    func function<F>(_ name: String, as type: F.Type) -> F? {
        guard let address = dlsym(handle, name) else { return nil }
        return unsafeBitCast(address, to: type)
    }
}

/// Bytes in C's parameter types.
typealias Bytes = UnsafePointer<UInt8>
/// Bytes that a C function writes.
typealias MutableBytes = UnsafeMutablePointer<UInt8>

/// Calls `body` with the addresses of two arrays that are read.
func withAddresses<R>(_ a: [UInt8], _ b: [UInt8], _ body: (Bytes?, Bytes?) -> R) -> R {
    a.withUnsafeBufferPointer { a in b.withUnsafeBufferPointer { b in body(a.baseAddress, b.baseAddress) } }
}
