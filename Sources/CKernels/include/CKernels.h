// SPDX-License-Identifier: Apache-2.0
// The C that Swift cannot express: wiping that is never optimised away and value barriers for masks.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "Kernels25519.h"

/// Overwrites `count` bytes at `p` with zeros; the compiler may not remove it.
void zk_wipe(void *p, size_t count);

/// Fills `count` bytes at `p` from getrandom(2), repeating interrupted calls. 0, or -1 if the system has no random numbers.
int zk_system_random(void *p, size_t count);

/// Says that `count` bytes at `p` are secret from here on. Does nothing, except in the program that checks constant time.
void zk_classify(void *p, size_t count);

/// Says that `count` bytes at `p`, computed from secrets, are public from here on, for `reason` (`Declassification` in Secrets). Does
/// nothing, except in the program that checks constant time.
void zk_declassify(void *p, size_t count, uint32_t reason);

// Forces the file system of an open file to the disk (syncfs(2)): 0, or -1 with errno set.
int zk_sync_filesystem(int descriptor);

/// Returns `x`; the compiler must forget what it knew about the value, so a mask stays a mask.
static inline uint64_t zk_barrier(uint64_t x) {
    __asm__("" : "+r"(x));
    return x;
}

/// Folds calendars: `sums[d] +=` the sum of the weights of the rows with `first_day <= d < end_day`, for every day `d`.
///
/// - `sums`: three little-endian limbs for each of `days` days, modulo 2^192: up to 2^63 rows cannot overflow.
/// - `first_day`, `end_day`: secret, `first_day[i] <= end_day[i]`. A value of `days` or more is after the last day.
/// - `weights`: two little-endian limbs for each row, public.
/// - `scratch`: `zk_calendar_fold_scratch(days)` words, full of secrets afterwards.
///
/// Timing: depends on `days` and `rows` only: what is compared, exchanged and added when is fixed, and exchanges are masked.
void zk_calendar_fold(
    uint64_t *sums, size_t days, const uint32_t *first_day, const uint32_t *end_day, const uint64_t *weights, size_t rows,
    uint64_t *scratch);
/// The words of scratch memory that `zk_calendar_fold` needs.
size_t zk_calendar_fold_scratch(size_t days);
/// For each of `flags` secret bits: `sums[flag] += sum of weights[row] over the rows whose bit is set`, constant time in the bits.
///
/// sums: 3 limbs for each flag, little-endian. bits: rows * words_per_row words, bit f of a row in word f / 64 (f < 64 * words_per_row).
/// weights: 2 limbs for each row, public. No overflow for up to 2^32 rows.
void zk_flag_fold(uint64_t *sums, size_t flags, const uint64_t *bits, size_t words_per_row, const uint64_t *weights, size_t rows);

/// The value of ZKCONSENT_KERNEL when it was first asked for, or NULL. Which kernels exist is for `Kernel` (Groups) to say.
const char *zk_forced_kernel(void);
/// Whether the vector kernels for hashing are in use: the processor has the kernels (zk_ifma_available), ZKCONSENT_KERNEL is not `portable`, and
/// no thread has suspended them.
int zk_vector_hashing(void);
/// Stops the use of the vector kernels for hashing in the whole process until every suspension is resumed. For benchmarks and tests.
void zk_suspend_vector_hashing(void);
/// Takes back one suspension.
void zk_resume_vector_hashing(void);
/// `sums[column] += sum of weights[row] * rows[row][column]`, public data.
///
/// sums: columns * 7 limbs, little-endian. records: 32 little-endian bytes for each value, the first column of a record `record_bytes` bytes after that
/// of the one before, at any alignment. weights: the lower two of `weight_limbs` limbs each. No overflow for fewer than 2^64 records.
void zk_weighted_columns(
    uint64_t *sums, size_t columns, const uint8_t *records, size_t record_bytes, const uint64_t *weights, size_t weight_limbs,
    size_t count);
/// `sum += sum of weights[row] * scalars[row]` as integers, constant time in the scalars: 4 limbs each, below 2^255. weights: 2 limbs each, public.
/// No overflow for up to 2^64 rows.
void zk_scalar_fold(uint64_t sum[7], const uint64_t *scalars, const uint64_t *weights, size_t rows);

/// Whether this process uses the AVX-512 kernels: the processor has F, BW, VL and IFMA, and ZKCONSENT_KERNEL is not `portable`.
int zk_kernel_has_avx512(void);

// MARK: Hashing, public data

/// SHA-256 of `count` consecutive records of `record_count` bytes, each after `prefix_count` (0 or 1) bytes `prefix`, into 32 bytes each: sixteen at
/// a time with AVX-512. A call costs as much for one record as for sixteen. Returns 0, and writes nothing, where the kernel is not in use.
int zk_sha256_x16(const uint8_t *records, size_t record_count, size_t count, uint8_t prefix, size_t prefix_count, uint8_t *hashes);

/// `out_count` bytes of SHAKE128 for each of `count` consecutive messages of `message_count` bytes, eight at a time with AVX-512. All
/// continue one input: `start` is the state after its complete blocks, with `position` (below 168) bytes of the next block absorbed.
/// Returns 0, and writes nothing, where the kernel is not in use.
int zk_shake128_x8(
    const uint64_t start[25], size_t position, const uint8_t *messages, size_t message_count, size_t count, uint8_t *out, size_t out_count);
/// Removes a folder and everything in it: 0, or -1 if something is left. Symbolic links are removed, not followed. Async-signal-safe. Files that
/// others add meanwhile are tried again a few times.
int zk_remove_folder(const char *path);
/// The C compiler that built the kernels, for benchmark results.
const char *zk_compiler(void);
/// The processors that a thread (0: the caller) may run on, as a bit mask of `count` bytes: 0, or -1 with errno set.
int zk_get_affinity(int thread, uint64_t *mask, size_t count);
/// The number of processors that the calling thread may run on, at least 1 and at most what `zk_quota_cores` said at the start.
int zk_available_cores(void);
/// The same, at most the thread's limit.
int zk_core_count(void);
/// How many processors' time the control groups in the file `membership` allow (as /proc/self/cgroup, version 2, mounted at `mount`), rounded up; 0 for any.
int zk_quota_cores(const char *membership, const char *mount);
/// Sets the calling thread's limit for `zk_core_count`, 0 for none; returns the one before.
int zk_limit_cores(int limit);
/// Restricts a thread (0: the caller) to the processors of a bit mask of `count` bytes: 0, or -1 with errno set.
int zk_set_affinity(int thread, const uint64_t *mask, size_t count);
/// Nanoseconds of processor time of the calling thread.
uint64_t zk_thread_time(void);
/// Runs `body`, which must not return, on a new thread of ordinary priority that receives no asynchronous signals; 0, or an error number.
int zk_start_thread(void (*body)(void));
/// Waits a fraction of a microsecond for other threads; in every sixteenth round others may have the processor.
void zk_spin(unsigned round);
/// Sleeps for 50 microseconds.
void zk_nap(void);
/// Gives freed memory back to the system, so that a later maximum counts what is in use.
void zk_release_memory(void);
/// Makes one heap of large pages for all threads, which keeps what is freed: memory that is fresh from the system is cleared by it, page by page.
void zk_prepare_heap(void);
