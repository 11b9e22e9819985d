// SPDX-License-Identifier: Apache-2.0
// Valgrind's memcheck as a checker of constant time: secret memory is memory whose value is undefined.
// Also replaces zk_classify and zk_declassify of CKernels, in the one program that links this.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Whether this was compiled with valgrind's headers and runs under valgrind.
int memcheck_is_running(void);
/// Whether AVX-512 code would be chosen by run-time dispatch here.
int memcheck_sees_avx512(void);
/// The number of errors that memcheck has found since the start.
size_t memcheck_error_count(void);
/// Writes a line to valgrind's log.
void memcheck_log(const char *line);
/// The number of 8-byte words at `p` (the last may be shorter) of which not one bit is secret. Reports no error.
size_t memcheck_known_words(const void *p, size_t count);

/// What was declassified since the last reset, for one reason.
struct memcheck_declassified {
    uint64_t calls;
    /// Words of which not one bit was secret: nothing was checked there.
    uint64_t known_words;
};
enum { MEMCHECK_REASONS = 64 };
struct memcheck_declassified memcheck_get_declassified(uint32_t reason);
void memcheck_reset_declassified(void);

/// A mistake on purpose: a branch that depends on the value.
uint64_t memcheck_leak_branch(const uint64_t *secret);
/// A mistake on purpose: an address that depends on the value, in `table` of 256 words.
uint64_t memcheck_leak_address(const uint64_t *secret, const uint64_t *table);
/// What `memcheck_leak_branch` computes, without the mistake.
uint64_t memcheck_clean(const uint64_t *secret);
