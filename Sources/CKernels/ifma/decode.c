// SPDX-License-Identifier: Apache-2.0
// Decoding of ristretto255 elements, RFC 9496, 4.3.1, 24 at a time, with or without advice. Variable names are the RFC's. Public data only.
#if defined(__x86_64__)
#include "power.h"

#include "CKernels.h"

#include <string.h>

/// What decoding needs around the inverse square root.
typedef struct {
    fe8 s, u1, u2, v;
    /// v u2^2, whose inverse square root I is wanted.
    fe8 w;
    /// Lanes whose bytes are below p and even.
    __mmask8 canonical;
} decoding;

/// Everything before the inverse square root, for eight strings of 32 bytes.
IFMA_INLINE decoding begin(const uint8_t *bytes) {
    decoding d;
    vec words[4];
    words_load(bytes, 32, words);
    d.s = fe8_from_words(words);  // limb 4 < 2^52 for now
    const fe8 reduced = fe8_reduce(d.s);
    d.canonical = fe8_same_limbs(reduced, d.s) & (__mmask8)~fe8_odd_of_reduced(reduced);
    d.s = reduced;
    const fe8 one = fe8_small(1), ss = fe8_square_loose(d.s);
    d.u1 = fe8_carry(fe8_sub(one, ss));
    d.u2 = fe8_carry(fe8_add(one, ss));
    const fe8 u2_squared = fe8_square(d.u2);
    const fe8 d_u1_squared = fe8_mul_loose(fe8_constant(FE8_D), fe8_square(d.u1));
    d.v = fe8_carry(fe8_sub(fe8_sub(fe8_small(0), d_u1_squared), u2_squared));
    d.w = fe8_mul(d.v, u2_squared);
    return d;
}

/// Everything after it: writes eight points with Z = 1 and returns the lanes that are elements. `inverse` is carried; its sign does not
/// matter, for x is made non-negative and y holds its square.
IFMA_INLINE __mmask8 finish(const decoding *d, fe8 inverse, uint64_t *points) {
    const fe8 den_x = fe8_mul(inverse, d->u2);
    const fe8 den_y = fe8_mul(fe8_mul(inverse, den_x), d->v);
    const fe8 x = fe8_absolute(fe8_mul_loose(fe8_carry(fe8_add(d->s, d->s)), den_x));
    const fe8 y = fe8_mul(d->u1, den_y);
    const fe8 t = fe8_reduce(fe8_mul_loose(x, y));
    const fe8 reduced_y = fe8_reduce(y);
    vec low[8], high[8] = {vec_all(1), vec_zero(), vec_zero(), vec_zero()};
    fe8_to_words(fe8_reduce(x), low);
    fe8_to_words(reduced_y, low + 4);
    fe8_to_words(t, high + 4);
    vec_transpose(low);
    vec_transpose(high);
    for (int i = 0; i < 8; i++) {
        _mm512_storeu_si512(points + 16 * i, low[i]);
        _mm512_storeu_si512(points + 16 * i + 8, high[i]);
    }
    return (__mmask8)~(fe8_odd_of_reduced(t) | fe8_same_limbs(reduced_y, fe8_small(0)));
}

/// The inverse square roots, RFC 9496's SQRT_RATIO_M1(1, w), and the lanes where they exist.
IFMA_INLINE uint32_t inverse_roots(const decoding d[TOGETHER], fe8 root[TOGETHER]) {
    fe8 w3[TOGETHER], power[TOGETHER];
    EACH(k) {
        w3[k] = fe8_mul(fe8_square(d[k].w), d[k].w);
        power[k] = fe8_mul(fe8_square(w3[k]), d[k].w);
    }
    fe8_raise_for_root(power);
    uint32_t squares = 0;
    EACH(k) {
        const fe8 r = fe8_mul(w3[k], power[k]);
        const fe8 check = fe8_reduce(fe8_mul_loose(d[k].w, fe8_square(r)));
        // w r^2 is 1, -1, i or -i, or 0 where w is; r is the root, or i times r is, where it is 1 or -1.
        const fe8 minus_one = fe8_constant((const uint64_t[5]){LIMB_MASK - 19, LIMB_MASK, LIMB_MASK, LIMB_MASK, LIMB_MASK});
        const __mmask8 plus = fe8_same_limbs(check, fe8_small(1)), minus = fe8_same_limbs(check, minus_one);
        root[k] = fe8_blend(minus, r, fe8_mul(r, fe8_constant(FE8_SQRT_M1)));
        squares |= (uint32_t)(uint8_t)(plus | minus) << (8 * k);
    }
    return squares;
}

