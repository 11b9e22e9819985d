// SPDX-License-Identifier: Apache-2.0
// From the sums of windows to one point: a Horner scheme in all lanes at once, whose lanes are added up at the end. Public data.
//
// Lane l counts `l` times a segment's length more than lane 0. Both are powers of two, so the bits of l are places of the scheme, too:
// a window costs four additions and the doublings that lead to the next one.
#if defined(__x86_64__)
#include "points.h"

#include "CKernels.h"

#include <string.h>

_Static_assert(sizeof(ge8) == sizeof((zk_ifma_partial *)0)->plain, "a point for each lane");

/// The point in the lanes of `lanes`, the identity in others.
IFMA_INLINE cached8 cached_in_lanes(const uint64_t words[160], __mmask8 lanes) {
    ge8 p;
    memcpy(&p, words, sizeof p);
    const cached8 q = ge8_cached(p);
    return (cached8){
        fe8_blend(lanes, fe8_small(1), q.plus), fe8_blend(lanes, fe8_small(1), q.minus), fe8_blend(lanes, fe8_small(2), q.z2),
        fe8_blend(lanes, fe8_small(0), q.t2d)};
}

/// Doubles from place `*place` down to `target`.
IFMA_INLINE ge8 descend(ge8 sum, unsigned *place, unsigned target) {
    const int times = (int)(*place - target);
    *place = target;
    return times > 0 ? ge8_double_times(sum, times) : sum;
}

IFMA_FUNCTION void zk_ifma_combine(const zk_ifma_partial *partials, size_t count, uint64_t point[16]) {
    /// The lanes whose number has bit 0, 1, 2.
    static const __mmask8 lanes_of_bit[3] = {0xaa, 0xcc, 0xf0};
    ge8 sum = ge8_identity();
    unsigned place = partials[0].position + partials[0].segment_bits + 2;
    for (size_t first = 0, end = 0; first < count; first = end) {
        const zk_ifma_partial *window = &partials[first];
        while (end < count && partials[end].position == window->position) end++;
        for (unsigned bit = 3; bit-- > 0;) {
            sum = descend(sum, &place, window->position + window->segment_bits + bit);
            for (size_t i = first; i < end; i++) sum = ge8_add(sum, cached_in_lanes(partials[i].plain, lanes_of_bit[bit]));
        }
        sum = descend(sum, &place, window->position);
        for (size_t i = first; i < end; i++) sum = ge8_add(sum, cached_in_lanes(partials[i].weighted, 0xff));
    }
    sum = descend(sum, &place, 0);
    uint64_t words[128];
    ge8_store_words(ge8_sum_lanes(sum), words);
    memcpy(point, words, 128);
}

IFMA_FUNCTION void zk_ifma_double(uint64_t *points, size_t count, unsigned times) {
    size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        ge8_store_words(ge8_double_times(ge8_load_words(points + 16 * i), (int)times), points + 16 * i);
    }
    if (i < count) {
        uint64_t last[128] = {0};
        memcpy(last, points + 16 * i, 128 * (count - i));
        ge8_store_words(ge8_double_times(ge8_load_words(last), (int)times), last);
        memcpy(points + 16 * i, last, 128 * (count - i));
    }
}
#endif
