// SPDX-License-Identifier: Apache-2.0
internal import MerkleLog

extension Policy {
    /// The most ledgers, as in a bundle.
    public static let ledgerLimit = 64
    /// The most cosigners of a ledger.
    public static let cosignerLimit = 64

    /// Reads the member `acceptance` beside a statement.
    static func parseAcceptance(_ node: YAMLNode, of statement: Statement) throws(ModelError) -> Acceptance {
        let members = try node.members(
            of: "acceptance", required: ["ledgers", "freshness"],
            optional: ["logged_by", "minimum_distinct_consents", "one_to_one", "context"])
        return Acceptance(
            ledgers: try parseLedgers(try members.required("ledgers")),
            freshness: try parseFreshness(try members.required("freshness"), statement),
            loggedBy: try members["logged_by"]?.day("logged_by"),
            minimumDistinctConsents: try members["minimum_distinct_consents"]?.integer("minimum_distinct_consents", in: 1...1 << 32),
            isOneToOne: try members["one_to_one"]?.bool("one_to_one") ?? false,
            context: try members["context"]?.text("context"))
    }

    private static func parseLedgers(_ node: YAMLNode) throws(ModelError) -> [Ledger] {
        let elements = try node.elements("ledgers")
        guard (1...ledgerLimit).contains(elements.count) else {
            throw ModelError("ledger-count", "ledgers must name 1 to \(ledgerLimit) ledgers", position: node.position)
        }
        var ledgers: [Ledger] = []
        for element in elements {
            let ledger = try parseLedger(element)
            guard !ledgers.contains(where: { $0.origin == ledger.origin }) else {
                throw ModelError("duplicate-name", "the ledger \(ledger.origin) occurs twice", position: element.position)
            }
            ledgers.append(ledger)
        }
        return ledgers
    }

    private static func parseLedger(_ node: YAMLNode) throws(ModelError) -> Ledger {
        let members = try node.members(of: "a ledger", required: ["origin", "key", "cosigners"], optional: [])
        let origin = try members.required("origin").text("origin")
        let keyNode = try members.required("key")
        let key = try parseKey(keyNode, .ed25519)
        guard key.name.utf8.elementsEqual(origin.utf8) else {
            throw ModelError(
                "ledger-key", "the key's name \(key.name) is not the origin \(origin)", position: keyNode.position,
                hint: "copy origin and key from the ledger's .vkey file")
        }
        let cosignersNode = try members.required("cosigners")
        let cosigners = try cosignersNode.members(of: "cosigners", required: ["quorum", "keys"])
        let keysNode = try cosigners.required("keys")
        let elements = try keysNode.elements("keys")
        guard (1...cosignerLimit).contains(elements.count) else {
            throw ModelError("cosigner-count", "keys must name 1 to \(cosignerLimit) cosigners", position: keysNode.position)
        }
        var keys: [VerifierKey] = []
        for element in elements {
            let cosigner = try parseKey(element, .cosignature)
            // The same public key under two names would count twice in the quorum; the issuer's own would make it meaningless.
            guard cosigner.publicKey != key.publicKey, !keys.contains(where: { $0.publicKey == cosigner.publicKey }) else {
                throw ModelError("duplicate-key", "this public key occurs twice in the ledger", position: element.position)
            }
            keys.append(cosigner)
        }
        let quorum = try cosigners.required("quorum").integer("quorum", in: 1...UInt64(keys.count))
        return Ledger(origin: origin, key: key, quorum: Int(quorum), cosigners: keys)
    }

    private static func parseKey(_ node: YAMLNode, _ type: VerifierKey.KeyType) throws(ModelError) -> VerifierKey {
        let text = try node.text("a key")
        guard let key = try? VerifierKey(text: text) else {
            throw ModelError("ledger-key", "not a verifier key name+id+base64", position: node.position, hint: "copy the line exactly")
        }
        guard key.type == type else {
            throw ModelError(
                "ledger-key", type == .ed25519 ? "this is a cosigner's key, not a ledger's" : "this is a ledger's key, not a cosigner's",
                position: node.position)
        }
        return key
    }

    private static func parseFreshness(_ node: YAMLNode, _ statement: Statement) throws(ModelError) -> Freshness {
        let members = try node.members(of: "freshness", required: [], optional: ["current", "as_of"])
        switch (members["current"], members["as_of"]) {
        case (let age?, nil): return .current(maximumAge: try parseDuration(age))
        case (nil, let asOf?):
            guard try asOf.bool("as_of") else {
                throw ModelError("freshness", "as_of can only be true", position: asOf.position, hint: "or use current: 7d")
            }
            guard statement.inForce != nil else {
                throw ModelError(
                    "freshness", "as_of means the last day of in_force, and the statement has no in_force", position: asOf.position,
                    hint: "add in_force, or use current: 7d")
            }
            return .asOf
        default: throw ModelError("freshness", "freshness needs either current or as_of", position: node.position)
        }
    }

    /// Seconds from `7d`, `12h` or `30m`: at least one, at most 3,660 days.
    private static func parseDuration(_ node: YAMLNode) throws(ModelError) -> UInt64 {
        let text = try node.text("current")
        let units: [Character: UInt64] = ["d": 86_400, "h": 3_600, "m": 60]
        guard let last = text.last, let unit = units[last], let count = DecimalInteger.parse(String(text.dropLast())), count > 0,
            count <= 3_660 * 86_400 / unit
        else {
            throw ModelError("duration", "a duration is a number with d, h or m, at most 3660d", position: node.position, hint: "e.g. 7d")
        }
        return count * unit
    }
}
