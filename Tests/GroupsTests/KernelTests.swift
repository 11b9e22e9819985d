// SPDX-License-Identifier: Apache-2.0
import CKernels
import Groups
import TestSupport
import Testing

/// The choice of a kernel.
@Suite struct KernelTests {
    @Test func portableIsAlwaysThere() {
        #expect(Kernel.available.first == .portable)
        #expect(Kernel.ifma.isAvailable == (zk_ifma_available() == 1))
    }

    @Test func namesSelect() throws {
        #expect(try Kernel.selection("portable") == .portable)
        #expect(try Kernel.selection(nil) == Kernel.available.last)
        #expect(try Kernel.selection("") == Kernel.available.last)
        if Kernel.ifma.isAvailable { #expect(try Kernel.selection("ifma") == .ifma) }
    }

    @Test(arguments: ["avx", "IFMA", " portable", "portable,ifma"])
    func otherNamesAreRefused(name: String) {
        #expect(throws: KernelError.unknown(name)) { try Kernel.selection(name) }
        #expect(KernelError.unknown(name).description.contains("portable, ifma"))
    }

    @Test func forcingHoldsInsideATask() {
        for kernel in Kernel.available { #expect(Kernel.$forced.withValue(kernel) { Kernel.current } == kernel) }
    }

    /// One kernel for everything, hashing included; afterwards all is as before.
    @Test func runningOnOneKernel() {
        HashingPath.alone {
            let before = Kernel.hashesVectors
            #expect(!before || Kernel.ifma.isAvailable)
            for kernel in Kernel.available {
                kernel.running {
                    #expect(Kernel.current == kernel)
                    #expect(Kernel.hashesVectors == (before && kernel != .portable))
                }
                #expect(Kernel.hashesVectors == before && Kernel.forced == nil)
            }
        }
    }
}

/// The trait that runs a test on every kernel.
@Suite(.everyKernel) struct EveryKernelTests {
    @Test func aKernelIsForced() {
        #expect(Kernel.forced != nil)
        #expect(Kernel.forced == Kernel.current)
    }
}
