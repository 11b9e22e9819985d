// SPDX-License-Identifier: Apache-2.0
// Straus' method with signed radix-16 digits, eight points at a time, each lane with a sum of its own: for secret scalars and public
// points, and for few public ones.
//
// Timing: constant in the scalars. Loads, stores and branches depend on the numbers of points and bits only
// (docs/security.md, "Vector code that handles secrets").
#if defined(__x86_64__)
#include "secret_digits.h"

#include "CKernels.h"

#include <string.h>

enum { WIDTH = 4, ENTRIES = 8 };

/// Eight points: their multiples 1 ... 8, lane by lane, and the biased words of their scalars.
typedef struct {
    cached8 multiple[ENTRIES];
    vec words[4];
} group8;

size_t zk_ifma_straus_bytes(size_t count) { return (count + 7) / 8 * sizeof(group8); }

/// The tables and words of points `8 g ... 8 g + 7`; missing points count as the first with the scalar 0.
__attribute__((noinline)) IFMA_FUNCTION static void prepare(
    group8 *group, const uint64_t *points, const uint64_t *scalars, size_t count, const uint64_t bias[4]) {
    static const uint64_t zero[4] = {0};
    const uint64_t *scalar[8];
    uint64_t words[128];
    for (size_t l = 0; l < 8; l++) {
        scalar[l] = l < count ? scalars + 4 * l : zero;
        memcpy(words + 16 * l, points + 16 * (l < count ? l : 0), 128);
    }
    scalars_load_biased(scalar, bias, group->words);
    ge8 multiple = ge8_load_words(words);
    const cached8 single = ge8_cached(multiple);
    group->multiple[0] = single;
    for (int k = 1; k < ENTRIES; k++) {
        multiple = ge8_add(multiple, single);
        group->multiple[k] = ge8_cached(multiple);
    }
}

IFMA_FUNCTION void zk_ifma_straus(
    const uint64_t *points, const uint64_t *scalars, size_t count, unsigned bits, void *workspace, uint64_t sums[128]) {
    const size_t groups = (count + 7) / 8;
    const unsigned digits = (bits + WIDTH) / WIDTH;
    group8 *group = workspace;
    uint64_t bias[4] = {0};
    for (unsigned i = 0; i + 1 < digits; i++) bias[(WIDTH * i + 3) / 64] |= (uint64_t)1 << (WIDTH * i + 3) % 64;
    for (size_t g = 0; g < groups; g++) prepare(&group[g], points + 128 * g, scalars + 32 * g, count - 8 * g, bias);
    ge8 sum = ge8_identity();
    for (unsigned index = digits; index-- > 0;) {
        if (index + 1 < digits) sum = ge8_double_times(sum, WIDTH);
        for (size_t g = 0; g < groups; g++) {
            const digits8 digit = digits_at(group[g].words, WIDTH * index, WIDTH, index + 1 < digits ? ENTRIES : 0);
            sum = ge8_add(sum, cached8_look_up(group[g].multiple, ENTRIES, digit));
        }
    }
    ge8_store_words(sum, sums);
    zk_wipe(workspace, zk_ifma_straus_bytes(count));
    zk_wipe(&sum, sizeof sum);
}
#endif
