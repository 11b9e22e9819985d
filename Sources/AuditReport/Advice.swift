// SPDX-License-Identifier: Apache-2.0
public import ConsentVerifier

extension Finding.Code {
    /// What an auditor can do about a finding: one sentence.
    public var advice: String {
        switch self {
        case .statement: "Ask the holder for a bundle made with exactly this policy; the statements differ."
        case .schema: "Check that both sides use the same schema file; then ask for a new bundle."
        case .context: "Ask the holder for a bundle made with --context as in the policy: this one was made for another occasion."
        case .unknownLedger: "Add the ledger with its keys to the policy if you trust its issuer; otherwise the consents do not count."
        case .checkpoint:
            "Compare the ledger's key in the policy with the one that the issuer publishes; if they agree, treat the bundle as forged."
        case .quorum:
            "Ask the holder for a bundle whose checkpoints the policy's cosigners have signed: without them a checkpoint has no time."
        case .entry: "Ask the holder for consents issued under the policy's schema."
        case .duplicateEntry: "Ask the issuer why one entry is in its ledger twice."
        case .inclusion: "Treat the bundle as forged: it shows entries that are not in the ledger."
        case .revocationList: "Treat the bundle as forged: its list of withdrawals is not the ledger's."
        case .revoked: "The holder must remove the rows of this consent and register the dataset anew."
        case .set:
            "Ask the holder to prove again against the ledger's newest list of withdrawals: what these proofs are about has changed, and which data "
                + "points lost their consent cannot be told from them."
        case .stale: "Ask the holder for a new bundle, or give the ledger's newest list with --revocations."
        case .rollback:
            "Ask for a bundle with the ledger's newest checkpoint, or give its newest list with --revocations. A ledger that shows two histories "
                + "cannot be trusted: keep the files, which prove it."
        case .loggedBy:
            "The consents were not, or are not shown to have been, in the ledger by the policy's day: ask the holder for others."
        case .registry: "Ask the holder to have the dataset's manifest entered in the registry of a ledger that the policy trusts."
        case .manifest: "The data points are not those that were registered: ask for a bundle of the registered dataset."
        case .oneToOne: "The policy wants a consent of its own for every data point: ask the holder for the missing ones."
        case .tooFew: "The policy wants more distinct consents: ask the holder for a larger dataset."
        case .encoding: "Treat the bundle as forged or damaged."
        case .proof: "Ask the holder to run prove again, which names the rows; do not use the dataset until a bundle holds."
        }
    }
}
