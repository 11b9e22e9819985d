// SPDX-License-Identifier: Apache-2.0
// Running sums of row forms: the inner loop of bucket sums and of fixed-base sums.
//
// Timing: no branch and no address depends on a value or a mask.
#pragma once
#if defined(__x86_64__)
#include "rows.h"

/// A running sum. Z = F G is not computed before the next addition needs it: the multiplier has work then while the others wait for their
/// operands. Products are kept loose, and biases are added where they cost nothing, in the seeds of products:
///   x a product; y a product + 1024 p; t, f and g carried.
/// So y - x has no negative limb, nor has 2z - (product) with z = fg + 512 p.
typedef struct {
    fe8 x, y, t, f, g;
} sum8;

/// The bias minus `a` in the lanes of `mask`.
IFMA_INLINE fe8 negate_with_bias(__mmask8 mask, fe8 a) {
    const fe8 bias = fe8_bias(0);
    fe8 r;
    for (int i = 0; i < 5; i++) r.limb[i] = _mm512_mask_sub_epi64(a.limb[i], mask, bias.limb[i], a.limb[i]);
    return r;
}

/// `q`, or `-q` in the lanes of `negative`, as a sum. X = 2x, Y = 2y, Z = 2, T = 2xy.
IFMA_INLINE sum8 sum8_from_row(row8 q, __mmask8 negative) {
    static const uint64_t inverse_d[5] = {0xf276cdc9f843, 0x3084f2a85c4bc, 0x6e73d982d775a, 0x721958b108a66, 0x40907ed214d5c};
    const fe8 plus = fe8_blend(negative, q.plus, q.minus), minus = fe8_blend(negative, q.minus, q.plus);
    return (sum8){
        fe8_sub_unbiased(fe8_add(plus, fe8_bias(8)), minus),  // 4p is more than a carried element, and the sum is below 2^54
        fe8_add(fe8_add(plus, minus), fe8_bias(0)),
        fe8_carry(negate_with_bias(negative, fe8_mul_loose(q.t2d, fe8_constant(inverse_d)))), fe8_small(2), fe8_small(1)};
}

/// An addition of which three products are left to do, those of the sum. All carried.
typedef struct {
    fe8 e, f, g, h;
} sum8_begun;

/// The first four multiplications of `p + q`, or of `p - q` in the lanes of `negative`.
IFMA_INLINE sum8_begun sum8_add_begin(sum8 p, row8 q, __mmask8 negative) {
    const fe8 plus = fe8_blend(negative, q.plus, q.minus), minus = fe8_blend(negative, q.minus, q.plus);
    const fe8 c = negate_with_bias(negative, fe8_mul_loose(p.t, q.t2d));
    const fe8 a = fe8_mul_loose(fe8_carry(fe8_sub_unbiased(p.y, p.x)), minus);
    const fe8 b = fe8_mul_seeded(fe8_carry(fe8_add(p.y, p.x)), plus, fe8_bias(1));
    const fe8 z = fe8_mul_seeded(p.f, p.g, fe8_bias(2)), d = fe8_add(z, z);
    const fe8 e = fe8_carry(fe8_sub_unbiased(b, a)), h = fe8_carry(fe8_add(b, a));
    const fe8 f = fe8_carry(fe8_sub_unbiased(d, c)), g = fe8_carry(fe8_add(d, c));
    return (sum8_begun){e, f, g, h};
}

/// The other three.
IFMA_INLINE sum8 sum8_add_end(sum8_begun s) {
    return (sum8){fe8_mul_loose(s.e, s.f), fe8_mul_seeded(s.g, s.h, fe8_bias(1)), fe8_mul(s.e, s.h), s.f, s.g};
}

/// `p + q`, or `p - q` in the lanes of `negative`: 7 multiplications.
IFMA_INLINE sum8 sum8_add_row(sum8 p, row8 q, __mmask8 negative) { return sum8_add_end(sum8_add_begin(p, q, negative)); }

/// The point of a sum, one multiplication.
IFMA_INLINE ge8 sum8_point(sum8 p) { return (ge8){fe8_carry(p.x), fe8_carry(p.y), fe8_mul(p.f, p.g), p.t}; }

/// A point as a sum.
IFMA_INLINE sum8 sum8_from_point(ge8 p) { return (sum8){p.x, fe8_add(p.y, fe8_bias(0)), p.t, p.z, fe8_small(1)}; }
#endif
