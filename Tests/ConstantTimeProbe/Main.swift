// SPDX-License-Identifier: Apache-2.0
import CMemcheck
import Glibc
import Secrets

/// `constant-time-probe list`, `constant-time-probe run [--long] [CASE...]`: runs operations on secrets, to be watched by valgrind's memcheck.
///
/// Prints one line for each case, tab-separated: `case`, name, errors that memcheck found, words of results, of those without a secret,
/// words declassified without a secret, reasons of declassification, reasons that the case expects. Exits 2 when not under valgrind.
@main
struct ConstantTimeProbe {
    static func main() {
        var arguments = Array(CommandLine.arguments.dropFirst())
        let command = arguments.isEmpty ? "" : arguments.removeFirst()
        let long = arguments.contains("--long")
        let names = arguments.filter { !$0.hasPrefix("--") }
        switch command {
        case "list":
            for probe in allCases { print(probe.name, probe.isLong ? "long" : "short", separator: "\t") }
        case "run":
            guard memcheck_is_running() != 0 else { stop("not under valgrind, or built without its headers") }
            guard memcheck_sees_avx512() == 0 else { stop("valgrind shows AVX-512: the portable code would not be checked") }
            let known = Set(allCases.map(\.name))
            for name in names where !known.contains(name) { stop("no case \(name)") }
            for probe in allCases where names.isEmpty ? (long || !probe.isLong) : names.contains(probe.name) { run(probe) }
        case "planted":
            guard memcheck_is_running() != 0 else { stop("not under valgrind, or built without its headers") }
            for probe in plantedCases { run(probe) }
        default:
            stop("usage: constant-time-probe list | run [--long] [CASE...] | planted")
        }
    }

    private static func run(_ probe: ProbeCase) {
        var evidence = Evidence()
        memcheck_reset_declassified()
        memcheck_log("begin \(probe.name)")
        let before = memcheck_error_count()
        do {
            try probe.body(&evidence)
        } catch {
            stop("\(probe.name) failed: \(error)")
        }
        let errors = memcheck_error_count() - before
        memcheck_log("end \(probe.name)")
        let counts = Declassification.allCases.map { (reason: $0, counts: memcheck_get_declassified($0.rawValue)) }
        let knownWords = counts.reduce(0) { $0 + $1.counts.known_words }
        let reasons = counts.filter { $0.counts.calls > 0 }.map { "\($0.reason)" }
        let expected = probe.declassifies.map { "\($0)" }.sorted()
        let fields = [
            "case", probe.name, "\(errors)", "\(evidence.words)", "\(evidence.knownWords)", "\(knownWords)",
            reasons.sorted().joined(separator: ","), expected.joined(separator: ","),
        ]
        print(fields.joined(separator: "\t"))
    }

    private static func stop(_ message: String) -> Never {
        print("error\t\(message)")
        exit(2)
    }
}
