// SPDX-License-Identifier: Apache-2.0
#include "Kernels25519.h"

int zk_ifma_available(void) {
#if defined(__x86_64__)
    // The compiler's run-time also asks the system whether it saves the wide registers.
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")
        && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512ifma") && __builtin_cpu_supports("bmi2");
#else
    return 0;
#endif
}
