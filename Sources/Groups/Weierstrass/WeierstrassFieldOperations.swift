// SPDX-License-Identifier: Apache-2.0
internal import Arithmetic

/// The operations of a field at addresses with the scratch memory they need: what formulas are written in.
struct WeierstrassFieldOperations {
    let field: MontgomeryModulus
    let scratch: UnsafeMutablePointer<UInt64>

    /// `out = a b`.
    @inline(__always)
    func mul(_ out: UnsafeMutablePointer<UInt64>, _ a: UnsafePointer<UInt64>, _ b: UnsafePointer<UInt64>) {
        field.multiply(out, a, b, scratch)
    }

    /// `out = a^2`.
    @inline(__always)
    func sqr(_ out: UnsafeMutablePointer<UInt64>, _ a: UnsafePointer<UInt64>) {
        field.square(out, a, scratch)
    }

    /// `out = a + b`.
    @inline(__always)
    func add(_ out: UnsafeMutablePointer<UInt64>, _ a: UnsafePointer<UInt64>, _ b: UnsafePointer<UInt64>) {
        field.add(out, a, b)
    }

    /// `out = a - b`.
    @inline(__always)
    func sub(_ out: UnsafeMutablePointer<UInt64>, _ a: UnsafePointer<UInt64>, _ b: UnsafePointer<UInt64>) {
        field.subtract(out, a, b)
    }
}
