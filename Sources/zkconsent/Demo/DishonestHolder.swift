// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
internal import Foundation
internal import Holding
internal import Secrets
internal import Stores

/// A holder that skips every check of its own and hands out whatever comes out, in the demonstration and in tests. `zkconsent demo` makes such bundles of
/// its own synthetic consents; no option of `prove` does. Nothing rests on a holder's honesty: whoever wants can write such a program.
struct DishonestHolder {
    let folder: DemoFolder
    let datasets: String
    let passphraseFile: String

    /// Writes a bundle for a dataset that does not satisfy the policy; returns the seconds it took.
    func prove(dataset: String, records: String, policy: String, to bundle: String) throws -> Double {
        let start = ContinuousClock.now
        let passphrase = try Passphrase.read(file: passphraseFile)
        let store = try passphrase.withSpan { span in
            try DatasetStore.open(at: datasets, for: .reading, passphrase: span)
        }
        let receipts = try passphrase.withSpan { span in
            try ReceiptStore.open(at: folder("holder/receipts.sqlite"), for: .reading, passphrase: span)
        }
        let ledger = try LedgerStore.open(at: folder("issuer/ledger.sqlite"), for: .reading)
        let making = try BundleMaking(
            dishonestly: try Policy.load(path: policy), datasets: store, receipts: [receipts], ledgers: [ledger])
        let made = try making.make(
            dataset: dataset, records: try RecordFile(path: records), context: "", now: UInt64(Date().timeIntervalSince1970))
        try OutputFile.write(made.bytes, to: bundle, isSecret: false, force: true)
        return (ContinuousClock.now - start) / .seconds(1)
    }
}
