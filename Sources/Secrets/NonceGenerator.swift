// SPDX-License-Identifier: Apache-2.0
public import Groups
internal import Primitives

/// The hedged source of a prover's nonces: fresh randomness of the system, the witness and the statement, hashed together.
///
///     key     = SHA-512("zkconsent/v0/nonces" || LP(label) || random (64 bytes) || LP(witness) || LP(statement))
///     block i = SHA-512(key || LE64(i)), 64 bytes
///
/// `LP(x) = LE64(length) || x`. A scalar takes the first `wideByteCount` bytes of as many blocks as it needs and is reduced, within
/// 2^-128 of uniform; no block serves two scalars.
///
/// Security: if the system's randomness fails or repeats, nonces still differ for different witnesses or statements; if the witness is known,
/// they are as good as the system's randomness. Single use: the generator is not copyable and its counter never goes back.
public struct NonceGenerator: ~Copyable {
    private var input: SecretBytes
    private var counter: UInt64 = 0

    /// A generator for one proof.
    ///
    /// - Parameters:
    ///   - label: The protocol, for domain separation.
    ///   - witness: The secret witness, or all of it that is at hand.
    ///   - statement: What is proved, or its digest.
    public init(label: String, witness: Span<UInt8>, statement: Span<UInt8>) {
        self.init(label: label, witness: witness, statement: statement, random: SecretBytes.random(count: 64))
    }

    /// A generator with given randomness: for tests.
    package init(label: String, witness: Span<UInt8>, statement: Span<UInt8>, random: consuming SecretBytes) {
        var hasher = SHA512.Hasher()
        hasher.update(Array("zkconsent/v0/nonces".utf8))
        hasher.updatePrefixed(Array(label.utf8).span)
        random.withSpan { hasher.update($0) }
        hasher.updatePrefixed(witness)
        hasher.updatePrefixed(statement)
        var key = hasher.finalize()
        input = SecretBytes(count: 72)
        input.withMutableSpan { for i in 0..<64 { $0[i] = key[i] } }
        wipe(&key)
    }

    /// The next 64 bytes, written to `out[offset...]`.
    private mutating func block(into out: inout MutableSpan<UInt8>, at offset: Int, count: Int) {
        let index = counter
        counter += 1
        input.withMutableSpan { for i in 0..<8 { $0[64 + i] = UInt8(truncatingIfNeeded: index >> UInt64(8 * i)) } }
        var block = input.withSpan { SHA512.hash($0) }
        for i in 0..<count { out[offset + i] = block[i] }
        wipe(&block)
    }

    /// Fills `out` with bytes that are used nowhere else.
    public mutating func fill(_ out: inout MutableSpan<UInt8>) {
        for start in stride(from: 0, to: out.count, by: 64) { block(into: &out, at: start, count: min(64, out.count - start)) }
    }

    /// `count` fresh nonces.
    public mutating func scalars<G: Group>(_ group: G.Type, count: Int) -> SecretScalars<G> {
        let width = G.Scalar.wideByteCount
        var wide = SecretBytes(count: count * width)
        wide.withMutableSpan { out in
            for i in 0..<count {
                for start in stride(from: 0, to: width, by: 64) {
                    block(into: &out, at: i * width + start, count: min(64, width - start))
                }
            }
        }
        return wide.withSpan { SecretScalars(reducingWide: $0) }
    }
}

extension SHA512.Hasher {
    /// LE64(length) || bytes.
    fileprivate mutating func updatePrefixed(_ bytes: Span<UInt8>) {
        var length: [UInt8] = []
        length.appendLE64(UInt64(bytes.count))
        update(length)
        update(bytes)
    }
}

extension SecretScalars {
    /// `count` uniform scalars, hedged: see ``NonceGenerator``. The context is any data that names the occasion, secret or not.
    public static func random(count: Int, hedgedWith context: Span<UInt8>) -> SecretScalars<G> {
        let none: [UInt8] = []
        var generator = NonceGenerator(label: "scalars", witness: context, statement: none.span)
        return generator.scalars(G.self, count: count)
    }
}
