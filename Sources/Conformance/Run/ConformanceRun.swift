// SPDX-License-Identifier: Apache-2.0

/// Runs whatever test vectors are in the given files and folders.
package enum ConformanceRun {
    /// Every format that is recognised, the more particular ones first.
    static let formats: [VectorFormat] =
        SigmaFormats.all
        + [FiatShamirFormat.format, ExpandMessageFormat.format, HashToCurveFormat.format, ObliviousFormat.format, BIP340Format.format]
        + RistrettoFormats.all + SafePrimeFormats.all + Ed25519Formats.all + WycheproofFormats.all + ThresholdFormats.all
        + CocktailFormat.all + RangeProofFormat.all + StrobeFormats.all + MerkleFormats.all + NoteFormats.all + LogFormats.all
        + DataFormats.all

    /// Runs files in their order.
    package static func run(_ files: [VectorFile]) -> ConformanceReport {
        ConformanceReport(files: files.map { result(of: $0) })
    }

    /// Runs one file: its cases, or the reason why it has none.
    private static func result(of file: VectorFile) -> FileResult {
        guard let format = formats.first(where: { $0.recognises(file) }) else { return unrecognised(file) }
        var result = FileResult(path: file.path, format: format.name, standard: format.standard)
        switch format.treatment {
        case .skip(let reason): result.skipped = reason
        case .run(let body):
            var cases = Cases()
            do throws(CaseFailure) {
                try body(file, &cases)
                if cases.passed + cases.failed.count + cases.skipped.count == 0 { cases.fail("file", "no cases") }
            } catch {
                if error.isSkip { result.skipped = error.reason } else { cases.fail("file", error.reason) }
            }
            result.passed = cases.passed
            result.failed = cases.failed
            result.skippedCases = cases.skipped
            // A file of which nothing was run is skipped as a whole.
            if let first = cases.skipped.first, cases.passed + cases.failed.count == 0 {
                result.skipped = first.reason
                result.skippedCases = []
            }
        }
        return result
    }

    /// A file of no known format: a failure if it is a damaged file of one, otherwise skipped.
    private static func unrecognised(_ file: VectorFile) -> FileResult {
        var result = FileResult(path: file.path, format: "", standard: "")
        if file.json == .array([]) || file.json == .object([:]) {
            var cases = Cases()
            cases.fail("file", "no cases: the JSON is empty")
            result.failed = cases.failed
            return result
        }
        guard file.json != nil || file.looksLikeJSON else {
            result.skipped = "no known vector format"
            return result
        }
        if let json = file.json, json["$schema"] != nil || (json["properties"] != nil && json["type"] != nil) {
            result.skipped = "a JSON schema, no vectors"
            return result
        }
        // What only one format has in it names the format, although something else that it is recognised by is damaged or gone.
        guard let format = formats.first(where: { $0.marker.split(separator: "|").contains { file.contains("\"\($0)") } }) else {
            result.skipped = file.json == nil ? "not JSON, and no vector format" : "no known vector format"
            return result
        }
        result.format = format.name
        result.standard = format.standard
        var cases = Cases()
        cases.fail("file", file.json == nil ? "not valid JSON" : "lacks a member that \(format.name) have, or has it in another form")
        result.failed = cases.failed
        return result
    }
}
