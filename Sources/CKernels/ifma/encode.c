// SPDX-License-Identifier: Apache-2.0
// Encoding of ristretto255 elements, RFC 9496, 4.3.2, 24 at a time. Variable names are the RFC's.
//
// Timing: no branch and no address depends on a coordinate.
#if defined(__x86_64__)
#include "points.h"

#include "CKernels.h"

#include <string.h>

__attribute__((noinline)) IFMA_FUNCTION static void encode_block(const uint64_t *points, uint8_t *bytes) {
    const fe8 sqrt_m1 = fe8_constant(FE8_SQRT_M1);
    ge8 p[TOGETHER];
    fe8 u1[TOGETHER], u2[TOGETHER], v[TOGETHER], one[TOGETHER], inverse[TOGETHER];
    EACH(k) {
        p[k] = ge8_load_words(points + 128 * k);
        u1[k] = fe8_mul(fe8_carry(fe8_add(p[k].z, p[k].y)), fe8_carry(fe8_sub(p[k].z, p[k].y)));
        u2[k] = fe8_mul(p[k].x, p[k].y);
        v[k] = fe8_mul(u1[k], fe8_square(u2[k]));
        one[k] = fe8_small(1);
    }
    fe8_sqrt_ratio(one, v, inverse);
    EACH(k) {
        const fe8 x = p[k].x, y = p[k].y, z = p[k].z, t = p[k].t;
        const fe8 den1 = fe8_mul(inverse[k], u1[k]), den2 = fe8_mul(inverse[k], u2[k]);
        const fe8 z_inverse = fe8_mul(fe8_mul(den1, den2), t);
        const __mmask8 rotate = fe8_negative(fe8_mul_loose(t, z_inverse));
        const fe8 rotated_x = fe8_blend(rotate, x, fe8_mul(y, sqrt_m1));
        const fe8 rotated_y = fe8_blend(rotate, y, fe8_mul(x, sqrt_m1));
        const fe8 den_inverse = fe8_blend(rotate, den2, fe8_mul(den1, fe8_constant(FE8_INVSQRT_A_MINUS_D)));
        const fe8 signed_y = fe8_negate_if(fe8_negative(fe8_mul_loose(rotated_x, z_inverse)), rotated_y);
        const fe8 s = fe8_absolute(fe8_mul_loose(den_inverse, fe8_carry(fe8_sub(z, signed_y))));
        vec words[4];
        fe8_to_words(fe8_reduce(s), words);
        words_store(words, bytes + 256 * k);
    }
}

void zk_ifma_encode(const uint64_t *points, size_t count, uint8_t *bytes) {
    for (size_t start = 0; start < count; start += BLOCK) {
        const size_t n = count - start < BLOCK ? count - start : BLOCK;
        if (n == BLOCK) {
            encode_block(points + 16 * start, bytes + 32 * start);
        } else {
            uint64_t last_points[16 * BLOCK];
            uint8_t last_bytes[32 * BLOCK];
            for (size_t i = 0; i < BLOCK; i++) memcpy(last_points + 16 * i, points + 16 * (start + (i < n ? i : 0)), 128);
            encode_block(last_points, last_bytes);
            memcpy(bytes + 32 * start, last_bytes, 32 * n);
        }
    }
}
#endif
