// SPDX-License-Identifier: Apache-2.0
// Scalars of a variable-time multi-scalar multiplication: biased, so that their windows are signed digits without carries, and
// word by word, so that the digits of a window are read in order. Public data.
#if defined(__x86_64__)
#include "digits.h"
#include "secret_digits.h"

#include "CKernels.h"

#include <string.h>

/// Writes the first `lanes` of eight scalars.
IFMA_FUNCTION static void bias_eight(
    const uint64_t *scalars, size_t lanes, const uint64_t bias[4], const uint64_t other[4], uint64_t *out, size_t stride) {
    const __mmask8 written = (__mmask8)((1u << lanes) - 1);
    vec row[8];
    for (int i = 0; i < 8; i++) {
        row[i] = _mm512_castsi256_si512(_mm256_loadu_si256((const __m256i *)(scalars + 4 * i)));
    }
    vec_transpose(row);
    const __mmask8 large = _mm512_cmpge_epu64_mask(row[3], vec_all((uint64_t)1 << 59));
    __mmask8 carry = 0;
    for (int j = 0; j < 4; j++) {
        const vec addend = _mm512_mask_blend_epi64(large, vec_all(bias[j]), vec_all(other[j]));
        _mm512_mask_storeu_epi64(out + stride * (size_t)j, written, add_with_carry(row[j], addend, &carry));
    }
}

void zk_ifma_bias(
    const uint64_t *scalars, size_t count, const uint64_t bias[4], const uint64_t large_bias[4], uint64_t *out, size_t stride) {
    size_t i = 0;
    for (; i + 8 <= count; i += 8) bias_eight(scalars + 4 * i, 8, bias, large_bias, out + i, stride);
    if (i < count) {
        uint64_t last[32] = {0};
        memcpy(last, scalars + 4 * i, 32 * (count - i));
        bias_eight(last, count - i, bias, large_bias, out + i, stride);
    }
}

IFMA_FUNCTION void zk_ifma_window_digits(const zk_ifma_window *w, uint64_t addend, uint64_t *out) {
    for (size_t i = 0; i < w->count; i += 8) _mm512_storeu_si512(out + i, vec_add(window_digits(w, i), vec_all(addend)));
}
#endif
