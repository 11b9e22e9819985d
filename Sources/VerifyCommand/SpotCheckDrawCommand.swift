// SPDX-License-Identifier: Apache-2.0
public import ArgumentParser
internal import ConsentModel

/// `spot-check draw`: which rows are opened. Both sides compute it.
public struct SpotCheckDrawCommand: ConsoleCommand {
    /// Name and help.
    public static let configuration = CommandConfiguration(
        commandName: "draw", abstract: "Draw the rows of a registered dataset that the holder has to open.",
        discussion: """
            The rows follow from the dataset's manifest and a value that nobody could know
            when the dataset was registered: a public beacon of a later time, or a random
            nonce of the auditor. With neither, a fresh nonce is made and printed: send it
            to the holder.

            Examples:
              \(Program.spotCheck) draw study.zkb --rows 300
              \(Program.spotCheck) draw patients.json --rows 300 \\
                --beacon 8f1b2c...
            """)

    /// The dataset.
    @Argument(help: ArgumentHelp("A bundle of the dataset, or its manifest.", valueName: "file"))
    public var file: String

    /// The value.
    @OptionGroup public var options: SpotCheckOptions

    /// The common options.
    @OptionGroup public var output: OutputOptions

    /// The parser makes it.
    public init() {}

    /// Draws.
    public func run(_ console: Console) throws {
        let manifest = try Self.manifest(BundleSources.read(file), file: file)
        let (source, value) = options.isUnset ? (SpotCheckDraw.Source.nonce, Self.freshNonce()) : try options.drawn()
        let draw = try SpotCheckDraw(source: source, value: value, manifest: manifest, count: options.rows)
        let rows = draw.rows
        if options.isUnset { console.note("the nonce is new: send it to the holder, and keep it") }
        console.result(
            "\(rows.count) of the \(manifest.dataPointCount) rows of \"\(manifest.dataset.printable)\", by the \(source.rawValue) \(value.printable):\n"
                + rows.map(String.init).joined(separator: " "),
            .object(
                draw.json.merging([
                    "dataset": .string(manifest.dataset), "rows": .array(rows.map { .integer(Int64(clamping: $0)) }),
                ]) { $1 }))
    }

    /// The manifest in a file, or in the header of a bundle.
    private static func manifest(_ bytes: [UInt8], file: String) throws(ModelError) -> Manifest {
        do throws(ModelError) {
            if bytes.first == UInt8(ascii: "{") {
                return try Manifest(parsing: bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes)
            }
            guard let registration = try BundleSummary(parsing: bytes).manifest else {
                throw ModelError(
                    "spot-check-points", "a bundle of point proofs has no manifest to draw from",
                    hint: "give the manifest, or the bundle of a dataset proof")
            }
            return try Manifest(parsing: Array(registration.entry.utf8))
        } catch {
            throw error.inFile(file)
        }
    }

    /// 128 random bits in hex.
    private static func freshNonce() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<2).map { _ in
            let digits = String(generator.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
