// SPDX-License-Identifier: Apache-2.0
// Row forms in memory: what additions of public points read.
#pragma once
#if defined(__x86_64__)
#include "points.h"

/// Words of a row form.
#define ROW_WORDS 16

/// Reads eight rows: `row[i]` points to 16 aligned words.
IFMA_INLINE row8 row8_gather(const uint64_t *const row[8]) {
    vec low[8], high[8];
    for (int i = 0; i < 8; i++) {
        low[i] = _mm512_load_si512(row[i]);
        high[i] = _mm512_load_si512(row[i] + 8);
    }
    vec_transpose(low);
    vec_transpose(high);
    return (row8){
        {{low[0], low[1], low[2], low[3], low[4]}},
        {{low[5], low[6], low[7], high[0], high[1]}},
        {{high[2], high[3], high[4], high[5], high[6]}}};
}

/// Writes eight rows end to end.
IFMA_INLINE void row8_store(row8 q, uint64_t *rows) {
    vec low[8] = {q.plus.limb[0], q.plus.limb[1], q.plus.limb[2], q.plus.limb[3], q.plus.limb[4],
                  q.minus.limb[0], q.minus.limb[1], q.minus.limb[2]};
    vec high[8] = {q.minus.limb[3], q.minus.limb[4], q.t2d.limb[0], q.t2d.limb[1], q.t2d.limb[2],
                   q.t2d.limb[3], q.t2d.limb[4], vec_zero()};
    vec_transpose(low);
    vec_transpose(high);
    for (int i = 0; i < 8; i++) {
        _mm512_store_si512(rows + ROW_WORDS * i, low[i]);
        _mm512_store_si512(rows + ROW_WORDS * i + 8, high[i]);
    }
}

/// The row form of points with coordinates x, y and xy, carried.
IFMA_INLINE row8 row8_from_affine(fe8 x, fe8 y, fe8 xy) {
    return (row8){fe8_carry(fe8_add(y, x)), fe8_carry(fe8_sub(y, x)), fe8_mul(xy, fe8_constant(FE8_2D))};
}
#endif
