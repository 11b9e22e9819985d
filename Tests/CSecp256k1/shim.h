// SPDX-License-Identifier: Apache-2.0
// libsecp256k1 as a peer of the tests: points as compressed encodings, scalars as 32 big-endian bytes.
#pragma once
#include <stdint.h>
#include <string.h>
#include <secp256k1.h>
#include <secp256k1_extrakeys.h>
#include <secp256k1_schnorrsig.h>

static inline secp256k1_context *peer_secp256k1_new(void) {
    return secp256k1_context_create(SECP256K1_CONTEXT_SIGN | SECP256K1_CONTEXT_VERIFY);
}

/// Whether `encoding` (compressed or not) is a point; if so, its compressed form is written.
static inline int peer_secp256k1_decode(const secp256k1_context *context, const uint8_t *encoding, size_t count, uint8_t *out) {
    secp256k1_pubkey point;
    size_t size = 33;
    return secp256k1_ec_pubkey_parse(context, &point, encoding, count)
        && secp256k1_ec_pubkey_serialize(context, out, &size, &point, SECP256K1_EC_COMPRESSED);
}

/// out = a * G + b * P + Q. 33 zeros are the identity, which the library does not have: terms and results that are the identity are left out.
/// 0 if the library refuses anything else.
static inline int peer_secp256k1_combine(
    const secp256k1_context *context, const uint8_t *a, const uint8_t *b, const uint8_t *p, const uint8_t *q, uint8_t *out) {
    static const uint8_t zero[32] = {0};
    secp256k1_pubkey terms[3];
    const secp256k1_pubkey *used[3];
    size_t count = 0, size = 33;
    memset(out, 0, 33);
    if (memcmp(a, zero, 32)) {
        if (!secp256k1_ec_pubkey_create(context, &terms[count], a)) return 0;
        count++;
    }
    if (p[0] && memcmp(b, zero, 32)) {
        if (!secp256k1_ec_pubkey_parse(context, &terms[count], p, 33)) return 0;
        if (!secp256k1_ec_pubkey_tweak_mul(context, &terms[count], b)) return 0;
        count++;
    }
    if (q[0]) {
        if (!secp256k1_ec_pubkey_parse(context, &terms[count], q, 33)) return 0;
        count++;
    }
    for (size_t i = 0; i < count; i++) used[i] = &terms[i];
    secp256k1_pubkey sum;
    // Refused only when the sum is the identity.
    if (count == 0 || !secp256k1_ec_pubkey_combine(context, &sum, used, count)) return 1;
    return secp256k1_ec_pubkey_serialize(context, out, &size, &sum, SECP256K1_EC_COMPRESSED);
}

/// The x-only public key and the BIP-340 signature of a 32-byte message with auxiliary randomness; 0 if the secret key is none.
static inline int peer_schnorr_sign(
    const secp256k1_context *context, const uint8_t *secret, const uint8_t *message, const uint8_t *randomness, uint8_t *key,
    uint8_t *signature) {
    secp256k1_keypair pair;
    secp256k1_xonly_pubkey point;
    return secp256k1_keypair_create(context, &pair, secret) && secp256k1_keypair_xonly_pub(context, &point, NULL, &pair)
        && secp256k1_xonly_pubkey_serialize(context, key, &point)
        && secp256k1_schnorrsig_sign32(context, signature, message, &pair, randomness);
}

/// Whether a BIP-340 signature of a message of any length is valid.
static inline int peer_schnorr_verify(
    const secp256k1_context *context, const uint8_t *signature, const uint8_t *message, size_t count, const uint8_t *key) {
    secp256k1_xonly_pubkey point;
    return secp256k1_xonly_pubkey_parse(context, &point, key)
        && secp256k1_schnorrsig_verify(context, signature, message, count, &point);
}
