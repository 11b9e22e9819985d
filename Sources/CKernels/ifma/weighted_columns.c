// SPDX-License-Identifier: Apache-2.0
// Columns of public scalars, each summed with the same weights of 128 bits: eight columns at a time, a lane is a column.
//
// A scalar is five limbs of 52 bits, a weight three; the multiplier takes the low 52 bits of a lane, so that limbs need no masks. Low and high halves of
// products are added up apart: place p of a sum is `low[p] + high[p - 1]`. Each gains at most three halves below 2^52 for a record, so that RUN
// records stay below 3 * 512 * 2^52 < 2^63, and the sum of both below 2^64.
#if defined(__x86_64__)
#include "ifma.h"

#include "Kernels25519.h"

#include <string.h>

/// Records whose products are added up before the sums are carried.
#define RUN 512
/// Records that stay in the cache while all columns pass over them.
#define TILE 32
/// Vectors of columns at a time.
#define BLOCKS 16
/// Places of the low halves of a product, and of the high ones.
#define HALVES 7

typedef struct {
    vec low[HALVES], high[HALVES];
} sums8;

/// Which words of each of the four vectors of a block belong to `columns` columns.
static inline __mmask8 block_mask(size_t columns, size_t vector) {
    return columns >= 2 * vector + 2 ? 0xff : columns == 2 * vector + 1 ? 0x0f : 0;
}

/// The limbs of eight scalars; lane l holds scalar (0, 2, 4, 6, 1, 3, 5, 7)[l].
IFMA_INLINE void limbs8(const uint8_t *bytes, const __mmask8 mask[4], vec limb[5]) {
    vec row[4];
    for (int i = 0; i < 4; i++) row[i] = _mm512_maskz_loadu_epi64(mask[i], bytes + 64 * i);
    const vec even = _mm512_setr_epi64(0, 1, 8, 9, 4, 5, 12, 13), odd = _mm512_setr_epi64(2, 3, 10, 11, 6, 7, 14, 15);
    const vec low0 = _mm512_unpacklo_epi64(row[0], row[1]), low1 = _mm512_unpacklo_epi64(row[2], row[3]);
    const vec high0 = _mm512_unpackhi_epi64(row[0], row[1]), high1 = _mm512_unpackhi_epi64(row[2], row[3]);
    const vec w0 = _mm512_permutex2var_epi64(low0, even, low1), w2 = _mm512_permutex2var_epi64(low0, odd, low1);
    const vec w1 = _mm512_permutex2var_epi64(high0, even, high1), w3 = _mm512_permutex2var_epi64(high0, odd, high1);
    limb[0] = w0;
    limb[1] = vec_or(_mm512_srli_epi64(w0, 52), _mm512_slli_epi64(w1, 12));
    limb[2] = vec_or(_mm512_srli_epi64(w1, 40), _mm512_slli_epi64(w2, 24));
    limb[3] = vec_or(_mm512_srli_epi64(w2, 28), _mm512_slli_epi64(w3, 36));
    limb[4] = _mm512_srli_epi64(w3, 16);
}

/// Adds the products of `count` records to the sums of one block.
__attribute__((noinline)) IFMA_FUNCTION static void add_tile(
    sums8 *sums, const uint8_t *bytes, size_t record_bytes, const __mmask8 mask[4], const uint64_t *weights, size_t weight_limbs,
    size_t count) {
    sums8 s = *sums;
    for (size_t i = 0; i < count; i++) {
        const uint8_t *next = bytes + (i + TILE) * record_bytes;
        for (int line = 0; line < 4; line++) __builtin_prefetch(next + 64 * line, 0, 3);
        const uint64_t w0 = weights[i * weight_limbs], w1 = weights[i * weight_limbs + 1];
        const vec weight[3] = {vec_all(w0), vec_all(w0 >> 52 | w1 << 12), vec_all(w1 >> 40)};
        vec limb[5];
        limbs8(bytes + i * record_bytes, mask, limb);
        for (int j = 0; j < 3; j++) {
            for (int k = 0; k < 5; k++) {
                s.low[j + k] = _mm512_madd52lo_epu64(s.low[j + k], weight[j], limb[k]);
                s.high[j + k] = _mm512_madd52hi_epu64(s.high[j + k], weight[j], limb[k]);
            }
        }
    }
    *sums = s;
}

/// Adds the sums of a block to those of `columns` columns, seven words each, and clears them.
IFMA_FUNCTION static void carry(sums8 *block, uint64_t *sums, size_t columns) {
    uint64_t place[HALVES + 1][8];
    for (int p = 0; p <= HALVES; p++) {
        const vec low = p < HALVES ? block->low[p] : vec_zero(), high = p > 0 ? block->high[p - 1] : vec_zero();
        _mm512_storeu_si512(place[p], vec_add(low, high));
    }
    memset(block, 0, sizeof *block);
    static const uint8_t lane[8] = {0, 4, 1, 5, 2, 6, 3, 7};
    for (size_t column = 0; column < columns; column++) {
        uint64_t word[7] = {0};
        unsigned __int128 rest = 0;
        // Places of 52 bits to words of 64: `rest` holds what is not written yet, `bits` of it final.
        unsigned bits = 0, next = 0;
        for (int p = 0; p <= HALVES; p++) {
            rest += (unsigned __int128)place[p][lane[column]] << bits;
            bits += 52;
            if (bits >= 64) {
                word[next++] = (uint64_t)rest;
                rest >>= 64;
                bits -= 64;
            }
        }
        word[next] = (uint64_t)rest;
        unsigned char carried = 0;
        uint64_t *sum = sums + 7 * column;
        for (int i = 0; i < 7; i++) {
            const unsigned __int128 t = (unsigned __int128)sum[i] + word[i] + carried;
            sum[i] = (uint64_t)t;
            carried = (unsigned char)(t >> 64);
        }
    }
}

IFMA_FUNCTION void zk_ifma_weighted_columns(
    uint64_t *sums, size_t columns, const uint8_t *records, size_t record_bytes, const uint64_t *weights, size_t weight_limbs,
    size_t count) {
    sums8 block[BLOCKS];
    for (size_t first = 0; first < columns; first += 8 * BLOCKS) {
        const size_t wanted = columns - first < 8 * BLOCKS ? columns - first : 8 * BLOCKS;
        memset(block, 0, sizeof block);
        for (size_t start = 0; start < count; start += RUN) {
            const size_t end = count - start < RUN ? count : start + RUN;
            for (size_t tile = start; tile < end; tile += TILE) {
                const size_t size = end - tile < TILE ? end - tile : TILE;
                for (size_t column = 0; column < wanted; column += 8) {
                    const size_t own = wanted - column;
                    const __mmask8 mask[4] = {block_mask(own, 0), block_mask(own, 1), block_mask(own, 2), block_mask(own, 3)};
                    add_tile(
                        &block[column / 8], records + tile * record_bytes + 32 * (first + column), record_bytes, mask,
                        weights + tile * weight_limbs, weight_limbs, size);
                }
            }
            for (size_t column = 0; column < wanted; column += 8) {
                carry(&block[column / 8], sums + 7 * (first + column), wanted - column < 8 ? wanted - column : 8);
            }
        }
    }
}
#endif
