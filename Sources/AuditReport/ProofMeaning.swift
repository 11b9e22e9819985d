// SPDX-License-Identifier: Apache-2.0

/// The standing text of every report: what a proof that holds means, what that rests on, and what it does not mean.
public enum ProofMeaning {
    /// What holds.
    public static let states =
        "The holder knows openings of these data-point commitments and of these entries of these ledgers, such that every clause of this policy "
        + "holds for each pair, as of the policy's days and these checkpoints."
    /// What the statement rests on.
    public static let restsOn = [
        "The discrete logarithm problem in ristretto255, SHA-256, SHA-512 and SHAKE128. None of this is post-quantum sound.",
        "The issuer's ledger key, and that the issuer computed each entry itself or checked its full opening.",
        "Against split views and backdating, the cosigners that the policy demands; without independent ones every time is the issuer's own word.",
    ]
    /// What a proof does not say.
    public static let doesNotSay = [
        "It does not say that a human freely agreed.",
        "It does not say that a model was trained on just this file.",
        "An issuer that is also the holder can prove whatever it issues; logged_by and independent cosigners limit when.",
    ]
    /// What remains hidden, and what does not.
    public static let hides =
        "The data and the people stay hidden. The auditor learns which entry covers which commitment, the number of rows, repeats, revealed values and "
        + "later withdrawals; auditor and issuer together learn the identity of every row. Of unlinkable proofs both learn only the set "
        + "of entries that the consents of the rows are among, and revealed values; a record committed several times is several rows there, unseen."
    /// One line for a terminal.
    public static let short =
        "A proof says that the holder knows consents for these data points, not that people freely agreed or what else a model was trained on."
}
