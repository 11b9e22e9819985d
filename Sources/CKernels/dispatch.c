// SPDX-License-Identifier: Apache-2.0
// Which kernels this process uses: the best that the processor has (zk_ifma_available), or the one that ZKCONSENT_KERNEL names.
#include "CKernels.h"
#include <stdlib.h>
#include <string.h>

static const char not_asked_for[] = "";

const char *zk_forced_kernel(void) {
    // Threads that look it up at once find the same.
    static const char *known = not_asked_for;
    const char *value = __atomic_load_n(&known, __ATOMIC_RELAXED);
    if (value == not_asked_for) {
        value = getenv("ZKCONSENT_KERNEL");
        __atomic_store_n(&known, value, __ATOMIC_RELAXED);
    }
    return value;
}

static int suspensions;

int zk_vector_hashing(void) {
    if (__atomic_load_n(&suspensions, __ATOMIC_RELAXED) > 0) return 0;
    const char *forced = zk_forced_kernel();
    return !(forced != NULL && strcmp(forced, "portable") == 0) && zk_ifma_available();
}

void zk_suspend_vector_hashing(void) { __atomic_add_fetch(&suspensions, 1, __ATOMIC_RELAXED); }

void zk_resume_vector_hashing(void) { __atomic_sub_fetch(&suspensions, 1, __ATOMIC_RELAXED); }
