// SPDX-License-Identifier: Apache-2.0
#if defined(__x86_64__)
#include "power.h"

_Static_assert(TOGETHER == 3, "square_times has three variables");

/// `x[k]^(2^count)` in place. Variables of their own stay in registers; elements of an array would be stored and loaded at every step.
__attribute__((noinline)) IFMA_FUNCTION static void square_times(fe8 x[TOGETHER], int count) {
    fe8 a = x[0], b = x[1], c = x[2];
    for (int step = 0; step < count; step++) {
        a = fe8_square(a);
        b = fe8_square(b);
        c = fe8_square(c);
    }
    x[0] = a;
    x[1] = b;
    x[2] = c;
}

IFMA_FUNCTION void fe8_raise_for_root(fe8 z[TOGETHER]) {
    // Comments name the exponent; 2^n - 1 is n ones.
    fe8 a[TOGETHER], b[TOGETHER], c[TOGETHER];
    EACH(k) a[k] = fe8_square(z[k]);                        // 2
    EACH(k) b[k] = fe8_mul(z[k], fe8_square(fe8_square(a[k])));  // 9
    EACH(k) a[k] = fe8_square(fe8_mul(a[k], b[k]));         // 22
    EACH(k) a[k] = fe8_mul(a[k], b[k]);                     // 5 ones
    EACH(k) b[k] = a[k];
    square_times(b, 5);
    EACH(k) a[k] = fe8_mul(a[k], b[k]);  // 10 ones
    EACH(k) b[k] = a[k];
    square_times(b, 10);
    EACH(k) b[k] = fe8_mul(b[k], a[k]);  // 20 ones
    EACH(k) c[k] = b[k];
    square_times(c, 20);
    EACH(k) b[k] = fe8_mul(b[k], c[k]);  // 40 ones
    square_times(b, 10);
    EACH(k) a[k] = fe8_mul(a[k], b[k]);  // 50 ones
    EACH(k) b[k] = a[k];
    square_times(b, 50);
    EACH(k) b[k] = fe8_mul(b[k], a[k]);  // 100 ones
    EACH(k) c[k] = b[k];
    square_times(c, 100);
    EACH(k) b[k] = fe8_mul(b[k], c[k]);  // 200 ones
    square_times(b, 50);
    EACH(k) a[k] = fe8_mul(a[k], b[k]);  // 250 ones
    square_times(a, 2);
    EACH(k) z[k] = fe8_mul(a[k], z[k]);  // 2^252 - 3
}

IFMA_FUNCTION fe8 fe8_invert(fe8 a) {
    // p - 2 = 8 (2^252 - 3) + 3.
    fe8 power[TOGETHER];
    EACH(k) power[k] = a;
    fe8_raise_for_root(power);
    fe8 r = power[0];
    for (int step = 0; step < 3; step++) r = fe8_square(r);
    return fe8_mul(r, fe8_mul(a, fe8_square(a)));
}

IFMA_FUNCTION uint32_t fe8_sqrt_ratio(const fe8 u[TOGETHER], const fe8 v[TOGETHER], fe8 root[TOGETHER]) {
    fe8 uv3[TOGETHER], power[TOGETHER];
    EACH(k) {
        const fe8 v3 = fe8_mul(fe8_square(v[k]), v[k]);
        uv3[k] = fe8_mul(u[k], v3);
        power[k] = fe8_mul(fe8_mul(uv3[k], v3), v[k]);  // u v^7
    }
    fe8_raise_for_root(power);
    uint32_t squares = 0;
    EACH(k) {
        const fe8 r = fe8_mul(uv3[k], power[k]);
        const fe8 check = fe8_reduce(fe8_mul_loose(v[k], fe8_square(r)));
        const fe8 minus_u = fe8_negate(u[k]);
        const __mmask8 correct = fe8_same_limbs(check, fe8_reduce(u[k]));
        const __mmask8 flipped = fe8_same_limbs(check, fe8_reduce(minus_u));
        const __mmask8 flipped_i = fe8_same_limbs(check, fe8_reduce(fe8_mul_loose(minus_u, fe8_constant(FE8_SQRT_M1))));
        const fe8 rotated = fe8_mul(r, fe8_constant(FE8_SQRT_M1));
        root[k] = fe8_absolute(fe8_blend(flipped | flipped_i, r, rotated));
        squares |= (uint32_t)(uint8_t)(correct | flipped) << (8 * k);
    }
    return squares;
}
#endif
