// SPDX-License-Identifier: Apache-2.0
public import ArgumentParser
public import ConsentModel
internal import MerkleLog
internal import Primitives

/// What rows are drawn from.
public struct SpotCheckOptions: ParsableArguments {
    /// A public value.
    @Option(
        help: ArgumentHelp(
            "A public random value from after the registration, as text: for example a drand round's hex digits.", valueName: "text"))
    public var beacon: String?

    /// The auditor's value.
    @Option(help: ArgumentHelp("The auditor's own random text, at least 16 characters.", valueName: "text"))
    public var nonce: String?

    /// How many.
    @Option(help: ArgumentHelp("How many rows are drawn, 1 to 65536.", valueName: "k"))
    public var rows: Int

    /// The parser makes it.
    public init() {}

    /// Whether neither a beacon nor a nonce was given.
    public var isUnset: Bool { beacon == nil && nonce == nil }

    /// The source and its value.
    ///
    /// - Throws: `spot-check-value` unless exactly one was given.
    public func drawn() throws(ModelError) -> (source: SpotCheckDraw.Source, value: String) {
        switch (beacon, nonce) {
        case (let value?, nil): return (.beacon, value)
        case (nil, let value?): return (.nonce, value)
        default: throw ModelError("spot-check-value", "give one of --beacon and --nonce")
        }
    }
}

extension SpotCheckDraw {
    /// The draw for programs.
    var json: [String: JSONValue] {
        [
            "data_points": .integer(Int64(clamping: dataPoints)), "root": .string(Hex.encode(root.bytes)),
            "source": .string(source.rawValue),
            "value": .string(value),
        ]
    }
}
