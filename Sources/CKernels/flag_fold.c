// SPDX-License-Identifier: Apache-2.0
// The prover's folds of secret bits and of secret scalars with public weights, without a branch on a secret.
#include "CKernels.h"

typedef uint64_t lane8 __attribute__((vector_size(64)));

// Compiled for several instruction sets, one of which the loader picks; elsewhere the compiler's default.
#if defined(__x86_64__) && defined(__linux__)
#define CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define CLONES
#endif

enum {
    BLOCK = 4,             // vectors of eight flags in a block
    BLOCK_FLAGS = 8 * BLOCK
};

CLONES void zk_flag_fold(
    uint64_t *sums, size_t flags, const uint64_t *bits, size_t words_per_row, const uint64_t *weights, size_t rows) {
    const lane8 step = {0, 1, 2, 3, 4, 5, 6, 7};
    for (size_t base = 0; base < flags; base += BLOCK_FLAGS) {
        // Pieces of 32 bits in lanes of 64: 2^32 rows cannot overflow.
        lane8 sum[4][BLOCK];
        for (int v = 0; v < BLOCK; v++) {
            for (int k = 0; k < 4; k++) sum[k][v] = (lane8){0};
        }
        for (size_t row = 0; row < rows; row++) {
            const uint64_t word = bits[row * words_per_row + base / 64] >> (base % 64);
            const uint64_t low = weights[2 * row], high = weights[2 * row + 1];
            const uint64_t piece[4] = {(uint32_t)low, low >> 32, (uint32_t)high, high >> 32};
            for (int v = 0; v < BLOCK; v++) {
                const lane8 mask = -(((lane8){0} + word) >> (step + 8 * (uint64_t)v) & 1);
                for (int k = 0; k < 4; k++) sum[k][v] += mask & piece[k];
            }
        }
        for (size_t f = 0; f < BLOCK_FLAGS && base + f < flags; f++) {
            uint64_t *out = sums + 3 * (base + f);
            unsigned __int128 carry = 0;
            for (int limb = 0; limb < 2; limb++) {
                carry += out[limb];
                carry += sum[2 * limb][f / 8][f % 8];
                carry += (unsigned __int128)sum[2 * limb + 1][f / 8][f % 8] << 32;
                out[limb] = (uint64_t)carry;
                carry >>= 64;
            }
            out[2] += (uint64_t)carry;
        }
    }
}

void zk_scalar_fold(uint64_t sum[7], const uint64_t *scalars, const uint64_t *weights, size_t rows) {
    uint64_t s0 = sum[0], s1 = sum[1], s2 = sum[2], s3 = sum[3], s4 = sum[4], s5 = sum[5], s6 = sum[6];
    for (size_t row = 0; row < rows; row++) {
        const uint64_t *x = scalars + 4 * row;
        const uint64_t low = weights[2 * row], high = weights[2 * row + 1];
        unsigned __int128 t;
        uint64_t p0, p1, p2, p3, p4, p5;
        t = (unsigned __int128)x[0] * low;
        p0 = (uint64_t)t;
        t = (unsigned __int128)x[1] * low + (uint64_t)(t >> 64);
        p1 = (uint64_t)t;
        t = (unsigned __int128)x[2] * low + (uint64_t)(t >> 64);
        p2 = (uint64_t)t;
        t = (unsigned __int128)x[3] * low + (uint64_t)(t >> 64);
        p3 = (uint64_t)t;
        p4 = (uint64_t)(t >> 64);
        t = (unsigned __int128)x[0] * high + p1;
        p1 = (uint64_t)t;
        t = (unsigned __int128)x[1] * high + p2 + (uint64_t)(t >> 64);
        p2 = (uint64_t)t;
        t = (unsigned __int128)x[2] * high + p3 + (uint64_t)(t >> 64);
        p3 = (uint64_t)t;
        t = (unsigned __int128)x[3] * high + p4 + (uint64_t)(t >> 64);
        p4 = (uint64_t)t;
        p5 = (uint64_t)(t >> 64);
        t = (unsigned __int128)s0 + p0;
        s0 = (uint64_t)t;
        t = (unsigned __int128)s1 + p1 + (uint64_t)(t >> 64);
        s1 = (uint64_t)t;
        t = (unsigned __int128)s2 + p2 + (uint64_t)(t >> 64);
        s2 = (uint64_t)t;
        t = (unsigned __int128)s3 + p3 + (uint64_t)(t >> 64);
        s3 = (uint64_t)t;
        t = (unsigned __int128)s4 + p4 + (uint64_t)(t >> 64);
        s4 = (uint64_t)t;
        t = (unsigned __int128)s5 + p5 + (uint64_t)(t >> 64);
        s5 = (uint64_t)t;
        s6 += (uint64_t)(t >> 64);
    }
    sum[0] = s0;
    sum[1] = s1;
    sum[2] = s2;
    sum[3] = s3;
    sum[4] = s4;
    sum[5] = s5;
    sum[6] = s6;
}
