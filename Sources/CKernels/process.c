// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CKernels.h"
#include <limits.h>
#include <malloc.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

const char *zk_compiler(void) { return __VERSION__; }

int zk_get_affinity(int thread, uint64_t *mask, size_t count) { return sched_getaffinity(thread, count, (cpu_set_t *)mask); }

/// The most processors that `zk_core_count` answers to this thread; 0 for any number.
static _Thread_local int core_limit;

int zk_core_count(void) {
    if (core_limit == 1) return 1;
    cpu_set_t set;
    const int count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    return core_limit > 0 && core_limit < count ? core_limit : count;
}

int zk_limit_cores(int limit) {
    const int before = core_limit;
    core_limit = limit;
    return before;
}

int zk_set_affinity(int thread, const uint64_t *mask, size_t count) { return sched_setaffinity(thread, count, (const cpu_set_t *)mask); }

void zk_yield(void) { sched_yield(); }

void zk_release_memory(void) { malloc_trim(0); }

void zk_prepare_heap(void) {
#ifdef __GLIBC__
    // One heap, which grows and never shrinks, instead of one for each thread and a mapping for each large block.
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_MMAP_MAX, 0);
    mallopt(M_TRIM_THRESHOLD, INT_MAX);
    const size_t page = (size_t)sysconf(_SC_PAGESIZE), reserve = (size_t)1 << 30;
    char *const start = malloc(reserve);
    if (start == NULL) return;
    madvise(start + (page - (uintptr_t)start % page), reserve - page, MADV_HUGEPAGE);
    free(start);
#endif
}
