// SPDX-License-Identifier: Apache-2.0
internal import Primitives
private import Yams

/// A YAML document as plain data with positions: scalars are text, nothing is resolved to another type.
///
/// `NO` is the text `NO` and `2026-06-30` the text `2026-06-30`; the reader that knows the expected type converts.
struct YAMLNode {
    /// What a node is.
    enum Content {
        /// Text; `isQuoted` when written in quotes or as a block.
        case scalar(String, isQuoted: Bool)
        case sequence([YAMLNode])
        /// Members in file order, with distinct names.
        case mapping([Member])
    }

    /// One member of a mapping.
    struct Member {
        let name: String
        let position: ModelError.Position
        let value: YAMLNode
    }

    let content: Content
    let position: ModelError.Position
}

/// Reads YAML files that may be hostile.
///
/// Security: at most ``byteCountLimit`` bytes, ``depthLimit`` levels and ``nodeCountLimit`` nodes; anchors, aliases, tags, duplicate keys
/// and more than one document are refused. Text that could be an anchor, an alias or a tag is refused before libyaml sees it, by a rule
/// that does not depend on the context: a scanner that had to know where quotes end could be led astray.
enum YAMLReader {
    static let byteCountLimit = 256 * 1024
    static let depthLimit = 32
    static let nodeCountLimit = 10_000

    /// The single document in `bytes`.
    static func read(_ bytes: [UInt8]) throws(ModelError) -> YAMLNode {
        guard bytes.count <= byteCountLimit else {
            throw ModelError("yaml-too-large", "the file has \(bytes.count) bytes; the limit is \(byteCountLimit)")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ModelError("yaml-utf8", "the file is not valid UTF-8")
        }
        guard text.hasBoundedCombining else { throw combining(nil) }
        try refuseMarks(bytes)
        do {
            // The parser is kept alive because nodes refer to their anchors weakly.
            let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
            guard let root = try parser.singleRoot() else { throw ModelError("yaml-empty", "the file is empty") }
            var converter = Converter()
            return try withExtendedLifetime(parser) { () throws(ModelError) in try converter.convert(root, depth: 0) }
        } catch {
            throw modelError(error)
        }
    }

    /// Refuses `&`, `*` and `!` where a token could begin and text follows, whatever the context.
    ///
    /// libyaml starts a token only after white space, a line break, the start of the file, or one of `[ ] { } , : ? - " '`. A line that starts
    /// with `#` is passed over if it is ASCII without quotes: it is then a comment or inside a scalar to its end. (U+0085, U+2028 and
    /// U+2029 are line breaks to libyaml.)
    private static func refuseMarks(_ bytes: [UInt8]) throws(ModelError) {
        var lineNumber = 0
        for line in bytes.split(omittingEmptySubsequences: false, whereSeparator: { $0 == 0x0a || $0 == 0x0d }) {
            lineNumber += 1
            let isComment = line.first { $0 != 0x20 && $0 != 0x09 } == UInt8(ascii: "#")
            let quotes = [UInt8(ascii: "\""), UInt8(ascii: "'")]
            if isComment, !line.contains(where: { $0 >= 0x80 || quotes.contains($0) }) { continue }
            var previous = UInt8(ascii: " ")
            for (index, byte) in line.enumerated() {
                defer { previous = byte }
                guard byte == UInt8(ascii: "&") || byte == UInt8(ascii: "*") || byte == UInt8(ascii: "!"), startsToken(after: previous)
                else { continue }
                let next = line.dropFirst(index + 1).first ?? UInt8(ascii: " ")
                guard next != 0x20, next != 0x09 || byte == UInt8(ascii: "!") else { continue }
                let name = byte == UInt8(ascii: "&") ? "an anchor" : byte == UInt8(ascii: "*") ? "an alias" : "a tag"
                throw ModelError(
                    "yaml-alias-or-tag", "\(Character(Unicode.Scalar(byte))) reads as \(name) here, which is refused",
                    position: .line(lineNumber, column: index + 1), hint: "write the value out; text may not have a word that begins so")
            }
        }
    }

