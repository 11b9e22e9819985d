// SPDX-License-Identifier: Apache-2.0

/// The schemas and policies that are part of the program, as the text of their files in `circuits/`.
public enum Circuits {
    /// The text of `circuits/schemas/<name>.yaml`; `nil` for an unknown name.
    public static func schema(named name: String) -> [UInt8]? {
        schemas[name]
    }

    /// The names of the schemas, the default first.
    public static let schemaNames = ["consent-v1", "test-small"]

    /// The text of `circuits/policies/<name>.yaml`; `nil` for an unknown name.
    public static func policy(named name: String) -> [UInt8]? {
        policies[name]
    }

    /// The names of the example policies.
    public static let policyNames = ["research"]

    private static let schemas = ["consent-v1": PackageResources.consent_v1_yaml, "test-small": PackageResources.test_small_yaml]
    private static let policies = ["research": PackageResources.research_yaml]
}
