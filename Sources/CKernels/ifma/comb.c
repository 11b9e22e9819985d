// SPDX-License-Identifier: Apache-2.0
// Sums over fixed public bases for eight rows of secret scalars at a time: comb tables of radix 32, scanned from end to end.
//
// Timing: constant in the scalars. Loads, stores and branches depend on the numbers of rows, bases and positions only
// (docs/security.md, "Vector code that handles secrets").
#if defined(__x86_64__)
#include "secret_digits.h"
#include "sums.h"

#include "CKernels.h"

#include <string.h>

enum {
    WIDTH = 5,
    ENTRIES = 16,          // multiples 1 ... 16 of a position
    DIGITS = 51,           // of 253 bits
    GROUPS = 4,            // vectors of rows that share a pass over the tables
    GROUP_ROWS = 8 * GROUPS
};

/// The sum over i < 50 of 2^(5 i + 4).
static const uint64_t digit_bias[4] = {0x0842108421084210, 0x1084210842108421, 0x2108421084210842, 0x0210842108421084};

/// The multiple of each lane's magnitude from the 16 rows at `entries`; the identity for 0.
IFMA_INLINE row8 look_up(const uint64_t *entries, vec magnitude) {
    vec word[15];
    for (int i = 0; i < 15; i++) word[i] = vec_zero();
    const __mmask8 none = _mm512_testn_epi64_mask(magnitude, magnitude);
    word[0] = word[5] = vec_select(none, vec_zero(), vec_all(1));
    for (int k = 0; k < ENTRIES; k++) {
        const __mmask8 chosen = _mm512_cmpeq_epi64_mask(magnitude, vec_all((uint64_t)k + 1));
        for (int i = 0; i < 15; i++) word[i] = vec_select(chosen, word[i], vec_all(entries[ROW_WORDS * k + i]));
    }
    return (row8){
        {{word[0], word[1], word[2], word[3], word[4]}}, {{word[5], word[6], word[7], word[8], word[9]}},
        {{word[10], word[11], word[12], word[13], word[14]}}};
}

/// Adds digit `index` of every row times the base at `entries` to the sums.
__attribute__((noinline)) IFMA_FUNCTION static void add_position(
    sum8 sum[GROUPS], const vec words[GROUPS][4], size_t groups, unsigned index, const uint64_t *entries) {
    for (size_t g = 0; g < groups; g++) {
        const digits8 digit = digits_at(words[g], WIDTH * index, WIDTH, index == DIGITS - 1 ? 0 : ENTRIES);
        sum[g] = sum8_add_row(sum[g], look_up(entries, digit.magnitude), digit.negative);
    }
}

/// The sums of `rows <= GROUP_ROWS` rows.
__attribute__((noinline)) IFMA_FUNCTION static void sum_rows(
    const zk_ifma_comb *comb, const uint64_t *scalars, size_t rows, vec (*words)[GROUPS][4], uint64_t *points) {
    const size_t groups = (rows + 7) / 8;
    for (size_t b = 0; b < comb->bases; b++) {
        for (size_t g = 0; g < groups; g++) {
            const uint64_t *scalar[8];
            for (size_t l = 0; l < 8; l++) {
                const size_t row = 8 * g + l < rows ? 8 * g + l : rows - 1;
                scalar[l] = scalars + 4 * (row * comb->bases + b);
            }
            scalars_load_biased(scalar, digit_bias, words[b][g]);
        }
    }
    sum8 sum[GROUPS];
    uint64_t last[128];
    for (size_t g = 0; g < groups; g++) sum[g] = sum8_from_point(ge8_identity());
    for (size_t offset = comb->spacing; offset-- > 0;) {
        if (offset < comb->spacing - 1) {
            for (size_t g = 0; g < groups; g++) sum[g] = sum8_from_point(ge8_double_times(sum8_point(sum[g]), WIDTH));
        }
        for (size_t b = 0; b < comb->bases; b++) {
            for (size_t j = 0; offset + j * comb->spacing < DIGITS; j++) {
                const uint64_t *entries = comb->table + (b * comb->positions + j) * ENTRIES * ROW_WORDS;
                add_position(sum, words[b], groups, (unsigned)(offset + j * comb->spacing), entries);
            }
        }
    }
    for (size_t g = 0; g < groups; g++) {
        const size_t n = rows - 8 * g < 8 ? rows - 8 * g : 8;
        ge8_store_words(sum8_point(sum[g]), n == 8 ? points + 128 * g : last);
        if (n < 8) memcpy(points + 128 * g, last, 128 * n);
    }
    zk_wipe(sum, sizeof sum);
    zk_wipe(last, sizeof last);
}

size_t zk_ifma_comb_bytes(size_t bases) { return bases * sizeof(vec[GROUPS][4]); }

void zk_ifma_comb_sums(const zk_ifma_comb *comb, const uint64_t *scalars, size_t rows, void *workspace, uint64_t *points) {
    for (size_t start = 0; start < rows; start += GROUP_ROWS) {
        const size_t n = rows - start < GROUP_ROWS ? rows - start : GROUP_ROWS;
        sum_rows(comb, scalars + 4 * comb->bases * start, n, workspace, points + 16 * start);
    }
    zk_wipe(workspace, zk_ifma_comb_bytes(comb->bases));
}
#endif