/// Decodes 24 strings; returns the lanes that are elements. `roots`, if any, receives the non-negative inverse square roots, 32 bytes each.
__attribute__((noinline)) IFMA_FUNCTION static uint32_t decode_block(const uint8_t *bytes, uint64_t *points, uint8_t *roots) {
    decoding d[TOGETHER];
    fe8 root[TOGETHER];
    EACH(k) d[k] = begin(bytes + 256 * k);
    uint32_t elements = inverse_roots(d, root);
    EACH(k) {
        const uint32_t good = (uint8_t)(finish(&d[k], root[k], points + 128 * k) & d[k].canonical);
        elements &= good << (8 * k) | ~((uint32_t)0xff << (8 * k));
        if (roots) {
            vec words[4];
            fe8_to_words(fe8_reduce(fe8_absolute(root[k])), words);
            words_store(words, roots + 256 * k);
        }
    }
    return elements;
}

/// Decodes 24 strings with the advice of each. Returns 0 if the advice of any lane is not exactly the root that decoding computes.
__attribute__((noinline)) IFMA_FUNCTION static int decode_block_advised(
    const uint8_t *bytes, const uint8_t *advice, uint64_t *points, uint32_t *elements) {
    *elements = 0;
    EACH(k) {
        vec words[4];
        const decoding d = begin(bytes + 256 * k);
        words_load(advice + 256 * k, 32, words);
        const fe8 given = fe8_from_words(words), root = fe8_reduce(given);
        __mmask8 right = fe8_same_limbs(given, root) & (__mmask8)~fe8_odd_of_reduced(root);
        right &= fe8_same_limbs(fe8_reduce(fe8_mul_loose(fe8_square(root), d.w)), fe8_small(1));
        if (right != 0xff) return 0;
        *elements |= (uint32_t)(uint8_t)(finish(&d, root, points + 128 * k) & d.canonical) << (8 * k);
    }
    return 1;
}

size_t zk_ifma_decode(const uint8_t *bytes, const uint8_t *advice, size_t count, uint64_t *points, uint8_t *roots) {
    for (size_t start = 0; start < count; start += BLOCK) {
        const size_t n = count - start < BLOCK ? count - start : BLOCK;
        const uint8_t *in = bytes + 32 * start, *hint = advice ? advice + 32 * start : 0;
        uint64_t *out = points + 16 * start, last_points[16 * BLOCK];
        uint8_t *root = roots ? roots + 32 * start : 0, last_bytes[32 * BLOCK], last_hint[32 * BLOCK], last_roots[32 * BLOCK];
        if (n < BLOCK) {
            // The rest of the last block repeats its first string.
            for (size_t i = 0; i < BLOCK; i++) {
                memcpy(last_bytes + 32 * i, in + 32 * (i < n ? i : 0), 32);
                if (hint) memcpy(last_hint + 32 * i, hint + 32 * (i < n ? i : 0), 32);
            }
            in = last_bytes;
            out = last_points;
            if (hint) hint = last_hint;
            if (root) root = last_roots;
        }
        uint32_t elements;
        if (!hint || !decode_block_advised(in, hint, out, &elements)) elements = decode_block(in, out, root);
        if (n < BLOCK) {
            memcpy(points + 16 * start, last_points, 128 * n);
            if (roots) memcpy(roots + 32 * start, last_roots, 32 * n);
        }
        const uint32_t refused = ~elements & (((uint32_t)1 << n) - 1);
        if (refused) return start + (size_t)__builtin_ctz(refused);
    }
    return count;
}
#endif
