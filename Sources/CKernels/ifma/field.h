// SPDX-License-Identifier: Apache-2.0
// Eight elements of the field of p = 2^255 - 19 elements at a time, on the multiplier for 52-bit integers (AVX-512 IFMA).
//
// An element is limb[0] + 2^51 limb[1] + 2^102 limb[2] + 2^153 limb[3] + 2^204 limb[4]; each vector holds one limb of eight elements.
// The two instructions multiply the low 52 bits of two lanes and add the low (madd52lo) or high (madd52hi) 52 bits of the 104-bit
// product to an accumulator of 64 bits. Radix 2^51, not 2^52, leaves a bit of room, so that sums are carried rarely.
//
// A high half weighs 2^52 = 2 * 2^51: it belongs, doubled, to the next column. So all high halves of a column are summed first, doubled
// once, and the low halves are added on top. 2^255 = 19 brings column k + 5 back to column k.
//
// Two states of an element, stated for every function:
//   carried   every limb < 2^51 + 2^18: may be multiplied
//   loose     every limb < 2^62: may be added to, subtracted or carried
// Products of carried elements are < 2^59 (below) and stay loose until they are multiplied again.
//
// Timing: no branch and no address depends on a value.
#pragma once
#if defined(__x86_64__)
#include "ifma.h"

typedef struct {
    vec limb[5];
} fe8;

#define LIMB_MASK (((uint64_t)1 << 51) - 1)
// The limbs of 1024 p: at least any product, so that what is subtracted never makes a limb negative.
#define BIAS_0 ((((uint64_t)1 << 51) - 19) << 10)
#define BIAS_N ((((uint64_t)1 << 51) - 1) << 10)

// MARK: Constants

IFMA_INLINE fe8 fe8_constant(const uint64_t limbs[5]) {
    fe8 r;
    for (int i = 0; i < 5; i++) r.limb[i] = vec_all(limbs[i]);
    return r;
}

IFMA_INLINE fe8 fe8_small(uint64_t x) { return fe8_constant((const uint64_t[5]){x, 0, 0, 0, 0}); }

/// `multiple / 1024` times 1024 p: `shift` halvings of the bias.
IFMA_INLINE fe8 fe8_bias(int shift) {
    return fe8_constant((const uint64_t[5]){BIAS_0 >> shift, BIAS_N >> shift, BIAS_N >> shift, BIAS_N >> shift, BIAS_N >> shift});
}

// MARK: Sums

/// Limbs of any size below 2^64 to carried: each limb passes its upper 13 bits on, the last one 19 times to the first.
/// Result: limb 0 < 2^51 + 19 * 2^13 < 2^51 + 2^18, the others < 2^51 + 2^13.
IFMA_INLINE fe8 fe8_carry(fe8 a) {
    const vec mask = vec_all(LIMB_MASK);
    fe8 r;
    r.limb[0] = _mm512_madd52lo_epu64(vec_and(a.limb[0], mask), _mm512_srli_epi64(a.limb[4], 51), vec_all(19));
    for (int i = 1; i < 5; i++) r.limb[i] = vec_add(vec_and(a.limb[i], mask), _mm512_srli_epi64(a.limb[i - 1], 51));
    return r;
}

/// `a + b`, limb by limb: loose if both are < 2^61.
IFMA_INLINE fe8 fe8_add(fe8 a, fe8 b) {
    fe8 r;
    for (int i = 0; i < 5; i++) r.limb[i] = vec_add(a.limb[i], b.limb[i]);
    return r;
}

/// `a - b`, limb by limb; no limb of `b` may exceed that of `a`.
IFMA_INLINE fe8 fe8_sub_unbiased(fe8 a, fe8 b) {
    fe8 r;
    for (int i = 0; i < 5; i++) r.limb[i] = vec_sub(a.limb[i], b.limb[i]);
    return r;
}

/// `a - b + 1024 p` for `b` a product or carried; grows the limbs of `a` by less than 2^61.
IFMA_INLINE fe8 fe8_sub(fe8 a, fe8 b) { return fe8_sub_unbiased(fe8_add(a, fe8_bias(0)), b); }

/// `-a` for a product or carried `a`; carried.
IFMA_INLINE fe8 fe8_negate(fe8 a) { return fe8_carry(fe8_sub(fe8_small(0), a)); }

