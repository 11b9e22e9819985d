// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
private import FaultInjection

/// What the verifiers of all kinds of bundles have in common: the checks of header, entries, ledgers and counts (docs/protocol.md section 4.3,
/// checks 3 to 11, 16 and 17).
protocol BundleVerifier {
    /// The auditor's policy.
    var policy: Policy { get }
}

extension BundleVerifier {
    /// What `parse` reads of a bundle: see below.
    func reading<Columns>(
        _ bytes: [UInt8], file: String?, _ parse: () throws(ModelError) -> Columns
    ) throws(ModelError) -> Columns {
        try reading(file, statement: { try? BundleSummary(parsing: bytes).header.statement }, parse)
    }

    /// What `parse` reads. If it cannot because of the columns, and the file says that it was made for another statement, that is the reason: then its
    /// columns are others.
    func reading<Columns>(
        _ file: String?, statement: () -> [UInt8]?, _ parse: () throws(ModelError) -> Columns
    ) throws(ModelError) -> Columns {
        do throws(ModelError) {
            return try parse()
        } catch {
            let isOfColumns = error.code.hasPrefix("tensor-") || error.code == "point-revealed"
            guard isOfColumns, let statement = statement(), statement != policy.statements.digest else { throw error }
            throw ModelError(
                "bundle-statement",
                "the bundle was made for another statement than that of the policy \(policy.name), and has other columns", file: file,
                hint: "verify it under the policy that it was made for, or ask its holder for one under yours")
        }
    }

    /// The header names what the proof was made for; a difference explains a refusal that the transcript would cause anyway.
    func checkHeader(_ bundle: some BundleColumns, _ verdict: inout Verdict) {
        let header = bundle.header
        if header.schemas != policy.statements.schemas.map(\.digest), !Fault.isRemoved(.headerSchema) {
            let names = policy.statements.labels.joined(separator: ", ")
            verdict.findings.append(Finding(.schema, "the bundle was made for another schema than \(names)"))
        }
        if header.statement != policy.statements.digest, !Fault.isRemoved(.headerStatement) {
            verdict.findings.append(
                Finding(.statement, "the bundle was made for another statement than that of the policy \(policy.name)"))
        }
        if let context = policy.acceptance.context, !context.utf8.elementsEqual(header.context.utf8), !Fault.isRemoved(.contextMatch) {
            verdict.findings.append(Finding(.context, "the bundle was made for the context \"\(header.context)\", not \"\(context)\""))
        }
    }

    /// Counts that the policy limits.
    func checkCounts(_ verdict: inout Verdict) {
        if policy.acceptance.isOneToOne, verdict.distinctConsents != verdict.dataPoints, !Fault.isRemoved(.oneToOne) {
            verdict.findings.append(
                Finding(
                    .oneToOne,
                    "\(verdict.dataPoints) data points are covered by only \(verdict.distinctConsents) consents, and the policy wants one each"
                ))
        }
        if let minimum = policy.acceptance.minimumDistinctConsents, UInt64(verdict.distinctConsents) < minimum,
            !Fault.isRemoved(.minimumDistinct)
        {
            verdict.findings.append(
                Finding(.tooFew, "there are \(verdict.distinctConsents) distinct consents, and the policy wants at least \(minimum)"))
        }
    }
}