    /// Whether a token can begin after this byte. Bytes of multi-byte characters count: some of them are line breaks.
    private static func startsToken(after byte: UInt8) -> Bool {
        byte <= 0x20 || byte >= 0x80 || Array("[]{},:?-\"'|>#%".utf8).contains(byte)
    }

    private static func combining(_ position: ModelError.Position?) -> ModelError {
        ModelError("yaml-combining", "the file has more than \(String.combiningLimit) combining characters in a row", position: position)
    }

    private static func modelError(_ error: any Error) -> ModelError {
        if let error = error as? ModelError { return error }
        func syntax(_ problem: String, _ mark: Mark) -> ModelError {
            ModelError("yaml-syntax", "not valid YAML: \(problem)", position: .line(mark.line, column: mark.column))
        }
        guard let error = error as? YamlError else { return ModelError("yaml-syntax", "not valid YAML") }
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            return syntax(problem, mark)
        case .duplicatedKeysInMapping(let names, let context):
            return ModelError(
                "yaml-duplicate-key", "the key \(names.sorted().first ?? "") occurs twice",
                position: .line(context.mark.line, column: context.mark.column))
        case .reader(let problem, let offset, _, _):
            return ModelError("yaml-syntax", "not valid YAML: \(problem)", position: offset.map { .byte($0) })
        default: return ModelError("yaml-syntax", "not valid YAML")
        }
    }

    /// Turns composed nodes into ours and keeps count.
    private struct Converter {
        private var nodeCount = 0

        mutating func convert(_ node: Node, depth: Int) throws(ModelError) -> YAMLNode {
            let position = ModelError.Position.line(node.mark?.line ?? 1, column: node.mark?.column ?? 1)
            nodeCount += 1
            guard nodeCount <= nodeCountLimit else {
                throw ModelError("yaml-too-large", "more than \(nodeCountLimit) values", position: position)
            }
            guard depth <= depthLimit else {
                throw ModelError("yaml-too-deep", "nested deeper than \(depthLimit) levels", position: position)
            }
            guard node.anchor == nil else { throw ModelError("yaml-alias-or-tag", "an anchor is refused", position: position) }
            switch node {
            case .scalar(let scalar):
                try checkTag(scalar.tag, .str, position)
                // Escapes within quotes.
                guard scalar.string.hasBoundedCombining else { throw combining(position) }
                return YAMLNode(content: .scalar(scalar.string, isQuoted: scalar.style != .plain), position: position)
            case .sequence(let sequence):
                try checkTag(sequence.tag, .seq, position)
                var elements: [YAMLNode] = []
                for element in sequence { elements.append(try convert(element, depth: depth + 1)) }
                return YAMLNode(content: .sequence(elements), position: position)
            case .mapping(let mapping):
                try checkTag(mapping.tag, .map, position)
                var members: [YAMLNode.Member] = []
                var names = Set<String>()
                for (key, value) in mapping {
                    let keyNode = try convert(key, depth: depth + 1)
                    guard case .scalar(let name, _) = keyNode.content else {
                        throw ModelError("yaml-type", "a key must be text", position: keyNode.position)
                    }
                    guard names.insert(name).inserted else {
                        throw ModelError("yaml-duplicate-key", "the key \(name) occurs twice", position: keyNode.position)
                    }
                    members.append(.init(name: name, position: keyNode.position, value: try convert(value, depth: depth + 1)))
                }
                return YAMLNode(content: .mapping(members), position: position)
            case .alias: throw ModelError("yaml-alias-or-tag", "an alias is refused", position: position)
            }
        }

        /// Keys have been resolved by Yams' duplicate check, other nodes not.
        private func checkTag(_ tag: Tag, _ standard: Tag.Name, _ position: ModelError.Position) throws(ModelError) {
            guard tag.rawValue == Tag.Name.implicit.rawValue || tag.rawValue == standard.rawValue else {
                throw ModelError("yaml-alias-or-tag", "the tag \(tag.rawValue) is refused", position: position)
            }
        }
    }
}
