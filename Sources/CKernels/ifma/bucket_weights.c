// SPDX-License-Identifier: Apache-2.0
// The weighted sum of a window's buckets: bucket b (0-based) counts b + 1 times. Each lane takes a segment and adds up its suffix sums.
#if defined(__x86_64__)
#include "buckets.h"

#include <string.h>

/// Bucket `index` of every segment.
IFMA_INLINE cached8 load_buckets(const bucket_lists *lists, size_t index) {
    vec word[3][8];
    for (int part = 0; part < 3; part++) {
        for (size_t l = 0; l < 8; l++) {
            word[part][l] = _mm512_load_si512(lists->bucket + BUCKET_WORDS * (l * lists->segment + index) + 8 * (size_t)part);
        }
        vec_transpose(word[part]);
    }
    cached8 q;
    for (int i = 0; i < 5; i++) {
        q.plus.limb[i] = word[i / 8][i % 8];
        q.minus.limb[i] = word[(5 + i) / 8][(5 + i) % 8];
        q.z2.limb[i] = word[(10 + i) / 8][(10 + i) % 8];
        q.t2d.limb[i] = word[(15 + i) / 8][(15 + i) % 8];
    }
    return q;
}

IFMA_FUNCTION void bucket_weights(const bucket_lists *lists, zk_ifma_partial *partial) {
    ge8 sum = ge8_identity();
    ge8 suffix = ge8_add(ge8_identity(), load_buckets(lists, lists->segment - 1));
    for (size_t index = lists->segment - 1; index-- > 0;) {
        // Two additions that do not wait for each other.
        const cached8 next = load_buckets(lists, index);
        sum = ge8_add(sum, ge8_cached(suffix));
        suffix = ge8_add(suffix, next);
    }
    sum = ge8_add(sum, ge8_cached(suffix));
    memcpy(partial->weighted, &sum, sizeof sum);
    memcpy(partial->plain, &suffix, sizeof suffix);
}

void zk_ifma_window_sum(const zk_ifma_window *window, const uint64_t *rows, void *workspace, zk_ifma_partial *partial) {
    const bucket_lists lists = bucket_lists_make(window, workspace);
    bucket_sums(&lists, rows);
    bucket_weights(&lists, partial);
    partial->position = window->weight;
    partial->segment_bits = (unsigned)__builtin_ctzll(lists.segment);
}
#endif
