// SPDX-License-Identifier: Apache-2.0
internal import Foundation

/// The built program of this name, which lies beside the running test program.
public func builtProgram(_ name: String) -> String {
    URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().appending(path: name).path
}
