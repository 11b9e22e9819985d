// SPDX-License-Identifier: Apache-2.0
internal import CKernels
internal import Foundation

/// Where and with what a result was measured: part of every result.
public struct Machine: Hashable, Sendable {
    /// The processor as the kernel names it.
    public let processor: String
    /// The cores that this process may use.
    public let cores: Int
    /// The operating system's name and release.
    public let system: String
    /// The compilers of Swift and of C, and whether the build was optimised.
    public let compiler: String
    /// The code path in use: `portable`, or the name of the vector kernels.
    public let kernel: String
    /// When, in UTC.
    public let date: String

    /// This machine, now.
    public static func current(kernel: String) -> Machine {
        Machine(
            processor: processorName(), cores: Affinity.usableCount, system: systemName(), compiler: compilerName(), kernel: kernel,
            date: Date.now.formatted(.iso8601))
    }

    private static func processorName() -> String {
        let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        var fields: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            if parts.count == 2, fields[parts[0]] == nil { fields[parts[0]] = parts[1] }
        }
        let name = fields["model name"] ?? fields["CPU implementer"] ?? "unknown processor"
        guard let family = fields["cpu family"], let model = fields["model"] else { return name }
        let vector = fields["flags"]?.contains("avx512ifma") == true ? ", AVX-512 IFMA" : ""
        return "\(name) (family \(family), model \(model)\(vector))"
    }

    private static func systemName() -> String {
        var name = utsname()
        uname(&name)
        func text<T>(_ field: T) -> String {
            withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        }
        return "\(text(name.sysname)) \(text(name.release)) \(text(name.machine))"
    }

    private static func compilerName() -> String {
        #if compiler(>=6.4)
            let swift = "Swift 6.4 or newer"
        #elseif compiler(>=6.3)
            let swift = "Swift 6.3"
        #else
            let swift = "Swift 6.2"
        #endif
        #if DEBUG
            let mode = "debug"
        #else
            let mode = "release"
        #endif
        let c = zk_compiler().map { String(cString: $0) } ?? "unknown C compiler"
        return "\(swift), C by \(c.split(separator: "(").first.map { $0.trimmingCharacters(in: .whitespaces) } ?? c), \(mode)"
    }
}
