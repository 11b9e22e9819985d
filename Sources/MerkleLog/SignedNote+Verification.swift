// SPDX-License-Identifier: Apache-2.0
internal import FaultInjection
internal import Primitives

/// A signature of a note that a known key has verified.
public struct VerifiedSignature: Equatable, Sendable {
    /// The known key.
    public let key: VerifierKey
    /// Seconds since 1970 for a cosignature, below 2^63; nil for a plain signature.
    public let timestamp: UInt64?
}

extension SignedNote {
    /// The valid signatures of the known keys, one for each key. Lines of unknown keys are ignored. Of two cosignatures of one key the later time counts:
    /// that is what the cosigner last said.
    ///
    /// - Throws: what ``allVerifiedSignatures(by:)`` throws.
    public func verifiedSignatures(by keys: [VerifierKey]) throws(MerkleLogError) -> [VerifiedSignature] {
        var verified: [VerifiedSignature] = []
        for result in try allVerifiedSignatures(by: keys) {
            if let earlier = verified.firstIndex(where: { $0.key == result.key }) {
                if let old = verified[earlier].timestamp, let new = result.timestamp, new > old { verified[earlier] = result }
            } else {
                verified.append(result)
            }
        }
        return verified
    }

    /// The valid signatures of the known keys, in the note's order, all of each key. Lines of unknown keys are ignored.
    ///
    /// Every line of a known key is verified; if one is invalid, the whole note is refused.
    ///
    /// - Throws: ``MerkleLogError/ambiguousKey(_:)`` when two of `keys` match one line, ``MerkleLogError/invalidSignature(_:)``.
    public func allVerifiedSignatures(by keys: [VerifierKey]) throws(MerkleLogError) -> [VerifiedSignature] {
        var verified: [VerifiedSignature] = []
        for signature in signatures {
            let matching = keys.filter { $0.matches(signature) }
            guard let key = matching.first else { continue }
            guard matching.count == 1 else { throw .ambiguousKey(key.name) }
            verified.append(try verify(signature, by: key))
        }
        return verified
    }

    private func verify(_ signature: NoteSignature, by key: VerifierKey) throws(MerkleLogError) -> VerifiedSignature {
        switch key.type {
        case .ed25519:
            let isValid = Ed25519.verify(signature: signature.signature, message: signedBytes, publicKey: key.publicKey)
            guard Fault.isRemoved(.noteSignature) || isValid else { throw .invalidSignature(key.name) }
            return VerifiedSignature(key: key, timestamp: nil)
        case .cosignature:
            guard let (timestamp, ed25519) = Cosignature.parse(signature.signature) else { throw .invalidSignature(key.name) }
            let message = Cosignature.signedBytes(timestamp: timestamp, checkpointText: text)
            let isValid = Ed25519.verify(signature: ed25519, message: message, publicKey: key.publicKey)
            guard Fault.isRemoved(.cosignature) || isValid else { throw .invalidSignature(key.name) }
            return VerifiedSignature(key: key, timestamp: timestamp)
        }
    }
}
