// SPDX-License-Identifier: Apache-2.0
internal import Primitives

/// A secret under a passphrase: AES-256-GCM with a key from scrypt.
///
/// | bytes | field |
/// |---|---|
/// | 19 | `zkconsent/sealed/1\n` |
/// | 1 | log2 N |
/// | 4 | r, least significant byte first |
/// | 4 | p, least significant byte first |
/// | 32 | salt |
/// | 12 | nonce |
/// | rest | ciphertext and 16-byte tag |
///
/// Everything before the ciphertext is authenticated. Salt and nonce are fresh for every file, and the key serves one file only.
/// Parameters read from a file are bounded before any memory is taken. The passphrase goes into scrypt as it is; HMAC inside it does not
/// see NUL bytes at the end of a passphrase of up to 64 bytes.
public enum SealedFile {
    /// Cost parameters of scrypt (RFC 7914).
    public struct Parameters: Equatable, Sendable {
        /// The binary logarithm of the cost N, 14...20.
        public let log2N: UInt8
        /// Block size, 1...32.
        public let r: UInt32
        /// Parallelisation, 1...16.
        public let p: UInt32

        /// N = 2^17, r = 8, p = 1: 128 MiB and about a third of a second.
        public static let standard = Parameters(uncheckedLog2N: 17, r: 8, p: 1)

        private init(uncheckedLog2N log2N: UInt8, r: UInt32, p: UInt32) {
            self.log2N = log2N
            self.r = r
            self.p = p
        }

        /// Parameters within the bounds: 14 <= log2 N <= 20, 1 <= r <= 32, 1 <= p <= 16, 128 N r <= 1 GiB.
        ///
        /// - Throws: ``SecretsError/parameters``.
        public init(log2N: UInt8, r: UInt32, p: UInt32) throws(SecretsError) {
            guard (14...20).contains(log2N), (1...32).contains(r), (1...16).contains(p) else { throw .parameters }
            guard 128 << Int(log2N) * Int(r) <= 1 << 30 else { throw .parameters }
            self.init(uncheckedLog2N: log2N, r: r, p: p)
        }
    }

    /// The first bytes of every sealed file.
    public static let magic = Array("\(format)\n".utf8)
    /// Their first line.
    public static let format = "\(formatName)\(version)"
    /// The version that is written and read.
    public static let version = 1
    private static let formatName = "zkconsent/sealed/"

    /// The version of a sealed file of another version; nil of other files.
    public static func otherVersion(_ file: [UInt8]) -> Int? {
        let line = String(decoding: file.prefix { $0 != UInt8(ascii: "\n") }.prefix(32), as: UTF8.self)
        guard line.hasPrefix(formatName), let found = Int(line.dropFirst(formatName.count)), found >= 0, found != version,
            line == "\(formatName)\(found)"
        else { return nil }
        return found
    }
    static let saltByteCount = 32
    static var headerByteCount: Int { magic.count + 9 + saltByteCount + AESGCM.nonceByteCount }

    /// Encrypts `plaintext`. Two files of the same plaintext and passphrase differ.
    ///
    /// - Throws: ``SecretsError/length`` for 2^31 bytes and more, ``SecretsError/backend``.
    public static func seal(
        _ plaintext: Span<UInt8>, passphrase: Span<UInt8>, parameters: Parameters = .standard
    ) throws(SecretsError) -> [UInt8] {
        let salt = SystemRandom.bytes(saltByteCount)
        let nonce = SystemRandom.bytes(AESGCM.nonceByteCount)
        var header = magic
        header.append(parameters.log2N)
        header.appendLE32(parameters.r)
        header.appendLE32(parameters.p)
        header += salt + nonce
        let key = try deriveKey(passphrase, salt: salt, parameters)
        return header + (try encrypt(plaintext, key: key, nonce: nonce, authenticating: header))
    }

    /// Encrypts the contents of a cell.
    public static func seal(
        _ plaintext: borrowing SecretBytes, passphrase: Span<UInt8>, parameters: Parameters = .standard
    ) throws(SecretsError) -> [UInt8] {
        try plaintext.withSpan { (bytes) throws(SecretsError) in try seal(bytes, passphrase: passphrase, parameters: parameters) }
    }

    /// Decrypts a sealed file. Hostile input is refused with an error after bounded work.
    ///
    /// - Throws: ``SecretsError/format``, ``SecretsError/parameters`` or ``SecretsError/authentication``.
    public static func open(_ file: [UInt8], passphrase: Span<UInt8>) throws(SecretsError) -> SecretBytes {
        guard file.count >= headerByteCount + AESGCM.tagByteCount, Array(file.prefix(magic.count)) == magic else { throw .format }
        let r = UInt32(littleEndian: file, at: magic.count + 1)
        let p = UInt32(littleEndian: file, at: magic.count + 5)
        let parameters = try Parameters(log2N: file[magic.count], r: r, p: p)
        let saltStart = magic.count + 9
        let nonceStart = saltStart + saltByteCount
        let key = try deriveKey(passphrase, salt: Array(file[saltStart..<nonceStart]), parameters)
        return try decrypt(
            file.span.extracting(headerByteCount..<file.count), key: key, nonce: Array(file[nonceStart..<headerByteCount]),
            authenticating: Array(file[0..<headerByteCount]))
    }

    private static func deriveKey(
        _ passphrase: Span<UInt8>, salt: [UInt8], _ parameters: Parameters
    ) throws(SecretsError) -> SecretBytes {
        var key = SecretBytes(count: AESGCM.keyByteCount)
        do {
            try key.withMutableSpan { (out) throws(PrimitivesError) in
                try Scrypt.derive(
                    passphrase: passphrase, salt: salt, n: 1 << Int(parameters.log2N), r: Int(parameters.r), p: Int(parameters.p),
                    into: &out)
            }
        } catch {
            throw .backend
        }
        key.classify()
        return key
    }
}

/// AES-256-GCM from a cell: ciphertext and tag.
func encrypt(
    _ plaintext: Span<UInt8>, key: borrowing SecretBytes, nonce: [UInt8], authenticating data: [UInt8]
) throws(SecretsError) -> [UInt8] {
    do {
        var box = try key.withSpan { (key) throws(PrimitivesError) in
            try AESGCM.seal(plaintext, key: key, nonce: nonce, authenticating: data)
        }
        declassify(&box, as: .ciphertext)
        return box
    } catch .invalidLength {
        throw .length
    } catch {
        throw .backend
    }
}

/// AES-256-GCM into a cell.
func decrypt(
    _ box: Span<UInt8>, key: borrowing SecretBytes, nonce: [UInt8], authenticating data: [UInt8]
) throws(SecretsError) -> SecretBytes {
    do {
        var plaintext = try key.withSpan { (key) throws(PrimitivesError) in
            try AESGCM.open(box, key: key, nonce: nonce, authenticating: data)
        }
        let cell = SecretBytes(copying: plaintext.span)
        wipe(&plaintext)
        return cell
    } catch .authenticationFailed {
        throw .authentication
    } catch .invalidLength {
        throw .length
    } catch {
        throw .backend
    }
}

extension UInt32 {
    /// Four bytes, least significant first.
    fileprivate init(littleEndian bytes: [UInt8], at offset: Int) {
        self = 0
        for i in 0..<4 { self |= UInt32(bytes[offset + i]) << UInt32(8 * i) }
    }
}
