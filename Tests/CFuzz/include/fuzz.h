// SPDX-License-Identifier: Apache-2.0
// libFuzzer's driver, from the compiler's run-time library. `-sanitize=fuzzer` links it.
#ifndef ZK_FUZZ_H
#define ZK_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*callback)(const uint8_t *data, size_t size));

#endif
