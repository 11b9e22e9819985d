// SPDX-License-Identifier: Apache-2.0
// The prover's fold of secret bits: sums of public weights over the rows whose bit is set, without a branch on a bit.
#include "CKernels.h"

void zk_flag_fold(uint64_t *sums, size_t flags, const uint64_t *bits, size_t words_per_row, const uint64_t *weights, size_t rows) {
    for (size_t row = 0; row < rows; row++) {
        const uint64_t *weight = weights + 4 * row;
        for (size_t flag = 0; flag < flags; flag++) {
            uint64_t bit = bits[row * words_per_row + flag / 64] >> (flag % 64) & 1;
            uint64_t mask = zk_barrier(0 - bit);
            uint64_t *sum = sums + 5 * flag;
            unsigned __int128 carry = 0;
            for (int limb = 0; limb < 4; limb++) {
                carry += (unsigned __int128)sum[limb] + (weight[limb] & mask);
                sum[limb] = (uint64_t)carry;
                carry >>= 64;
            }
            sum[4] += (uint64_t)carry;
        }
    }
}
