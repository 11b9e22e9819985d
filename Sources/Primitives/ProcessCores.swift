// SPDX-License-Identifier: Apache-2.0
private import Foundation

/// The processors this process may use.
enum ProcessCores {
    static let count = ProcessInfo.processInfo.activeProcessorCount
}
