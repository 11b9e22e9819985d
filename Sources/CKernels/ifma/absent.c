// SPDX-License-Identifier: Apache-2.0
// Processors without these kernels: zk_ifma_available() is 0 and nobody calls the rest.
#if !defined(__x86_64__)
#include "Kernels25519.h"

size_t zk_ifma_decode(const uint8_t *bytes, const uint8_t *advice, size_t count, uint64_t *points, uint8_t *roots) {
    (void)bytes, (void)advice, (void)count, (void)points, (void)roots;
    return 0;
}

void zk_ifma_encode(const uint64_t *points, size_t count, uint8_t *bytes) { (void)points, (void)count, (void)bytes; }

void zk_ifma_map(const uint8_t *bytes, size_t count, uint64_t *points) { (void)bytes, (void)count, (void)points; }
#endif
