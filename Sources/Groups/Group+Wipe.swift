// SPDX-License-Identifier: Apache-2.0
internal import CKernels

extension Group {
    /// Overwrites points that tell a secret. Groups whose points hold memory of their own release it as it is: of ours all but ristretto255.
    public static func wipe(_ points: inout [Point]) {
        for index in points.indices { points[index] = identity }
        // Whoever might read them afterwards is out of sight of the optimiser.
        points.withUnsafeMutableBytes { if let base = $0.baseAddress { zk_wipe(base, 0) } }
    }
}
