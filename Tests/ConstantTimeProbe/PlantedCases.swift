// SPDX-License-Identifier: Apache-2.0
import CMemcheck
import Secrets

/// Mistakes on purpose and their correct counterparts: they test the test.
var plantedCases: [ProbeCase] {
    [
        ProbeCase("planted/branch") { evidence in
            evidence.result([SecretLimbs.planted().reading { memcheck_leak_branch($0) }])
        },
        ProbeCase("planted/address") { evidence in
            let table = (0..<256).map { UInt64($0) }
            evidence.result([SecretLimbs.planted().reading { memcheck_leak_address($0, table) }])
        },
        ProbeCase("planted/swift-branch") { evidence in
            let secret = SecretLimbs.planted()
            var steps: UInt64 = 0
            secret.withSpan { limbs in
                for i in 0..<limbs.count where limbs[i] & 1 == 1 { steps = memcheck_clean([steps]) &+ 1 }
            }
            evidence.result(secret)
            evidence.result([steps])
        },
        ProbeCase("planted/swift-address") { evidence in
            let table = (0..<256).map { UInt64($0) }
            let secret = SecretLimbs.planted()
            evidence.result(secret)
            evidence.result(secret.withSpan { limbs in [table[Int(limbs[0] & 255)]] })
        },
        ProbeCase("planted/clean") { evidence in
            evidence.result([SecretLimbs.planted().reading { memcheck_clean($0) }])
        },
        ProbeCase("planted/declassified", declassifies: [.response]) { evidence in
            let secret = SecretLimbs.planted()
            evidence.result(secret)
            secret.declassify(as: .response)
            _ = secret.reading { memcheck_leak_branch($0) }
        },
        ProbeCase("planted/no-secret", declassifies: [.commitment]) { evidence in
            evidence.result([UInt64(1), 2])
            var bytes: [UInt8] = [1, 2, 3]
            declassify(&bytes, as: .response)
        },
    ]
}

extension SecretCell where Element == UInt64 {
    /// What `body` computes from the limbs.
    fileprivate borrowing func reading(_ body: (UnsafePointer<UInt64>?) -> UInt64) -> UInt64 {
        withSpan { limbs in limbs.withUnsafeBufferPointer { body($0.baseAddress) } }
    }

    /// Four secret limbs.
    fileprivate static func planted() -> SecretLimbs {
        let limbs = SecretLimbs(count: 4)
        limbs.classify()
        return limbs
    }
}
