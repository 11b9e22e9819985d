// SPDX-License-Identifier: Apache-2.0

/// The schemas, policies and relations that are part of the program, as the text of their files in `circuits/`.
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
    public static let policyNames = ["research", "adult-study", "model-training"]

    /// The text of `circuits/<name>.relation`; `nil` for an unknown name.
    public static func relation(named name: String) -> [UInt8]? {
        relations[name]
    }

    /// The names of the relations, sorted.
    public static let relationNames = relations.keys.sorted()

    private static let schemas = ["consent-v1": PackageResources.consent_v1_yaml, "test-small": PackageResources.test_small_yaml]
    private static let policies = [
        "adult-study": PackageResources.adult_study_yaml, "model-training": PackageResources.model_training_yaml,
        "research": PackageResources.research_yaml,
    ]
    private static let relations: [String: [UInt8]] = [
        "aggregate_encryption": PackageResources.aggregate_encryption_relation,
        "bbs_blind_commitment_computation": PackageResources.bbs_blind_commitment_computation_relation,
        "bit": PackageResources.bit_relation,
        "bits": PackageResources.bits_relation,
        "consent_opening": PackageResources.consent_opening_relation,
        "consent_point": PackageResources.consent_point_relation,
        "consent_point_subject": PackageResources.consent_point_subject_relation,
        "data_point": PackageResources.data_point_relation,
        "discrete_logarithm": PackageResources.discrete_logarithm_relation,
        "dleq": PackageResources.dleq_relation,
        "dleq_derived_element": PackageResources.dleq_derived_element_relation,
        "elgamal_decryption": PackageResources.elgamal_decryption_relation,
        "instance_identity_element": PackageResources.instance_identity_element_relation,
        "instance_trivial_equation": PackageResources.instance_trivial_equation_relation,
        "opens_to": PackageResources.opens_to_relation,
        "pedersen_commitment": PackageResources.pedersen_commitment_relation,
        "pedersen_commitment_dleq": PackageResources.pedersen_commitment_dleq_relation,
        "revealed_attribute": PackageResources.revealed_attribute_relation,
        "same_subject": PackageResources.same_subject_relation,
    ]
}
