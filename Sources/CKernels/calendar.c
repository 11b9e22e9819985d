// SPDX-License-Identifier: Apache-2.0
// The prover's fold over calendars: weights added at secret days, by scanning every day.
#include "CKernels.h"

// Eight days at a time in vector registers, for as many accumulators as AVX-512 has room for.
typedef uint64_t lane8 __attribute__((vector_size(64)));

enum {
    BLOCK = 4,            // vectors of eight days in a block
    BLOCK_DAYS = 8 * BLOCK,
    ROW_RUN = 1024        // rows between two loads of a block's accumulators: their columns stay in the first-level cache
};

// Compiled for several instruction sets, one of which the loader picks; elsewhere the compiler's default.
#if defined(__x86_64__) && defined(__linux__)
#define CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define CLONES
#endif

CLONES void zk_calendar_fold(
    uint64_t *lanes, size_t days, const uint32_t *first_day, const uint32_t *end_day, const uint64_t *weights, size_t rows) {
    const lane8 step = {0, 1, 2, 3, 4, 5, 6, 7};
    for (size_t run = 0; run < rows; run += ROW_RUN) {
        const size_t stop = rows - run < ROW_RUN ? rows : run + ROW_RUN;
        for (size_t base = 0; base < days; base += BLOCK_DAYS) {
            lane8 sum[4][BLOCK];
            lane8 day[BLOCK];
            for (int v = 0; v < BLOCK; v++) {
                day[v] = step + (uint64_t)(base + 8 * (size_t)v);
                for (int k = 0; k < 4; k++) sum[k][v] = (lane8){0};
            }
            for (size_t i = run; i < stop; i++) {
                const uint64_t first = first_day[i], end = end_day[i];
                const uint64_t low = weights[2 * i], high = weights[2 * i + 1];
                const uint64_t piece[4] = {(uint32_t)low, low >> 32, (uint32_t)high, high >> 32};
                for (int v = 0; v < BLOCK; v++) {
                    const lane8 starts = (lane8)(day[v] == first), ends = (lane8)(day[v] == end);
                    for (int k = 0; k < 4; k++) {
                        sum[k][v] += starts & piece[k];
                        sum[k][v] -= ends & piece[k];
                    }
                }
            }
            for (size_t d = 0; d < BLOCK_DAYS && base + d < days; d++) {
                for (int k = 0; k < 4; k++) lanes[(size_t)k * days + base + d] += sum[k][d / 8][d % 8];
            }
        }
    }
}