/// Lanes of `b` where `mask` has a bit, of `a` elsewhere.
IFMA_INLINE fe8 fe8_blend(__mmask8 mask, fe8 a, fe8 b) {
    fe8 r;
    for (int i = 0; i < 5; i++) r.limb[i] = vec_select(mask, a.limb[i], b.limb[i]);
    return r;
}

// MARK: Products

/// `19 x`: the 64-bit multiplication is slow on some processors.
IFMA_INLINE vec vec_times_19(vec x) { return vec_add(vec_add(x, vec_add(x, x)), _mm512_slli_epi64(x, 4)); }

/// `a * b + 2 * seed`, uncarried, for carried `a`, `b`.
///
/// Bounds without the seed, in units of 2^50 (a high half is below 1.01, a low half below 4): column 5 is 2*5 + 4*4 = 26, column 6 is
/// 2*4 + 3*4 = 20, so that column 0 is at most 19*26 + 4 and column 1 at most 19*20 + 2 + 2*4; the others are smaller: all < 2^59.
IFMA_INLINE fe8 fe8_mul_seeded(fe8 a, fe8 b, fe8 seed) {
    vec column[10];
    for (int k = 0; k < 10; k++) column[k] = k < 5 ? seed.limb[k] : vec_zero();
    for (int j = 4; j >= 0; j--) {
        for (int i = 0; i < 5; i++) column[i + j + 1] = _mm512_madd52hi_epu64(column[i + j + 1], a.limb[i], b.limb[j]);
    }
    for (int k = 0; k < 9; k++) column[k] = vec_add(column[k], column[k]);
    for (int j = 4; j >= 0; j--) {
        for (int i = 4; i >= 0; i--) column[i + j] = _mm512_madd52lo_epu64(column[i + j], a.limb[i], b.limb[j]);
    }
    fe8 r;
    for (int k = 0; k < 5; k++) {
        // Column 9 has one high half only, which was not doubled.
        r.limb[k] = vec_add(column[k], vec_times_19(k == 4 ? vec_add(column[9], column[9]) : column[k + 5]));
    }
    return r;
}

/// `a * b` for carried operands; a product.
IFMA_INLINE fe8 fe8_mul_loose(fe8 a, fe8 b) { return fe8_mul_seeded(a, b, fe8_small(0)); }

/// `a * b` for carried operands; carried.
IFMA_INLINE fe8 fe8_mul(fe8 a, fe8 b) { return fe8_carry(fe8_mul_loose(a, b)); }

/// `a^2` for carried `a`; a product. Cross products count twice, and their high halves four times:
/// column = 2 * (2 * (high cross) + low cross + high squares) + low squares.
IFMA_INLINE fe8 fe8_square_loose(fe8 a) {
    vec column[10];
    for (int k = 0; k < 10; k++) column[k] = vec_zero();
    for (int j = 4; j > 0; j--) {
        for (int i = 0; i < j; i++) column[i + j + 1] = _mm512_madd52hi_epu64(column[i + j + 1], a.limb[i], a.limb[j]);
    }
    for (int k = 2; k < 9; k++) column[k] = vec_add(column[k], column[k]);
    for (int j = 4; j > 0; j--) {
        for (int i = 0; i < j; i++) column[i + j] = _mm512_madd52lo_epu64(column[i + j], a.limb[i], a.limb[j]);
    }
    for (int i = 0; i < 5; i++) column[2 * i + 1] = _mm512_madd52hi_epu64(column[2 * i + 1], a.limb[i], a.limb[i]);
    // The second doubling; columns 5, 7 and 9 have no low square, so theirs is in the factor 38 instead of 19.
    for (int k = 1; k < 9; k++) {
        if (k != 5 && k != 7) column[k] = vec_add(column[k], column[k]);
    }
    column[6] = _mm512_madd52lo_epu64(column[6], a.limb[3], a.limb[3]);
    column[8] = _mm512_madd52lo_epu64(column[8], a.limb[4], a.limb[4]);
    for (int i = 0; i < 3; i++) column[2 * i] = _mm512_madd52lo_epu64(column[2 * i], a.limb[i], a.limb[i]);
    fe8 r;
    for (int k = 0; k < 5; k++) {
        r.limb[k] = vec_add(column[k], vec_times_19(k % 2 == 0 ? vec_add(column[k + 5], column[k + 5]) : column[k + 5]));
    }
    return r;
}

/// `a^2` for carried `a`; carried.
IFMA_INLINE fe8 fe8_square(fe8 a) { return fe8_carry(fe8_square_loose(a)); }
#endif
