// SPDX-License-Identifier: Apache-2.0
// The prover's fold over calendars: weights added up between secret days, by sorting networks whose steps do not depend on what is sorted.
//
// Each row is two events: its weight comes at its first day and goes at its end. A batch of events is sorted by day (bitonic sort, Batcher 1968) and
// merged with one marker for each day of the calendar, which comes after the events of its day. Running sums over the merged order are then, at the
// markers, the sums in force. The exchanges of the merge are undone, which brings the markers back to where they came from.
//
// Element i of an array of n is in lane i / (n / 8) of vector i % (n / 8): exchanges over less than n / 8 are between whole vectors.
#include "CKernels.h"

typedef uint64_t lane8 __attribute__((vector_size(64), aligned(8)));
typedef int64_t order8 __attribute__((vector_size(64), aligned(8)));
typedef int8_t mark8 __attribute__((vector_size(8), aligned(1)));

// Compiled for several instruction sets, one of which the loader picks; elsewhere the compiler's default.
#if defined(__x86_64__) && defined(__linux__)
#define CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define CLONES
#endif

enum { LEAST_HALF = 1024 };

// Keys: day, whether it is a marker, whether the weight goes.
#define KEY(day, is_marker, goes) ((uint64_t)(day) << 2 | (is_marker) << 1 | (goes))

// The number of events of a batch, a power of two, which is also that of markers with padding.
static size_t half_count(size_t days) {
    size_t half = LEAST_HALF;
    while (half < days) half *= 2;
    return half;
}

size_t zk_calendar_fold_scratch(size_t days) {
    const size_t half = half_count(days), rows = half / 4;
    size_t layers = 0;
    for (size_t stride = half; stride > 0; stride /= 2) layers++;
    return 3 * half + 4 * 2 * half + layers * rows;
}

// The lanes at distance 1, 2 or 4.
#define ACROSS(v, t)                                                          \
    ((t) == 1   ? __builtin_shufflevector(v, v, 1, 0, 3, 2, 5, 4, 7, 6)       \
     : (t) == 2 ? __builtin_shufflevector(v, v, 2, 3, 0, 1, 6, 7, 4, 5)       \
                : __builtin_shufflevector(v, v, 4, 5, 6, 7, 0, 1, 2, 3))
#define EXCHANGE(x, i, j, mask)                                               \
    do {                                                                      \
        const lane8 difference = ((x)[i] ^ (x)[j]) & (mask);                  \
        (x)[i] ^= difference;                                                 \
        (x)[j] ^= difference;                                                 \
    } while (0)
#define EXCHANGE_ACROSS(x, i, t, mask)                                        \
    do {                                                                      \
        const lane8 here = (x)[i];                                            \
        const lane8 there = ACROSS(here, t);                                  \
        (x)[i] = here ^ ((here ^ there) & (mask));                            \
    } while (0)
// All ones in the lanes whose pair at distance t is out of order.
#define WRONG_ACROSS(x, i, t, lower, mask)                                    \
    do {                                                                      \
        const order8 here = (order8)(x)[i];                                   \
        const order8 there = (order8)ACROSS((x)[i], t);                       \
        (mask) = ((lane8)(here > there) & (lower)) | ((lane8)(there > here) & ~(lower)); \
    } while (0)

