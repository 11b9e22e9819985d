// SPDX-License-Identifier: Apache-2.0
// Public points chosen by secrets: sums of subsets and single entries of a table, for eight rows of secrets to a vector.
//
// Timing: constant in bits and indices. Loads, stores and branches depend on the numbers of rows, entries and words only; every entry
// is read for every row (docs/security.md, "Vector code that handles secrets").
#if defined(__x86_64__)
#include "sums.h"

#include "CKernels.h"

#include <string.h>

enum {
    ENTRY_WORDS = 12,
    GROUPS = 4,            // vectors of rows that share the reading of an entry
    GROUP_ROWS = 8 * GROUPS,
    PASS_WORDS = 6         // of an entry that one pass selects: as many accumulators as registers hold
};

/// Row forms of entries whose words are in `word`.
IFMA_INLINE row8 row_from_words(const vec word[ENTRY_WORDS]) {
    return (row8){fe8_carry(fe8_from_words(word)), fe8_carry(fe8_from_words(word + 4)), fe8_carry(fe8_from_words(word + 8))};
}

/// Writes the points of `rows <= GROUP_ROWS` rows.
IFMA_INLINE void store_rows(const ge8 point[GROUPS], size_t rows, uint64_t *points) {
    uint64_t last[128];
    for (size_t g = 0; 8 * g < rows; g++) {
        const size_t n = rows - 8 * g < 8 ? rows - 8 * g : 8;
        ge8_store_words(point[g], n == 8 ? points + 128 * g : last);
        if (n < 8) memcpy(points + 128 * g, last, 128 * n);
    }
    zk_wipe(last, sizeof last);
}

// MARK: Subsets

__attribute__((noinline)) IFMA_FUNCTION static void subset_rows(
    const uint64_t *entries, size_t count, const uint64_t *bits, size_t words_per_row, size_t rows, uint64_t *points) {
    const size_t groups = (rows + 7) / 8;
    const row8 none = {fe8_small(1), fe8_small(1), fe8_small(0)};
    sum8 sum[GROUPS];
    vec word[GROUPS];
    for (size_t g = 0; g < groups; g++) sum[g] = sum8_from_point(ge8_identity());
    for (size_t f = 0; f < count; f++) {
        if (f % 64 == 0) {
            for (size_t g = 0; g < groups; g++) {
                uint64_t lane[8];
                for (size_t l = 0; l < 8; l++) {
                    const size_t row = 8 * g + l < rows ? 8 * g + l : rows - 1;
                    lane[l] = bits[words_per_row * row + f / 64];
                }
                word[g] = _mm512_loadu_si512(lane);
            }
        }
        vec entry[ENTRY_WORDS];
        for (int i = 0; i < ENTRY_WORDS; i++) entry[i] = vec_all(entries[ENTRY_WORDS * f + (size_t)i]);
        const row8 q = row_from_words(entry);
        for (size_t g = 0; g < groups; g++) {
            const __mmask8 chosen = _mm512_test_epi64_mask(word[g], vec_all((uint64_t)1 << f % 64));
            const row8 r = {fe8_blend(chosen, none.plus, q.plus), fe8_blend(chosen, none.minus, q.minus),
                            fe8_blend(chosen, none.t2d, q.t2d)};
            sum[g] = sum8_add_row(sum[g], r, 0);
        }
    }
    ge8 point[GROUPS];
    for (size_t g = 0; g < groups; g++) point[g] = sum8_point(sum[g]);
    store_rows(point, rows, points);
    zk_wipe(sum, sizeof sum);
    zk_wipe(word, sizeof word);
    zk_wipe(point, sizeof point);
}

void zk_ifma_subset_sums(
    const uint64_t *entries, size_t count, const uint64_t *bits, size_t words_per_row, size_t rows, uint64_t *points) {
    for (size_t start = 0; start < rows; start += GROUP_ROWS) {
        const size_t n = rows - start < GROUP_ROWS ? rows - start : GROUP_ROWS;
        subset_rows(entries, count, bits + words_per_row * start, words_per_row, n, points + 16 * start);
    }
}

// MARK: Single entries

/// Words `first ... first + PASS_WORDS - 1` of the entries with the numbers in `index`.
__attribute__((noinline)) IFMA_FUNCTION static void scan(
    const uint64_t *entries, size_t count, const vec index[GROUPS], size_t first, vec word[GROUPS][ENTRY_WORDS]) {
    vec kept[GROUPS][PASS_WORDS];
    for (int g = 0; g < GROUPS; g++) {
        for (int i = 0; i < PASS_WORDS; i++) kept[g][i] = vec_zero();
    }
    for (size_t e = 0; e < count; e++) {
        const vec number = vec_all(e);
        __mmask8 chosen[GROUPS];
        for (int g = 0; g < GROUPS; g++) chosen[g] = _mm512_cmpeq_epi64_mask(index[g], number);
#pragma clang loop unroll(full)
        for (int i = 0; i < PASS_WORDS; i++) {
            const vec entry = vec_all(entries[ENTRY_WORDS * e + first + (size_t)i]);
            for (int g = 0; g < GROUPS; g++) kept[g][i] = vec_select(chosen[g], kept[g][i], entry);
        }
    }
    for (int g = 0; g < GROUPS; g++) {
        for (size_t i = 0; i < PASS_WORDS; i++) word[g][first + i] = kept[g][i];
    }
}

__attribute__((noinline)) IFMA_FUNCTION static void select_rows(
    const uint64_t *entries, size_t count, const uint32_t *indices, size_t rows, uint64_t *points) {
    uint32_t lane[GROUP_ROWS] = {0};
    vec index[GROUPS], word[GROUPS][ENTRY_WORDS];
    memcpy(lane, indices, 4 * rows);
    for (int g = 0; g < GROUPS; g++) index[g] = _mm512_cvtepu32_epi64(_mm256_loadu_si256((const __m256i *)(lane + 8 * g)));
    for (size_t first = 0; first < ENTRY_WORDS; first += PASS_WORDS) scan(entries, count, index, first, word);
    ge8 point[GROUPS];
    for (int g = 0; g < GROUPS; g++) point[g] = sum8_point(sum8_from_row(row_from_words(word[g]), 0));
    store_rows(point, rows, points);
    zk_wipe(lane, sizeof lane);
    zk_wipe(index, sizeof index);
    zk_wipe(word, sizeof word);
    zk_wipe(point, sizeof point);
}

void zk_ifma_selected(const uint64_t *entries, size_t count, const uint32_t *indices, size_t rows, uint64_t *points) {
    for (size_t start = 0; start < rows; start += GROUP_ROWS) {
        const size_t n = rows - start < GROUP_ROWS ? rows - start : GROUP_ROWS;
        select_rows(entries, count, indices + start, n, points + 16 * start);
    }
}
#endif
