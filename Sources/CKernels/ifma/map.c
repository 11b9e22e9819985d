// SPDX-License-Identifier: Apache-2.0
// The one-way map of RFC 9496, 4.3.4, from 64 uniform bytes to an element, 24 at a time. Variable names are the RFC's.
//
// Timing: no branch and no address depends on the bytes.
#if defined(__x86_64__)
#include "points.h"

#include "CKernels.h"

#include <string.h>

/// MAP of the 32 bytes at `bytes`, `bytes + 64`, ...; the top bit is ignored.
IFMA_INLINE void map_block(const uint8_t *bytes, ge8 p[TOGETHER]) {
    fe8 input[TOGETHER], r[TOGETHER], u[TOGETHER], v[TOGETHER], root[TOGETHER];
    const fe8 one = fe8_small(1), d = fe8_constant(FE8_D);
    EACH(k) {
        vec words[4];
        words_load(bytes + 512 * k, 64, words);
        words[3] = vec_and(words[3], vec_all(0x7fffffffffffffff));
        input[k] = fe8_from_words(words);
        r[k] = fe8_mul(fe8_constant(FE8_SQRT_M1), fe8_square(input[k]));
        u[k] = fe8_mul(fe8_carry(fe8_add(r[k], one)), fe8_constant(FE8_ONE_MINUS_D_SQUARED));
        const fe8 minus_one_minus_rd = fe8_negate(fe8_add(one, fe8_mul_loose(r[k], d)));
        v[k] = fe8_mul(minus_one_minus_rd, fe8_carry(fe8_add(r[k], d)));
    }
    const uint32_t squares = fe8_sqrt_ratio(u, v, root);
    EACH(k) {
        const __mmask8 was_square = (__mmask8)(squares >> (8 * k));
        const fe8 other = fe8_negate(fe8_absolute(fe8_mul_loose(root[k], input[k])));
        const fe8 s = fe8_blend(was_square, other, root[k]);
        const fe8 c = fe8_blend(was_square, r[k], fe8_negate(one));
        const fe8 scaled = fe8_mul(fe8_mul(c, fe8_carry(fe8_sub(r[k], one))), fe8_constant(FE8_D_MINUS_ONE_SQUARED));
        const fe8 n = fe8_carry(fe8_sub(scaled, v[k]));
        const fe8 ss = fe8_square_loose(s);
        const fe8 w0 = fe8_mul(fe8_carry(fe8_add(s, s)), v[k]);
        const fe8 w1 = fe8_mul(n, fe8_constant(FE8_SQRT_AD_MINUS_ONE));
        const fe8 w2 = fe8_carry(fe8_sub(one, ss)), w3 = fe8_carry(fe8_add(one, ss));
        p[k] = (ge8){fe8_mul(w0, w3), fe8_mul(w2, w1), fe8_mul(w1, w3), fe8_mul(w0, w2)};
    }
}

__attribute__((noinline)) IFMA_FUNCTION static void points_block(const uint8_t *bytes, uint64_t *points) {
    ge8 first[TOGETHER], second[TOGETHER];
    map_block(bytes, first);
    map_block(bytes + 32, second);
    EACH(k) ge8_store_words(ge8_add(first[k], ge8_cached(second[k])), points + 128 * k);
}

void zk_ifma_map(const uint8_t *bytes, size_t count, uint64_t *points) {
    for (size_t start = 0; start < count; start += BLOCK) {
        const size_t n = count - start < BLOCK ? count - start : BLOCK;
        if (n == BLOCK) {
            points_block(bytes + 64 * start, points + 16 * start);
        } else {
            uint8_t last_bytes[64 * BLOCK];
            uint64_t last_points[16 * BLOCK];
            for (size_t i = 0; i < BLOCK; i++) memcpy(last_bytes + 64 * i, bytes + 64 * (start + (i < n ? i : 0)), 64);
            points_block(last_bytes, last_points);
            memcpy(points + 16 * start, last_points, 128 * n);
        }
    }
}
#endif
