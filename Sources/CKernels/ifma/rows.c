// SPDX-License-Identifier: Apache-2.0
// From Swift's points to row forms. Points are public; timing depends on whether they are stored with Z = 1.
#if defined(__x86_64__)
#include "rows.h"

#include "CKernels.h"

#include <string.h>

/// Vectors that share one inversion.
#define RUN 32

/// Whether all eight points have Z = 1.
IFMA_INLINE int have_unit_z(ge8 p) { return fe8_same_limbs(p.z, fe8_small(1)) == 0xff; }

/// Rows of `vectors` vectors of points, at most `RUN`, with one inversion for all of them (Montgomery's trick in each lane).
__attribute__((noinline)) IFMA_FUNCTION static void rows_with_inversion(const uint64_t *points, size_t vectors, uint64_t *rows) {
    fe8 before[RUN], product = fe8_small(1);
    for (size_t i = 0; i < vectors; i++) {
        before[i] = product;
        product = fe8_mul(product, ge8_load_words(points + 128 * i).z);
    }
    fe8 inverse = fe8_invert(product);
    for (size_t i = vectors; i-- > 0;) {
        const ge8 p = ge8_load_words(points + 128 * i);
        const fe8 z_inverse = fe8_mul(inverse, before[i]);
        inverse = fe8_mul(inverse, p.z);
        const fe8 x = fe8_mul(p.x, z_inverse), y = fe8_mul(p.y, z_inverse);
        row8_store(row8_from_affine(x, y, fe8_mul(x, y)), rows + 8 * ROW_WORDS * i);
    }
}

__attribute__((noinline)) IFMA_FUNCTION static void rows_run(const uint64_t *points, size_t vectors, uint64_t *rows) {
    for (size_t i = 0; i < vectors; i++) {
        const ge8 p = ge8_load_words(points + 128 * i);
        if (!have_unit_z(p)) {
            rows_with_inversion(points + 128 * i, vectors - i, rows + 8 * ROW_WORDS * i);
            return;
        }
        // What is read and written three vectors later; a prefetch past the end does nothing.
        for (size_t word = 0; word < 128; word += 8) {
            __builtin_prefetch(points + 128 * (i + 3) + word, 0, 3);
            __builtin_prefetch(rows + 8 * ROW_WORDS * (i + 3) + word, 1, 3);
        }
        row8_store(row8_from_affine(p.x, p.y, p.t), rows + 8 * ROW_WORDS * i);
    }
}

void zk_ifma_rows(const uint64_t *points, size_t count, uint64_t *rows) {
    const size_t whole = count / 8;
    for (size_t start = 0; start < whole; start += RUN) {
        const size_t vectors = whole - start < RUN ? whole - start : RUN;
        rows_run(points + 128 * start, vectors, rows + 8 * ROW_WORDS * start);
    }
    const size_t rest = count % 8;
    if (rest > 0) {
        uint64_t last_points[128];
        uint64_t last_rows[8 * ROW_WORDS] __attribute__((aligned(64)));
        for (size_t i = 0; i < 8; i++) memcpy(last_points + 16 * i, points + 16 * (8 * whole + (i < rest ? i : 0)), 128);
        rows_run(last_points, 1, last_rows);
        memcpy(rows + 8 * ROW_WORDS * whole, last_rows, 8 * ROW_WORDS * rest);
    }
}

void zk_ifma_identity_row(uint64_t *row) {
    memset(row, 0, 8 * ROW_WORDS);
    row[0] = row[5] = 1;
}
#endif
