// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CKernels.h"
#include <malloc.h>
#include <sched.h>

const char *zk_compiler(void) { return __VERSION__; }

int zk_get_affinity(int thread, uint64_t *mask, size_t count) { return sched_getaffinity(thread, count, (cpu_set_t *)mask); }

int zk_core_count(void) {
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

int zk_set_affinity(int thread, const uint64_t *mask, size_t count) { return sched_setaffinity(thread, count, (const cpu_set_t *)mask); }

void zk_release_memory(void) { malloc_trim(0); }
