// SPDX-License-Identifier: Apache-2.0
// Powers with public exponents: square roots and inverses.
#pragma once
#if defined(__x86_64__)
#include "forms.h"

/// Vectors that are worked on together. One squaring waits for its own results about half of the time; three independent ones fill the
/// multiplier, four no longer fit into the registers.
#define TOGETHER 3
/// Elements of a block of `TOGETHER` vectors.
#define BLOCK (8 * TOGETHER)
#define EACH(k) for (int k = 0; k < TOGETHER; k++)

/// `z[k]^((p - 5) / 8)` in place, exponent 2^252 - 3, for carried elements; carried.
IFMA_FUNCTION void fe8_raise_for_root(fe8 z[TOGETHER]);

/// `1/a`, 0 for 0, of one carried vector: `a^(p - 2)`; carried.
IFMA_FUNCTION fe8 fe8_invert(fe8 a);

/// SQRT_RATIO_M1 of RFC 9496, 4.2: `root` = the non-negative root of u/v, or of i u/v where u/v is not a square. Carried in and out.
/// Returns the lanes where u/v was a square, of vector k in bits 8k ..< 8k + 8.
IFMA_FUNCTION uint32_t fe8_sqrt_ratio(const fe8 u[TOGETHER], const fe8 v[TOGETHER], fe8 root[TOGETHER]);
#endif
