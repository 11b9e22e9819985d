// SPDX-License-Identifier: Apache-2.0
#include "CKernels.h"
#include <string.h>

void zk_wipe(void *p, size_t count) {
    memset(p, 0, count);
    __asm__ volatile("" : : "r"(p) : "memory");
}
