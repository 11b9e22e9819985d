// SPDX-License-Identifier: Apache-2.0
// The C that Swift cannot express: wiping that is never optimised away and value barriers for masks.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Overwrites `count` bytes at `p` with zeros; the compiler may not remove it.
void zk_wipe(void *p, size_t count);

/// Fills `count` bytes at `p` from getrandom(2), repeating interrupted calls. 0, or -1 if the system has no random numbers.
int zk_system_random(void *p, size_t count);

/// Returns `x`; the compiler must forget what it knew about the value, so a mask stays a mask.
static inline uint64_t zk_barrier(uint64_t x) {
    __asm__("" : "+r"(x));
    return x;
}
