// SPDX-License-Identifier: Apache-2.0
// Columns of public scalars, each summed with the same weights: what a batch of proofs with many responses spends its field work on.
#include "CKernels.h"

#include <string.h>

void zk_weighted_columns(
    uint64_t *sums, size_t columns, const uint8_t *records, size_t record_bytes, const uint64_t *weights, size_t weight_limbs,
    size_t count) {
    for (size_t row = 0; row < count; row++) {
        const uint64_t w0 = weights[row * weight_limbs], w1 = weights[row * weight_limbs + 1];
        const uint8_t *bytes = records + row * record_bytes;
        for (size_t column = 0; column < columns; column++, bytes += 32) {
            uint64_t value[4];
            memcpy(value, bytes, sizeof value);
            uint64_t *sum = sums + 7 * column;
            unsigned __int128 t = (unsigned __int128)w0 * value[0] + sum[0];
            sum[0] = (uint64_t)t;
            // One product and two words never overflow 128 bits; the second product of a place goes to a carry of its own.
            unsigned __int128 u = (unsigned __int128)w0 * value[1] + (uint64_t)(t >> 64);
            t = (unsigned __int128)w1 * value[0] + (uint64_t)u;
            unsigned __int128 s = (unsigned __int128)sum[1] + (uint64_t)t;
            sum[1] = (uint64_t)s;
            unsigned __int128 carry = (s >> 64) + (t >> 64);
            for (int place = 2; place < 4; place++) {
                u = (unsigned __int128)w0 * value[place] + (uint64_t)(u >> 64);
                t = (unsigned __int128)w1 * value[place - 1] + (uint64_t)u;
                s = (unsigned __int128)sum[place] + (uint64_t)t + (uint64_t)carry;
                sum[place] = (uint64_t)s;
                carry = (s >> 64) + (t >> 64) + (carry >> 64);
            }
            t = (unsigned __int128)w1 * value[3] + (uint64_t)(u >> 64);
            s = (unsigned __int128)sum[4] + (uint64_t)t + (uint64_t)carry;
            sum[4] = (uint64_t)s;
            s = (unsigned __int128)sum[5] + (s >> 64) + (t >> 64) + (carry >> 64);
            sum[5] = (uint64_t)s;
            sum[6] += (uint64_t)(s >> 64);
        }
    }
}
