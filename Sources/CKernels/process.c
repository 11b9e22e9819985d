// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CKernels.h"
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

const char *zk_compiler(void) { return __VERSION__; }

int zk_get_affinity(int thread, uint64_t *mask, size_t count) { return sched_getaffinity(thread, count, (cpu_set_t *)mask); }

/// The most processors that `zk_core_count` answers to this thread; 0 for any number.
static _Thread_local int core_limit;

/// What `zk_quota_cores` said when it was first asked.
static int quota;
static pthread_once_t quota_is_read = PTHREAD_ONCE_INIT;

static void read_quota(void) { quota = zk_quota_cores("/proc/self/cgroup", "/sys/fs/cgroup"); }

int zk_available_cores(void) {
    pthread_once(&quota_is_read, read_quota);
    cpu_set_t set;
    const int count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    return quota > 0 && quota < count ? quota : count;
}

int zk_core_count(void) {
    if (core_limit == 1) return 1;
    const int count = zk_available_cores();
    return core_limit > 0 && core_limit < count ? core_limit : count;
}

int zk_limit_cores(int limit) {
    const int before = core_limit;
    core_limit = limit;
    return before;
}

int zk_set_affinity(int thread, const uint64_t *mask, size_t count) { return sched_setaffinity(thread, count, (const cpu_set_t *)mask); }

uint64_t zk_thread_time(void) {
    struct timespec now = {0};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void *thread_body(void *body) {
    ((void (*)(void))body)();
    return NULL;
}

int zk_start_thread(void (*body)(void)) {
    // A crash is reported from the thread that crashes.
    static const int synchronous[] = {SIGILL, SIGTRAP, SIGFPE, SIGBUS, SIGSEGV, SIGSYS, SIGPROF};
    sigset_t blocked, before;
    sigfillset(&blocked);
    for (size_t i = 0; i < sizeof synchronous / sizeof *synchronous; i++) sigdelset(&blocked, synchronous[i]);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    // It outlives the loop of a thread of high priority that makes it.
    pthread_attr_setinheritsched(&attributes, PTHREAD_EXPLICIT_SCHED);
    pthread_attr_setschedpolicy(&attributes, SCHED_OTHER);
    pthread_t thread;
    pthread_sigmask(SIG_SETMASK, &blocked, &before);
    const int error = pthread_create(&thread, &attributes, thread_body, (void *)body);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return error;
}

void zk_spin(unsigned round) {
    for (int i = 0; i < 4; i++) {
#if defined(__x86_64__)
        __builtin_ia32_pause();
#elif defined(__aarch64__)
        __asm__ volatile("isb" ::: "memory");
#endif
    }
    if (round % 16 == 15) sched_yield();
}

void zk_nap(void) {
    const struct timespec pause = {.tv_nsec = 50000};
    nanosleep(&pause, NULL);
}

#ifdef __GLIBC__
static int is_prepared;

static int is_unlimited(int resource) {
    struct rlimit limit;
    return getrlimit(resource, &limit) == 0 && limit.rlim_cur == RLIM_INFINITY;
}

/// Lets the heap begin with address space that becomes large pages where it is used. Not where address space is scarce, nor where large pages are
/// larger than 2 MB.
static void reserve_large_pages(void) {
    const size_t page = 4096, reserve = (size_t)1 << 30;
    if (sysconf(_SC_PAGESIZE) != (long)page || !is_unlimited(RLIMIT_AS) || !is_unlimited(RLIMIT_DATA)) return;
    char *const start = malloc(reserve);
    if (start == NULL) return;
    madvise(start + (page - (uintptr_t)start % page), reserve - page, MADV_HUGEPAGE);
    free(start);
}

void zk_prepare_heap(void) {
    // One heap, which never shrinks, instead of one for each thread and a mapping for each large block.
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_MMAP_MAX, 0);
    mallopt(M_TRIM_THRESHOLD, -1);
    is_prepared = 1;
    reserve_large_pages();
}

void zk_release_memory(void) {
    malloc_trim(0);
    if (is_prepared) reserve_large_pages();
}
#else
void zk_prepare_heap(void) {}

void zk_release_memory(void) {}
#endif
