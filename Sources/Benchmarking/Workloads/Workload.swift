// SPDX-License-Identifier: Apache-2.0
internal import Groups

/// What workloads with files are told.
struct WorkloadSetting {
    /// A folder in which data sets are kept between runs; `nil`: made anew and removed.
    let fixtures: String?
    /// Told what is being prepared.
    let progress: (String) -> Void
}

/// A name of `zkconsent bench`, with the cases that it stands for.
struct Workload: Sendable {
    let name: String
    /// One line for `--list`.
    let summary: String
    /// The numbers of items if none are asked for.
    let sizes: [Int]
    /// Whether it runs on every group, or on the one of the consent layer only.
    let isGeneric: Bool
    /// The cases for one group and one number of items.
    let cases: @Sendable (any Group.Type, Int, WorkloadSetting) throws -> [BenchmarkCase]

    /// The groups that are measured. A further group is one more line here.
    static let groups: [any Group.Type] = [
        Ristretto255.self,
        P256.self,
        Secp256k1.self,
        BLS12381G1.self,
        Modp2048.self,
        Modp3072.self,
    ]

    private init(
        _ name: String, _ summary: String, _ sizes: [Int],
        _ cases: @escaping @Sendable (any Group.Type, Int) throws -> [BenchmarkCase]
    ) {
        (self.name, self.summary, self.sizes, isGeneric) = (name, summary, sizes, true)
        self.cases = { group, n, _ in try cases(group, n) }
    }

    private init(
        consent name: String, _ summary: String, _ sizes: [Int],
        _ cases: @escaping @Sendable (Int, WorkloadSetting) throws -> [BenchmarkCase]
    ) {
        (self.name, self.summary, self.sizes, isGeneric) = (name, summary, sizes, false)
        self.cases = { _, n, setting in try cases(n, setting) }
    }

    /// All, in the order in which they run.
    static let all: [Workload] = [
        Workload("decode", "canonical encodings to elements", [16_384]) { try GroupWorkloads.decode($0, $1) },
        Workload("encode", "elements to canonical encodings", [16_384]) { try GroupWorkloads.encode($0, $1) },
        Workload("hash-to-group", "uniform bytes to elements", [4_096]) { try GroupWorkloads.hashToGroup($0, $1) },
        Workload("msm", "multi-scalar multiplication of public scalars, 128 bits and full", [1_024, 16_384, 65_536]) {
            try GroupWorkloads.multiScalar($0, $1)
        },
        Workload("msm-chosen", "the same with inputs chosen to be slow: msm-equal-scalars, msm-zero-scalars, msm-repeated-points", [16_384])
        {
            try GroupWorkloads.chosenInputs($0, $1)
        },
        Workload("multi-scalar-secret", "multi-scalar multiplication, constant time; n = 1 is one secret multiplication", [1, 1_024]) {
            try GroupWorkloads.multiScalarSecret($0, $1)
        },
        Workload("fixed-base", "multiples of the generator, constant time", [1_024]) { try GroupWorkloads.fixedBase($0, $1) },
        Workload("commit", "Pedersen commitments m G + r H, constant time", [1_024]) { try GroupWorkloads.commit($0, $1) },
        Workload("opening-verify-batch", "opening proofs in one batch, from bytes to verdict", [1_000, 100_000]) {
            try OpeningWorkloads.verifyBatch($0, $1)
        },
        Workload("opening-verify-single", "opening proofs one at a time, from bytes to verdict", [256]) {
            try OpeningWorkloads.verifySingle($0, $1)
        },
        Workload("opening-prove", "opening proofs, the prover's own check included", [64]) { try OpeningWorkloads.prove($0, $1) },
        Workload("range-prove", "range proofs of one value of 64 bits, commitment and the prover's own check included", [16]) {
            try RangeWorkloads.prove($0, $1)
        },
        Workload("range-verify-batch", "range proofs of one value of 64 bits in one batch, from bytes to verdict", [256]) {
            try RangeWorkloads.verifyBatch($0, $1)
        },
        Workload("folded-prove", "a folded proof without its columns, a tail of n places; folded-compress, its compression", [7_350]) {
            try FoldedWorkloads.prove($0, $1)
        },
        Workload("folded-verify", "a folded proof without its columns, from bytes to verdict; a tail of n places", [7_350]) {
            try FoldedWorkloads.verify($0, $1)
        },
        Workload(consent: "membership-prove", "membership proofs in a set of 65,536, the prover's own check included", [1]) { n, _ in
            try MembershipWorkloads.prove(n)
        },
        Workload(consent: "membership-verify", "membership proofs in a set of 65,536, from the bytes of the set to verdict", [1]) { n, _ in
            try MembershipWorkloads.verify("membership-verify", n)
        },
        Workload(consent: "membership-verify-batch", "the same, twenty in one batch", [20]) { n, _ in
            try MembershipWorkloads.verify("membership-verify-batch", n)
        },
        Workload(consent: "dataset-verify", "a dataset's bundle, from warm files to verdict", [1_000, 100_000]) {
            try DatasetWorkloads.verify($0, $1)
        },
        Workload(consent: "dataset-verify-advice", "the same with decoding advice in the bundle", [1_000, 100_000]) {
            try DatasetWorkloads.verifyWithAdvice($0, $1)
        },
        Workload(consent: "dataset-prove", "a dataset's bundle, from stores to bytes, own verification included", [1_000, 100_000]) {
            try DatasetWorkloads.prove($0, $1)
        },
        Workload(consent: "point-verify-batch", "point proofs in one bundle, from bytes to verdict", [1_000, 100_000]) {
            try PointWorkloads.verify(.linear, $0, $1)
        },
        Workload(consent: "point-verify-batch-range", "the same with a range clause of 32 bits", [1_000]) {
            try PointWorkloads.verify(.range, $0, $1)
        },
        Workload(consent: "point-any-of-verify-batch", "the same with two alternatives and no range clause", [1_000]) {
            try PointWorkloads.verify(.anyOf, $0, $1)
        },
        Workload(consent: "point-verify-single", "point proofs one at a time, from bytes to verdict", [64]) {
            try PointWorkloads.verifySingle($0, $1)
        },
        Workload(consent: "point-prove", "a bundle of point proofs, from stores to bytes, own verification included", [1_000]) {
            try PointWorkloads.prove(.linear, $0, $1)
        },
        Workload(consent: "point-prove-range", "the same with a range clause of 32 bits", [64]) {
            try PointWorkloads.prove(.range, $0, $1)
        },
        Workload(consent: "point-any-of-prove", "the same with two alternatives and no range clause", [1_000]) {
            try PointWorkloads.prove(.anyOf, $0, $1)
        },
        Workload(consent: "unlinkable-verify-batch", "unlinkable point proofs about 65,536 entries, from bytes to verdict", [20]) {
            try UnlinkableWorkloads.verify($0, $1)
        },
        Workload(consent: "unlinkable-prove", "the same from stores to bytes, own verification included", [20]) {
            try UnlinkableWorkloads.prove($0, $1)
        },
        Workload(consent: "commit-records", "data-point commitments of records, constant time", [16_384]) { n, _ in
            DatasetWorkloads.commitRecords(n)
        },
        Workload(consent: "commit-consents", "commitments of consents under consent-v1, constant time", [1_024]) { n, _ in
            try DatasetWorkloads.commitConsents(n)
        },
        Workload(consent: "proof-size", "bytes of proofs and files", [1_000]) { try DatasetWorkloads.proofSize($0, $1) },
    ]
}
