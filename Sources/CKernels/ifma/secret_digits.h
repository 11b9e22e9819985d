// SPDX-License-Identifier: Apache-2.0
// Words of eight scalars, their signed digits, and table entries chosen by secret digits.
//
// Timing: no branch and no address depends on a scalar. Tables are read from end to end; an entry is kept by a mask.
#pragma once
#if defined(__x86_64__)
#include "points.h"

/// `a + b + carry` for words of eight integers; `carry` holds a bit for each.
IFMA_INLINE vec add_with_carry(vec a, vec b, __mmask8 *carry) {
    const vec sum = vec_add(a, b), total = _mm512_mask_add_epi64(sum, *carry, sum, vec_all(1));
    // The second addition overflows only to 0.
    *carry = _mm512_cmplt_epu64_mask(sum, a) | (*carry & _mm512_testn_epi64_mask(total, total));
    return total;
}

/// The little-endian words of eight scalars, plus `bias`, which turns their windows into signed digits (SignedDigits.swift).
IFMA_INLINE void scalars_load_biased(const uint64_t *const scalar[8], const uint64_t bias[4], vec words[4]) {
    vec row[8];
    for (int i = 0; i < 8; i++) row[i] = _mm512_castsi256_si512(_mm256_loadu_si256((const __m256i *)scalar[i]));
    vec_transpose(row);
    __mmask8 carry = 0;
    for (int j = 0; j < 4; j++) words[j] = add_with_carry(row[j], vec_all(bias[j]), &carry);
}

/// Eight secret digits as magnitudes and signs.
typedef struct {
    vec magnitude;
    __mmask8 negative;
} digits8;

/// The digits of `width` bits at the public bit `position`; `offset` is 2^(width - 1), 0 for the last digit.
IFMA_INLINE digits8 digits_at(const vec words[4], unsigned position, unsigned width, uint64_t offset) {
    const unsigned word = position / 64, shift = position % 64;
    vec x = _mm512_srl_epi64(words[word], _mm_cvtsi32_si128((int)shift));
    if (shift + width > 64 && word < 3) x = vec_or(x, _mm512_sll_epi64(words[word + 1], _mm_cvtsi32_si128((int)(64 - shift))));
    const vec digit = vec_sub(vec_and(x, vec_all(((uint64_t)1 << width) - 1)), vec_all(offset));
    return (digits8){_mm512_abs_epi64(digit), _mm512_movepi64_mask(digit)};
}

/// Each lane's digit times the point whose multiples 1 ... `entries` are given; the identity for 0, negated where the digit is.
IFMA_INLINE cached8 cached8_look_up(const cached8 *multiples, int entries, digits8 digit) {
    const __mmask8 none = _mm512_testn_epi64_mask(digit.magnitude, digit.magnitude);
    const vec one = vec_select(none, vec_zero(), vec_all(1));
    const vec zero = vec_zero();
    cached8 q = {{{one, zero, zero, zero, zero}}, {{one, zero, zero, zero, zero}}, {{vec_add(one, one), zero, zero, zero, zero}},
                 {{zero, zero, zero, zero, zero}}};
    for (int k = 0; k < entries; k++) {
        const __mmask8 chosen = _mm512_cmpeq_epi64_mask(digit.magnitude, vec_all((uint64_t)k + 1));
        const cached8 *entry = &multiples[k];
        for (int i = 0; i < 5; i++) {
            q.plus.limb[i] = vec_select(chosen, q.plus.limb[i], entry->plus.limb[i]);
            q.minus.limb[i] = vec_select(chosen, q.minus.limb[i], entry->minus.limb[i]);
            q.z2.limb[i] = vec_select(chosen, q.z2.limb[i], entry->z2.limb[i]);
            q.t2d.limb[i] = vec_select(chosen, q.t2d.limb[i], entry->t2d.limb[i]);
        }
    }
    return (cached8){
        fe8_blend(digit.negative, q.plus, q.minus), fe8_blend(digit.negative, q.minus, q.plus), q.z2,
        fe8_negate_if(digit.negative, q.t2d)};
}
#endif
