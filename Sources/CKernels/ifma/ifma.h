// SPDX-License-Identifier: Apache-2.0
// What the AVX-512 IFMA kernels share: the instruction set, the vector type, transposition.
//
// The files of this folder are compiled into every x86-64 build; only functions with one of the attributes below use AVX-512, and
// zk_ifma_available() guards their use. Elsewhere `absent.c` stands in.
#pragma once
#if defined(__x86_64__)
#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>

#define IFMA_TARGET "avx512f,avx512dq,avx512vl,avx512bw,avx512ifma,bmi2"
/// A function with AVX-512 code that others call.
#define IFMA_FUNCTION __attribute__((target(IFMA_TARGET)))
/// A helper that is compiled into its caller.
#define IFMA_INLINE static inline __attribute__((always_inline, target(IFMA_TARGET)))

/// Eight 64-bit lanes.
typedef __m512i vec;

IFMA_INLINE vec vec_all(uint64_t x) { return _mm512_set1_epi64((long long)x); }
IFMA_INLINE vec vec_zero(void) { return _mm512_setzero_si512(); }
IFMA_INLINE vec vec_add(vec a, vec b) { return _mm512_add_epi64(a, b); }
IFMA_INLINE vec vec_sub(vec a, vec b) { return _mm512_sub_epi64(a, b); }
IFMA_INLINE vec vec_and(vec a, vec b) { return _mm512_and_si512(a, b); }
IFMA_INLINE vec vec_or(vec a, vec b) { return _mm512_or_si512(a, b); }

/// `x`; the compiler must load it as a whole, so that no load is made under a secret mask.
IFMA_INLINE vec vec_barrier(vec x) {
    __asm__("" : "+v"(x));
    return x;
}

/// `b` in the lanes of `mask`, else `a`; both are loaded whole.
IFMA_INLINE vec vec_select(__mmask8 mask, vec a, vec b) { return _mm512_mask_blend_epi64(mask, vec_barrier(a), vec_barrier(b)); }

/// Transposes eight rows of eight words in place: word `i` of row `j` becomes word `j` of row `i`.
IFMA_INLINE void vec_transpose(vec row[8]) {
    const vec a0 = _mm512_unpacklo_epi64(row[0], row[1]), a1 = _mm512_unpackhi_epi64(row[0], row[1]);
    const vec a2 = _mm512_unpacklo_epi64(row[2], row[3]), a3 = _mm512_unpackhi_epi64(row[2], row[3]);
    const vec a4 = _mm512_unpacklo_epi64(row[4], row[5]), a5 = _mm512_unpackhi_epi64(row[4], row[5]);
    const vec a6 = _mm512_unpacklo_epi64(row[6], row[7]), a7 = _mm512_unpackhi_epi64(row[6], row[7]);
    const vec b0 = _mm512_shuffle_i64x2(a0, a2, 0x88), b1 = _mm512_shuffle_i64x2(a1, a3, 0x88);
    const vec b2 = _mm512_shuffle_i64x2(a0, a2, 0xdd), b3 = _mm512_shuffle_i64x2(a1, a3, 0xdd);
    const vec b4 = _mm512_shuffle_i64x2(a4, a6, 0x88), b5 = _mm512_shuffle_i64x2(a5, a7, 0x88);
    const vec b6 = _mm512_shuffle_i64x2(a4, a6, 0xdd), b7 = _mm512_shuffle_i64x2(a5, a7, 0xdd);
    row[0] = _mm512_shuffle_i64x2(b0, b4, 0x88);
    row[1] = _mm512_shuffle_i64x2(b1, b5, 0x88);
    row[2] = _mm512_shuffle_i64x2(b2, b6, 0x88);
    row[3] = _mm512_shuffle_i64x2(b3, b7, 0x88);
    row[4] = _mm512_shuffle_i64x2(b0, b4, 0xdd);
    row[5] = _mm512_shuffle_i64x2(b1, b5, 0xdd);
    row[6] = _mm512_shuffle_i64x2(b2, b6, 0xdd);
    row[7] = _mm512_shuffle_i64x2(b3, b7, 0xdd);
}
#endif
