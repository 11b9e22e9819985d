// SPDX-License-Identifier: Apache-2.0
// Summing the lists of a window, eight buckets at a time: nearly all the time of a large multi-scalar multiplication.
#if defined(__x86_64__)
#include "buckets.h"
#include "sums.h"

/// Writes each lane to its bucket.
IFMA_INLINE void store_buckets(ge8 p, uint64_t *bucket, const uint32_t id[8]) {
    const cached8 q = ge8_cached(p);
    vec word[3][8];
    for (int i = 0; i < 24; i++) word[i / 8][i % 8] = vec_zero();
    for (int i = 0; i < 5; i++) {
        word[i / 8][i % 8] = q.plus.limb[i];
        word[(5 + i) / 8][(5 + i) % 8] = q.minus.limb[i];
        word[(10 + i) / 8][(10 + i) % 8] = q.z2.limb[i];
        word[(15 + i) / 8][(15 + i) % 8] = q.t2d.limb[i];
    }
    for (int part = 0; part < 3; part++) {
        vec_transpose(word[part]);
        for (int l = 0; l < 8; l++) _mm512_store_si512(bucket + BUCKET_WORDS * id[l] + 8 * part, word[part][l]);
    }
}

IFMA_INLINE const uint64_t *row_at(const uint64_t *rows, uint32_t entry) {
    return rows + ROW_WORDS * (size_t)(entry & 0x7fffffff);
}

IFMA_INLINE void prefetch(const uint64_t *rows, const uint32_t *entries) {
    for (int l = 0; l < 8; l++) {
        const uint64_t *row = row_at(rows, entries[l]);
        _mm_prefetch((const char *)row, _MM_HINT_T0);
        _mm_prefetch((const char *)(row + 8), _MM_HINT_T0);
    }
}

IFMA_INLINE row8 load_entries(const uint64_t *rows, const uint32_t *entries, __mmask8 *negative) {
    const uint64_t *row[8];
    for (int l = 0; l < 8; l++) row[l] = row_at(rows, entries[l]);
    *negative = _mm256_movepi32_mask(_mm256_loadu_si256((const __m256i *)entries));
    return row8_gather(row);
}

/// Sums one group's lists, which start at `entries`.
///
/// A row is read and transposed in the middle of the addition before: the multiplier would wait there for the carries of its four products. After
/// the last addition one row too many has been read.
__attribute__((noinline)) IFMA_FUNCTION static void sum_group(
    const bucket_group *group, int is_overfull, const uint32_t *entries, const uint64_t *rows, uint64_t *bucket) {
    __mmask8 negative;
    prefetch(rows, entries + 8 * PREFETCH_ROWS);
    row8 q = load_entries(rows, entries, &negative);
    sum8 sum = sum8_from_row(q, negative);
    entries += 8;
    prefetch(rows, entries + 8 * PREFETCH_ROWS);
    q = load_entries(rows, entries, &negative);
    for (uint32_t r = 1; r < group->rows; r++) {
        entries += 8;
        const sum8_begun begun = sum8_add_begin(sum, q, negative);
        prefetch(rows, entries + 8 * PREFETCH_ROWS);
        q = load_entries(rows, entries, &negative);
        __asm__ volatile("" : "+m"(q));  // or the compiler moves this to where the row is used
        sum = sum8_add_end(begun);
    }
    ge8 total = sum8_point(sum);
    if (is_overfull) total = ge8_sum_lanes(total);
    store_buckets(total, bucket, group->bucket);
}

IFMA_FUNCTION void bucket_sums(const bucket_lists *lists, const uint64_t *rows) {
    for (size_t g = 0; g < lists->groups; g++) {
        const bucket_group *group = &lists->group[g];
        sum_group(group, g < lists->overfull, lists->list + group->start, rows, lists->bucket);
    }
}
#endif
