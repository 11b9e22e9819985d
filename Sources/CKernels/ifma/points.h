// SPDX-License-Identifier: Apache-2.0
// Eight points of -x^2 + y^2 = 1 + d x^2 y^2 at a time, extended coordinates (Hisil, Wong, Carter, Dawson 2008). The formulas are
// complete: they hold for equal, opposite and neutral points.
#pragma once
#if defined(__x86_64__)
#include "power.h"

/// X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z; all carried.
typedef struct {
    fe8 x, y, z, t;
} ge8;

/// What an addition needs of any point: Y + X, Y - X, 2Z, 2dT; all carried.
typedef struct {
    fe8 plus, minus, z2, t2d;
} cached8;

/// What an addition needs of a point with Z = 1: y + x, y - x, 2dxy; all carried. In memory: the row form of Kernels25519.h.
typedef struct {
    fe8 plus, minus, t2d;
} row8;

// MARK: Group law

IFMA_INLINE ge8 ge8_identity(void) { return (ge8){fe8_small(0), fe8_small(1), fe8_small(1), fe8_small(0)}; }

/// The point for additions, one multiplication.
IFMA_INLINE cached8 ge8_cached(ge8 p) {
    return (cached8){
        fe8_carry(fe8_add(p.y, p.x)), fe8_carry(fe8_sub(p.y, p.x)), fe8_carry(fe8_add(p.z, p.z)),
        fe8_mul(p.t, fe8_constant(FE8_2D))};
}

/// X = EF, Y = GH, Z = FG, T = EH.
IFMA_INLINE ge8 ge8_from_efgh(fe8 e, fe8 f, fe8 g, fe8 h) {
    return (ge8){fe8_mul(e, f), fe8_mul(g, h), fe8_mul(f, g), fe8_mul(e, h)};
}

/// `p + q`, 8 multiplications.
IFMA_INLINE ge8 ge8_add(ge8 p, cached8 q) {
    const fe8 a = fe8_mul_loose(fe8_carry(fe8_sub(p.y, p.x)), q.minus);
    const fe8 b = fe8_mul_loose(fe8_carry(fe8_add(p.y, p.x)), q.plus);
    const fe8 c = fe8_mul_loose(p.t, q.t2d), d = fe8_mul_loose(p.z, q.z2);
    return ge8_from_efgh(fe8_carry(fe8_sub(b, a)), fe8_carry(fe8_sub(d, c)), fe8_carry(fe8_add(d, c)), fe8_carry(fe8_add(b, a)));
}

/// `2^count p`, 4 squarings and 3 multiplications each and one more at the end; `count >= 1` is public. dbl-2008-hwcd for a = -1, all
/// signs turned.
IFMA_INLINE ge8 ge8_double_times(ge8 p, int count) {
    for (int step = 0; step < count; step++) {
        const fe8 a = fe8_square_loose(p.x), b = fe8_square_loose(p.y), zz = fe8_square_loose(p.z);
        const fe8 xy = fe8_square_loose(fe8_carry(fe8_add(p.x, p.y)));
        const fe8 h = fe8_add(a, b), g = fe8_sub(a, b);
        const fe8 e = fe8_carry(fe8_sub(h, xy)), f = fe8_carry(fe8_add(g, fe8_add(zz, zz)));
        const fe8 carried_g = fe8_carry(g), carried_h = fe8_carry(h);
        p.x = fe8_mul(e, f);
        p.y = fe8_mul(carried_g, carried_h);
        p.z = fe8_mul(f, carried_g);
        if (step == count - 1) p.t = fe8_mul(e, carried_h);
    }
    return p;
}

// MARK: Lanes

/// Lane `lanes[i]` of `a` in lane i.
IFMA_INLINE fe8 fe8_permute(fe8 a, vec lanes) {
    for (int i = 0; i < 5; i++) a.limb[i] = _mm512_permutexvar_epi64(lanes, a.limb[i]);
    return a;
}

/// The sum of all lanes, in every lane.
IFMA_INLINE ge8 ge8_sum_lanes(ge8 p) {
    for (int distance = 4; distance > 0; distance /= 2) {
        const vec lane = _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0);
        const vec other = _mm512_xor_si512(lane, vec_all((uint64_t)distance));
        const ge8 q = {fe8_permute(p.x, other), fe8_permute(p.y, other), fe8_permute(p.z, other), fe8_permute(p.t, other)};
        p = ge8_add(p, ge8_cached(q));
    }
    return p;
}

// MARK: Words of Swift's points

/// Reads eight points of 16 words end to end; carried, for coordinates are below 2^255 + 2^12.
IFMA_INLINE ge8 ge8_load_words(const uint64_t *points) {
    vec low[8], high[8];
    for (int i = 0; i < 8; i++) {
        low[i] = _mm512_loadu_si512(points + 16 * i);
        high[i] = _mm512_loadu_si512(points + 16 * i + 8);
    }
    vec_transpose(low);
    vec_transpose(high);
    return (ge8){fe8_from_words(low), fe8_from_words(low + 4), fe8_from_words(high), fe8_from_words(high + 4)};
}

/// Writes eight points of 16 words end to end, coordinates below p.
IFMA_INLINE void ge8_store_words(ge8 p, uint64_t *points) {
    vec low[8], high[8];
    fe8_to_words(fe8_reduce(p.x), low);
    fe8_to_words(fe8_reduce(p.y), low + 4);
    fe8_to_words(fe8_reduce(p.z), high);
    fe8_to_words(fe8_reduce(p.t), high + 4);
    vec_transpose(low);
    vec_transpose(high);
    for (int i = 0; i < 8; i++) {
        _mm512_storeu_si512(points + 16 * i, low[i]);
        _mm512_storeu_si512(points + 16 * i + 8, high[i]);
    }
}
#endif
