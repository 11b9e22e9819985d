// SPDX-License-Identifier: Apache-2.0
// The unique representative of eight field elements and what needs it: equality, sign, 64-bit words, bytes.
#pragma once
#if defined(__x86_64__)
#include "constants.h"
#include "field.h"

// MARK: Unique representatives

/// The representative below p, limbs below 2^51, of limbs of any size.
IFMA_INLINE fe8 fe8_reduce(fe8 a) {
    const vec mask = vec_all(LIMB_MASK), nineteen = vec_all(19);
    // After two rounds limb 0 <= 2^51 + 18, the others <= 2^51: the value is below 2p.
    a = fe8_carry(fe8_carry(a));
    // a >= p exactly when a + 19 reaches 2^255, and then a - p = a + 19 - 2^255.
    vec carry = _mm512_srli_epi64(vec_add(a.limb[0], nineteen), 51);
    for (int i = 1; i < 5; i++) carry = _mm512_srli_epi64(vec_add(a.limb[i], carry), 51);
    a.limb[0] = _mm512_madd52lo_epu64(a.limb[0], carry, nineteen);
    for (int i = 0; i < 5; i++) {
        if (i < 4) a.limb[i + 1] = vec_add(a.limb[i + 1], _mm512_srli_epi64(a.limb[i], 51));
        a.limb[i] = vec_and(a.limb[i], mask);
    }
    return a;
}

/// Which lanes have equal limbs.
IFMA_INLINE __mmask8 fe8_same_limbs(fe8 a, fe8 b) {
    __mmask8 same = 0xff;
    for (int i = 0; i < 5; i++) same &= _mm512_cmpeq_epi64_mask(a.limb[i], b.limb[i]);
    return same;
}

/// Which lanes of a reduced element are odd: RFC 9496 calls them negative.
IFMA_INLINE __mmask8 fe8_odd_of_reduced(fe8 a) { return _mm512_test_epi64_mask(a.limb[0], vec_all(1)); }

/// Which lanes are negative, for limbs of any size.
IFMA_INLINE __mmask8 fe8_negative(fe8 a) { return fe8_odd_of_reduced(fe8_reduce(a)); }

/// The one of `a`, `-a` that is not negative, for a product or carried `a`; carried.
IFMA_INLINE fe8 fe8_absolute(fe8 a) { return fe8_blend(fe8_negative(a), fe8_carry(a), fe8_negate(a)); }

/// `-a` in the lanes of `mask`, for a product or carried `a`; carried.
IFMA_INLINE fe8 fe8_negate_if(__mmask8 mask, fe8 a) { return fe8_blend(mask, fe8_carry(a), fe8_negate(a)); }

// MARK: Four words of 64 bits

/// The elements whose little-endian words are `w[0] ... w[3]`. Limb 4 keeps all 52 bits: it is below 2^51 if the integer is below 2^255.
IFMA_INLINE fe8 fe8_from_words(const vec w[4]) {
    const vec mask = vec_all(LIMB_MASK);
    fe8 r;
    r.limb[0] = vec_and(w[0], mask);
    r.limb[1] = vec_and(vec_or(_mm512_srli_epi64(w[0], 51), _mm512_slli_epi64(w[1], 13)), mask);
    r.limb[2] = vec_and(vec_or(_mm512_srli_epi64(w[1], 38), _mm512_slli_epi64(w[2], 26)), mask);
    r.limb[3] = vec_and(vec_or(_mm512_srli_epi64(w[2], 25), _mm512_slli_epi64(w[3], 39)), mask);
    r.limb[4] = _mm512_srli_epi64(w[3], 12);
    return r;
}

/// The words of a reduced element.
IFMA_INLINE void fe8_to_words(fe8 a, vec w[4]) {
    w[0] = vec_or(a.limb[0], _mm512_slli_epi64(a.limb[1], 51));
    w[1] = vec_or(_mm512_srli_epi64(a.limb[1], 13), _mm512_slli_epi64(a.limb[2], 38));
    w[2] = vec_or(_mm512_srli_epi64(a.limb[2], 26), _mm512_slli_epi64(a.limb[3], 25));
    w[3] = vec_or(_mm512_srli_epi64(a.limb[3], 39), _mm512_slli_epi64(a.limb[4], 12));
}

/// Reads eight strings of 32 bytes, `stride` bytes apart, as words.
IFMA_INLINE void words_load(const uint8_t *bytes, size_t stride, vec w[4]) {
    vec row[8];
    for (int i = 0; i < 8; i++) {
        row[i] = _mm512_castsi256_si512(_mm256_loadu_si256((const __m256i *)(bytes + stride * (size_t)i)));
    }
    vec_transpose(row);
    for (int i = 0; i < 4; i++) w[i] = row[i];
}

/// Writes words as eight strings of 32 bytes end to end.
IFMA_INLINE void words_store(const vec w[4], uint8_t *bytes) {
    vec row[8] = {w[0], w[1], w[2], w[3], vec_zero(), vec_zero(), vec_zero(), vec_zero()};
    vec_transpose(row);
    for (int i = 0; i < 8; i++) _mm256_storeu_si256((__m256i *)(bytes + 32 * i), _mm512_castsi512_si256(row[i]));
}
#endif
