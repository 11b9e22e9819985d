// SPDX-License-Identifier: Apache-2.0
// Reading the digits of a window. Public data.
#pragma once
#if defined(__x86_64__)
#include "ifma.h"

#include "CKernels.h"

/// The digits of scalars `i ... i + 7`.
IFMA_INLINE vec window_digits(const zk_ifma_window *w, size_t i) {
    const unsigned word = w->position / 64, shift = w->position % 64;
    const uint64_t *low = w->biased + word * w->stride + i;
    vec x = _mm512_srl_epi64(_mm512_loadu_si512(low), _mm_cvtsi32_si128((int)shift));
    if (shift > 0 && word < 3) {
        x = vec_or(x, _mm512_sll_epi64(_mm512_loadu_si512(low + w->stride), _mm_cvtsi32_si128((int)(64 - shift))));
    }
    return vec_sub(vec_and(x, vec_all(w->mask)), vec_all(w->offset));
}
#endif
