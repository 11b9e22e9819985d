// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
internal import Foundation

/// This program, to be run as another process.
struct DemoProgram {
    /// What a run left.
    struct Result {
        /// The exit code.
        let status: Int32
        /// Standard output and standard error.
        let text: String
        /// Wall time in seconds.
        let seconds: Double
    }

    private let executable: URL

    /// The running executable.
    init() throws(ModelError) {
        guard let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") else {
            throw ModelError("demo-program", "the program cannot find itself", hint: "is /proc mounted?")
        }
        executable = URL(fileURLWithPath: path)
    }

    /// Runs a command to its end in `folder`. Output goes through files, so that no pipe can fill up.
    func run(_ arguments: [String], in folder: DemoFolder) throws -> Result {
        let outputs = [folder(".stdout"), folder(".stderr")]
        for output in outputs { _ = FileManager.default.createFile(atPath: output, contents: nil) }
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle(forWritingAtPath: outputs[0])
        process.standardError = FileHandle(forWritingAtPath: outputs[1])
        let start = ContinuousClock.now
        try process.run()
        process.waitUntilExit()
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let text = outputs.map { String(decoding: FileManager.default.contents(atPath: $0) ?? Data(), as: UTF8.self) }.joined()
        return Result(status: process.terminationReason == .exit ? process.terminationStatus : 128, text: text, seconds: seconds)
    }

    /// The largest resident memory of any run so far, in megabytes.
    static var peakMegabytes: Int {
        var usage = rusage()
        guard getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &usage) == 0 else { return 0 }
        return usage.ru_maxrss / 1024
    }
}
