// SPDX-License-Identifier: Apache-2.0
private import Circuits

extension Policy {
    /// Parses a policy file.
    ///
    /// - Parameters:
    ///   - file: Its name, for errors.
    ///   - schema: Finds the schema that the policy names: a built-in name, or a path relative to the policy.
    /// - Throws: ``ModelError`` with line and column.
    public init(
        yaml bytes: [UInt8], file: String? = nil, schema: (String) throws(ModelError) -> Schema
    ) throws(ModelError) {
        do {
            let members = try YAMLReader.read(bytes).members(of: "a policy", required: ["policy", "statement", "acceptance"])
            let name = try SchemaName.parse(try members.required("policy"), "the policy's name")
            let statements = try Self.parseStatements(try members.required("statement"), schema: schema)
            let acceptance = try Self.parseAcceptance(try members.required("acceptance"), of: statements.parts[0])
            self.init(name: name, statements: statements, acceptance: acceptance)
        } catch {
            throw error.inFile(file)
        }
    }

    /// Parses a policy that names a built-in schema.
    public init(yaml bytes: [UInt8], file: String? = nil) throws(ModelError) {
        try self.init(yaml: bytes, file: file, schema: Schema.builtIn(named:))
    }

    /// The names of the example policies.
    public static var exampleNames: [String] { Circuits.policyNames }

    /// The text of an example policy, to be copied and changed.
    public static func exampleText(named name: String) -> [UInt8]? { Circuits.policy(named: name) }
}
