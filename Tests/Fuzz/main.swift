// SPDX-License-Identifier: Apache-2.0
// `zkconsent-fuzz TARGET [libFuzzer options] [CORPUS FOLDER...]`: one target under libFuzzer. `scripts/fuzz` builds and runs it.
import CFuzz
import Foundation
import FuzzTargets

guard CommandLine.arguments.count > 1, let target = FuzzTarget.all.first(where: { $0.name == CommandLine.arguments[1] }) else {
    let names = FuzzTarget.all.map { "  \($0.name): \($0.summary)" }.joined(separator: "\n")
    FileHandle.standardError.write(Data("usage: zkconsent-fuzz TARGET [OPTION...] [CORPUS...]\n\(names)\n".utf8))
    exit(2)
}
/// What the C callback, which can capture nothing, calls.
let chosen = target.run

// libFuzzer sees the arguments without the target's name.
var arguments: [UnsafeMutablePointer<CChar>?] = ([CommandLine.arguments[0]] + CommandLine.arguments.dropFirst(2)).map { strdup($0) }
arguments.append(nil)
let status = arguments.withUnsafeMutableBufferPointer { buffer in
    var count = CInt(buffer.count - 1)
    var start = buffer.baseAddress
    return LLVMFuzzerRunDriver(&count, &start) { data, size in
        _ = chosen(data.map { Array(UnsafeBufferPointer(start: $0, count: size)) } ?? [])
        return 0
    }
}
exit(status)