CLONES void zk_calendar_fold(
    uint64_t *sums, size_t days, const uint32_t *first_day, const uint32_t *end_day, const uint64_t *weights, size_t row_count,
    uint64_t *scratch) {
    const lane8 lane = {0, 1, 2, 3, 4, 5, 6, 7};
    const size_t half = half_count(days), count = 2 * half;
    lane8 *const event = (lane8 *)scratch, *const low = event + half / 8, *const high = low + half / 8;
    lane8 *const key = high + half / 8, *const sum0 = key + count / 8, *const sum1 = sum0 + count / 8, *const sum2 = sum1 + count / 8;
    mark8 *const marks = (mark8 *)(sum2 + count / 8);

    for (size_t start = 0; start < row_count; start += half / 2) {
        // Two events for each row; weights of 0 on day 0 where there are no more rows.
        const size_t rows = half / 8;
        for (size_t i = 0; i < half; i++) {
            const size_t row = start + i / 2, place = 8 * (i % rows) + i / rows;
            const int is_end = i & 1, is_row = row < row_count;
            ((uint64_t *)event)[place] = is_row ? KEY(is_end ? end_day[row] : first_day[row], 0, is_end) : 0;
            ((uint64_t *)low)[place] = is_row ? weights[2 * row] : 0;
            ((uint64_t *)high)[place] = is_row ? weights[2 * row + 1] : 0;
        }
        for (size_t size = 2; size <= half; size *= 2) {
            for (size_t stride = size / 2; stride > 0; stride /= 2) {
                // Lanes and vectors that are sorted downwards in this step.
                const lane8 down_lanes = (lane8)((lane & (uint64_t)(size / rows)) != 0);
                if (stride >= rows) {
                    const size_t t = stride / rows;
                    const lane8 lower = (lane8)((lane & (uint64_t)t) == 0);
                    for (size_t i = 0; i < rows; i++) {
                        lane8 mask;
                        if (t == 1) {
                            WRONG_ACROSS(event, i, 1, lower, mask);
                            mask ^= down_lanes;
                            EXCHANGE_ACROSS(event, i, 1, mask);
                            EXCHANGE_ACROSS(low, i, 1, mask);
                            EXCHANGE_ACROSS(high, i, 1, mask);
                        } else if (t == 2) {
                            WRONG_ACROSS(event, i, 2, lower, mask);
                            mask ^= down_lanes;
                            EXCHANGE_ACROSS(event, i, 2, mask);
                            EXCHANGE_ACROSS(low, i, 2, mask);
                            EXCHANGE_ACROSS(high, i, 2, mask);
                        } else {
                            WRONG_ACROSS(event, i, 4, lower, mask);
                            mask ^= down_lanes;
                            EXCHANGE_ACROSS(event, i, 4, mask);
                            EXCHANGE_ACROSS(low, i, 4, mask);
                            EXCHANGE_ACROSS(high, i, 4, mask);
                        }
                    }
                    continue;
                }
                for (size_t block = 0; block < rows; block += 2 * stride) {
                    const lane8 down = size < rows ? (lane8){0} - (uint64_t)((block & size) != 0) : down_lanes;
                    for (size_t i = block; i < block + stride; i++) {
                        const lane8 mask = (lane8)((order8)event[i] > (order8)event[i + stride]) ^ down;
                        EXCHANGE(event, i, i + stride, mask);
                        EXCHANGE(low, i, i + stride, mask);
                        EXCHANGE(high, i, i + stride, mask);
                    }
                }
            }
        }

        // Events upwards, then markers downwards: one bitonic sequence.
        const size_t all = count / 8;
        for (size_t i = 0; i < half; i++) {
            const size_t from = 8 * (i % rows) + i / rows, to = 8 * (i % all) + i / all;
            ((uint64_t *)key)[to] = ((uint64_t *)event)[from];
            ((uint64_t *)sum0)[to] = ((uint64_t *)low)[from];
            ((uint64_t *)sum1)[to] = ((uint64_t *)high)[from];
            const size_t marker = count - 1 - i, place = 8 * (marker % all) + marker / all;
            ((uint64_t *)key)[place] = i < days ? KEY(i, 1, 0) : KEY(((uint64_t)1 << 40) + i, 1, 0);
            ((uint64_t *)sum0)[place] = 0;
            ((uint64_t *)sum1)[place] = 0;
        }
        size_t made = 0;
#define MERGE_ACROSS(t)                                                       \
    do {                                                                      \
        const lane8 lower = (lane8)((lane & (uint64_t)(t)) == 0);             \
        for (size_t i = 0; i < all; i++) {                                    \
            lane8 mask;                                                       \
            WRONG_ACROSS(key, i, t, lower, mask);                             \
            EXCHANGE_ACROSS(key, i, t, mask);                                 \
            EXCHANGE_ACROSS(sum0, i, t, mask);                                \
            EXCHANGE_ACROSS(sum1, i, t, mask);                                \
            marks[made++] = __builtin_convertvector((order8)mask, mark8);     \
        }                                                                     \
    } while (0)
        MERGE_ACROSS(4);
        MERGE_ACROSS(2);
        MERGE_ACROSS(1);
        for (size_t stride = all / 2; stride > 0; stride /= 2) {
            for (size_t block = 0; block < all; block += 2 * stride) {
                for (size_t i = block; i < block + stride; i++) {
                    const lane8 mask = (lane8)((order8)key[i] > (order8)key[i + stride]);
                    EXCHANGE(key, i, i + stride, mask);
                    EXCHANGE(sum0, i, i + stride, mask);
                    EXCHANGE(sum1, i, i + stride, mask);
                    marks[made++] = __builtin_convertvector((order8)mask, mark8);
                }
            }
        }

        // Running sums in three limbs; a weight that goes is added as its two's complement.
        unsigned __int128 sum = 0;
        uint64_t top = 0;
        for (size_t i = 0; i < count; i++) {
            const size_t place = 8 * (i % all) + i / all;
            const uint64_t k = ((uint64_t *)key)[place];
            const uint64_t counts = zk_barrier((k >> 1 & 1) - 1), goes = zk_barrier(0 - (k & 1));
            const uint64_t w0 = (((uint64_t *)sum0)[place] & counts) ^ goes, w1 = (((uint64_t *)sum1)[place] & counts) ^ goes;
            const unsigned __int128 part = (unsigned __int128)(uint64_t)sum + w0 + (goes & 1);
            const unsigned __int128 rest = (sum >> 64) + (part >> 64) + w1;
            sum = rest << 64 | (uint64_t)part;
            top += goes + (uint64_t)(rest >> 64);
            ((uint64_t *)sum0)[place] = (uint64_t)sum;
            ((uint64_t *)sum1)[place] = (uint64_t)(sum >> 64);
            ((uint64_t *)sum2)[place] = top;
        }

        // Back to the order before the merge.
        for (size_t stride = 1; stride < all; stride *= 2) {
            for (size_t block = all; block > 0; block -= 2 * stride) {
                for (size_t i = block - stride; i > block - 2 * stride; i--) {
                    const size_t at = i - 1;
                    const lane8 mask = (lane8)__builtin_convertvector(marks[--made], order8);
                    EXCHANGE(sum0, at, at + stride, mask);
                    EXCHANGE(sum1, at, at + stride, mask);
                    EXCHANGE(sum2, at, at + stride, mask);
                }
            }
        }
#define UNDO_ACROSS(t)                                                        \
    do {                                                                      \
        for (size_t i = all; i > 0; i--) {                                    \
            const lane8 mask = (lane8)__builtin_convertvector(marks[--made], order8); \
            EXCHANGE_ACROSS(sum0, i - 1, t, mask);                            \
            EXCHANGE_ACROSS(sum1, i - 1, t, mask);                            \
            EXCHANGE_ACROSS(sum2, i - 1, t, mask);                            \
        }                                                                     \
    } while (0)
        UNDO_ACROSS(1);
        UNDO_ACROSS(2);
        UNDO_ACROSS(4);
        for (size_t day = 0; day < days; day++) {
            const size_t marker = count - 1 - day, place = 8 * (marker % all) + marker / all;
            unsigned __int128 carry = 0;
            const uint64_t *const parts[3] = {(uint64_t *)sum0, (uint64_t *)sum1, (uint64_t *)sum2};
            for (int limb = 0; limb < 3; limb++) {
                carry += (unsigned __int128)sums[3 * day + (size_t)limb] + parts[limb][place];
                sums[3 * day + (size_t)limb] = (uint64_t)carry;
                carry >>= 64;
            }
        }
    }
}
