// SPDX-License-Identifier: Apache-2.0
#include "CMemcheck.h"
#include <string.h>

#if defined(__has_include)
#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#define HAS_MEMCHECK 1
#endif
#endif

void zk_classify(void *p, size_t count);
void zk_declassify(void *p, size_t count, uint32_t reason);

static struct memcheck_declassified declassified[MEMCHECK_REASONS];

struct memcheck_declassified memcheck_get_declassified(uint32_t reason) {
    return declassified[reason % MEMCHECK_REASONS];
}

void memcheck_reset_declassified(void) {
    memset(declassified, 0, sizeof declassified);
}

int memcheck_sees_avx512(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512f") != 0;
#else
    return 0;
#endif
}

#ifdef HAS_MEMCHECK

int memcheck_is_running(void) {
    return RUNNING_ON_VALGRIND != 0;
}

size_t memcheck_error_count(void) {
    return VALGRIND_COUNT_ERRORS;
}

void memcheck_log(const char *line) {
    VALGRIND_PRINTF("%s\n", line);
}

size_t memcheck_known_words(const void *p, size_t count) {
    const unsigned char *bytes = p;
    size_t known = 0;
    while (count > 0) {
        size_t part = count < 8 ? count : 8;
        uint64_t secret_bits = 0;
        if (VALGRIND_GET_VBITS(bytes, &secret_bits, part) != 1) return SIZE_MAX;
        known += secret_bits == 0;
        bytes += part;
        count -= part;
    }
    return known;
}

void zk_classify(void *p, size_t count) {
    (void)VALGRIND_MAKE_MEM_UNDEFINED(p, count);
}

void zk_declassify(void *p, size_t count, uint32_t reason) {
    if (!RUNNING_ON_VALGRIND) return;
    struct memcheck_declassified *entry = &declassified[reason % MEMCHECK_REASONS];
    entry->calls += 1;
    entry->known_words += memcheck_known_words(p, count);
    (void)VALGRIND_MAKE_MEM_DEFINED(p, count);
}

#else

int memcheck_is_running(void) { return 0; }
size_t memcheck_error_count(void) { return 0; }
void memcheck_log(const char *line) { (void)line; }
size_t memcheck_known_words(const void *p, size_t count) { (void)p; (void)count; return SIZE_MAX; }
void zk_classify(void *p, size_t count) { (void)p; (void)count; }
void zk_declassify(void *p, size_t count, uint32_t reason) { (void)p; (void)count; (void)reason; }

#endif

// Volatile, so that the compiler can neither remove the branch nor turn it into a mask.
static volatile uint64_t sink;

uint64_t memcheck_leak_branch(const uint64_t *secret) {
    if (*secret & 1) sink = 1;
    return *secret & 1;
}

uint64_t memcheck_leak_address(const uint64_t *secret, const uint64_t *table) {
    return ((const volatile uint64_t *)table)[*secret & 255];
}

uint64_t memcheck_clean(const uint64_t *secret) {
    return *secret & 1;
}
