// SPDX-License-Identifier: Apache-2.0
// Which kernels this process uses: the best that the processor has, or the one that ZKCONSENT_KERNEL names.
#include "CKernels.h"
#include <stdlib.h>
#include <string.h>

static int detect_avx512(void) {
#if defined(__x86_64__)
    const char *forced = getenv("ZKCONSENT_KERNEL");
    if (forced != NULL && strcmp(forced, "portable") == 0) return 0;
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512ifma");
#else
    return 0;
#endif
}

int zk_kernel_has_avx512(void) {
    // 0: not looked up; 1: no; 2: yes. Threads that look it up at once find the same.
    static int known;
    int value = __atomic_load_n(&known, __ATOMIC_RELAXED);
    if (value == 0) {
        value = detect_avx512() ? 2 : 1;
        __atomic_store_n(&known, value, __ATOMIC_RELAXED);
    }
    return value == 2;
}
