// SPDX-License-Identifier: Apache-2.0
// P-256 of OpenSSL as a peer of the tests: points as SEC 1 encodings, scalars as 32 big-endian bytes.
#pragma once
#include <stdint.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>

/// OpenSSL's group and what its functions need.
typedef struct {
    EC_GROUP *group;
    BN_CTX *context;
} peer_p256;

static inline peer_p256 peer_p256_new(void) {
    peer_p256 peer = {EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1), BN_CTX_new()};
    return peer;
}

static inline void peer_p256_free(peer_p256 peer) {
    EC_GROUP_free(peer.group);
    BN_CTX_free(peer.context);
}

/// Whether `encoding` (any form of SEC 1) is a point; if so, its compressed form is written: 33 bytes, or 33 zeros for the identity.
static inline int peer_p256_decode(peer_p256 peer, const uint8_t *encoding, size_t count, uint8_t *out) {
    EC_POINT *point = EC_POINT_new(peer.group);
    int found = EC_POINT_oct2point(peer.group, point, encoding, count, peer.context);
    for (int i = 0; i < 33; i++) out[i] = 0;
    if (found && !EC_POINT_is_at_infinity(peer.group, point))
        EC_POINT_point2oct(peer.group, point, POINT_CONVERSION_COMPRESSED, out, 33, peer.context);
    EC_POINT_free(point);
    return found;
}

/// out = a * G + b * P + Q for compressed points; 33 zeros are the identity. 0 if a point is refused.
static inline int peer_p256_combine(
    peer_p256 peer, const uint8_t *a, const uint8_t *b, const uint8_t *p, const uint8_t *q, uint8_t *out) {
    BIGNUM *x = BN_bin2bn(a, 32, NULL), *y = BN_bin2bn(b, 32, NULL);
    EC_POINT *point = EC_POINT_new(peer.group), *other = EC_POINT_new(peer.group), *sum = EC_POINT_new(peer.group);
    int good = (p[0] ? EC_POINT_oct2point(peer.group, point, p, 33, peer.context) : EC_POINT_set_to_infinity(peer.group, point))
        && (q[0] ? EC_POINT_oct2point(peer.group, other, q, 33, peer.context) : EC_POINT_set_to_infinity(peer.group, other))
        && EC_POINT_mul(peer.group, sum, x, point, y, peer.context) && EC_POINT_add(peer.group, sum, sum, other, peer.context);
    for (int i = 0; i < 33; i++) out[i] = 0;
    if (good && !EC_POINT_is_at_infinity(peer.group, sum))
        EC_POINT_point2oct(peer.group, sum, POINT_CONVERSION_COMPRESSED, out, 33, peer.context);
    EC_POINT_free(point);
    EC_POINT_free(other);
    EC_POINT_free(sum);
    BN_free(x);
    BN_free(y);
    return good;
}
